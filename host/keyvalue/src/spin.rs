//! `fermyon:spin/key-value@2.0.0`, which Spin offers beside `wasi:keyvalue`.

use wasmtime::component::Resource;

use super::interface::{Bucket, Failure, Fallible, View};
use crate::bindings::fermyon::spin::key_value::{Error, Host, HostStore};

impl Host for View<'_> {
    fn convert_error(&mut self, failure: Failure) -> wasmtime::Result<Error> {
        match failure {
            Failure::NoSuchStore => Ok(Error::NoSuchStore),
            Failure::AccessDenied => Ok(Error::AccessDenied),
            Failure::Other(reason) => Ok(Error::Other(reason)),
            Failure::Trap(error) => Err(error),
        }
    }
}

impl HostStore for View<'_> {
    async fn open(&mut self, label: String) -> Fallible<Resource<Bucket>> {
        View::open(self, &label)
    }

    async fn get(&mut self, store: Resource<Bucket>, key: String) -> Fallible<Option<Vec<u8>>> {
        View::get(self, &store, key).await
    }

    async fn set(&mut self, store: Resource<Bucket>, key: String, value: Vec<u8>) -> Fallible<()> {
        View::set_many(self, &store, vec![(key, value)]).await
    }

    async fn delete(&mut self, store: Resource<Bucket>, key: String) -> Fallible<()> {
        View::delete_many(self, &store, &[key]).await
    }

    async fn exists(&mut self, store: Resource<Bucket>, key: String) -> Fallible<bool> {
        View::exists(self, &store, &key).await
    }

    async fn get_keys(&mut self, store: Resource<Bucket>) -> Fallible<Vec<String>> {
        self.list_all_keys(&store).await
    }

    async fn drop(&mut self, store: Resource<Bucket>) -> wasmtime::Result<()> {
        self.close(store)
    }
}
