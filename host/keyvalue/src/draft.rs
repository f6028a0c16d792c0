//! `wasi:keyvalue@0.2.0-draft`, as `wasmtime serve` and wasmCloud offer it.
//!
//! Without atomics: no backend of ours increments.

use wasmtime::component::Resource;

use super::Pair;
use super::interface::{Bucket, Failure, Fallible, View};
use crate::bindings::draft::wasi::keyvalue::store::{Error, KeyResponse};
use crate::bindings::draft::wasi::keyvalue::{batch, store};

impl store::Host for View<'_> {
    /// The empty name is what `wasmtime serve` calls its only store.
    async fn open(&mut self, identifier: String) -> Fallible<Resource<Bucket>> {
        match (
            identifier.as_str(),
            self.session.grants.stores.first().cloned(),
        ) {
            ("", Some(first)) => View::open(self, &first),
            (name, _) => View::open(self, name),
        }
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

    /// One page has all keys: a number cannot say where the next one begins.
    async fn list_keys(
        &mut self,
        bucket: Resource<Bucket>,
        cursor: Option<u64>,
    ) -> Fallible<KeyResponse> {
        if let Some(cursor) = cursor {
            return Err(Failure::Other(format!(
                "no page has the cursor {cursor}: the first page is the only one"
            )));
        }
        let keys = self.list_all_keys(&bucket).await?;
        Ok(KeyResponse { keys, cursor: None })
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
    ) -> Fallible<Vec<Option<Pair>>> {
        let values = View::get_many(self, &bucket, &keys).await?;
        let pairs = keys.into_iter().zip(values);
        Ok(pairs.map(|(key, value)| Some((key, value?))).collect())
    }

    async fn set_many(&mut self, bucket: Resource<Bucket>, pairs: Vec<Pair>) -> Fallible<()> {
        View::set_many(self, &bucket, pairs).await
    }

    async fn delete_many(&mut self, bucket: Resource<Bucket>, keys: Vec<String>) -> Fallible<()> {
        View::delete_many(self, &bucket, &keys).await
    }
}
