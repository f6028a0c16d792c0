//! `wasi:keyvalue@0.2.0-draft2`, as Spin and Akamai Functions offer it.

use wasmtime::component::Resource;

use super::Pair;
use super::interface::{Bucket, Failure, Fallible, View};
use crate::bindings::wasi::keyvalue::store::{Error, KeyResponse};
use crate::bindings::wasi::keyvalue::{batch, store};

impl store::Host for View<'_> {
    async fn open(&mut self, identifier: String) -> Fallible<Resource<Bucket>> {
        View::open(self, &identifier)
    }

    fn convert_error(&mut self, failure: Failure) -> wasmtime::Result<Error> {
        match failure {
            Failure::NoSuchStore => Ok(Error::NoSuchStore),
            Failure::AccessDenied => Ok(Error::AccessDenied),
            Failure::Other(reason) => Ok(Error::Other(reason)),
            Failure::Trap(error) => Err(error),
        }
    }
}

impl store::HostBucket for View<'_> {
    async fn get(&mut self, bucket: Resource<Bucket>, key: String) -> Fallible<Option<Vec<u8>>> {
        View::get(self, &bucket, key).await
    }

    async fn set(&mut self, bucket: Resource<Bucket>, key: String, value: Vec<u8>) -> Fallible<()> {
        View::set_many(self, &bucket, vec![(key, value)]).await
    }

    async fn delete(&mut self, bucket: Resource<Bucket>, key: String) -> Fallible<()> {
        View::delete_many(self, &bucket, &[key]).await
    }

    async fn exists(&mut self, bucket: Resource<Bucket>, key: String) -> Fallible<bool> {
        View::exists(self, &bucket, &key).await
    }

    async fn list_keys(
        &mut self,
        bucket: Resource<Bucket>,
        cursor: Option<String>,
    ) -> Fallible<KeyResponse> {
        let page = View::list_keys(self, &bucket, cursor.as_deref()).await?;
        Ok(KeyResponse {
            keys: page.keys,
            cursor: page.cursor,
        })
    }

    async fn drop(&mut self, bucket: Resource<Bucket>) -> wasmtime::Result<()> {
        self.close(bucket)
    }
}

impl batch::Host for View<'_> {
    async fn get_many(
        &mut self,
        bucket: Resource<Bucket>,
        keys: Vec<String>,
    ) -> Fallible<Vec<(String, Option<Vec<u8>>)>> {
        let values = View::get_many(self, &bucket, &keys).await?;
        Ok(keys.into_iter().zip(values).collect())
    }

    async fn set_many(&mut self, bucket: Resource<Bucket>, pairs: Vec<Pair>) -> Fallible<()> {
        View::set_many(self, &bucket, pairs).await
    }

    async fn delete_many(&mut self, bucket: Resource<Bucket>, keys: Vec<String>) -> Fallible<()> {
        View::delete_many(self, &bucket, &keys).await
    }
}
