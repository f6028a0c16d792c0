//! The interfaces under which components reach their stores: `wasi:keyvalue@0.2.0-draft2` and
//! `fermyon:spin/key-value@2.0.0`, as Spin and Akamai Functions offer them, and
//! `wasi:keyvalue@0.2.0-draft`, as `wasmtime serve` and wasmCloud do. All are without atomics: no
//! backend increments.

use wasmtime::component::Resource;

use super::Pair;
use super::interface::{Bucket, Failure, Fallible, View};
use crate::bindings::draft::wasi::keyvalue as draft;
use crate::bindings::fermyon::spin::key_value as spin;
use crate::bindings::wasi::keyvalue as draft2;

/// Turns a failure into the error of an interface.
macro_rules! convert_error {
    ($Error:ty) => {
        fn convert_error(&mut self, failure: Failure) -> wasmtime::Result<$Error> {
            match failure {
                Failure::NoSuchStore => Ok(<$Error>::NoSuchStore),
                Failure::AccessDenied => Ok(<$Error>::AccessDenied),
                Failure::Other(reason) => Ok(<$Error>::Other(reason)),
                Failure::Trap(error) => Err(error),
            }
        }
    };
}

/// The calls to an open store that have the same form in all interfaces.
macro_rules! calls_of_one_key {
    () => {
        async fn get(&mut self, store: Resource<Bucket>, key: String) -> Fallible<Option<Vec<u8>>> {
            View::get(self, &store, key).await
        }

        async fn set(
            &mut self,
            store: Resource<Bucket>,
            key: String,
            value: Vec<u8>,
        ) -> Fallible<()> {
            View::set_many(self, &store, vec![(key, value)]).await
        }

        async fn delete(&mut self, store: Resource<Bucket>, key: String) -> Fallible<()> {
            View::delete_many(self, &store, &[key]).await
        }

        async fn exists(&mut self, store: Resource<Bucket>, key: String) -> Fallible<bool> {
            View::exists(self, &store, &key).await
        }

        async fn drop(&mut self, store: Resource<Bucket>) -> wasmtime::Result<()> {
            self.close(store)
        }
    };
}

/// The calls of `batch`; `$found` makes its answer of a key and what is there, if anything.
macro_rules! calls_of_many_keys {
    ($Found:ty, $found:expr) => {
        async fn get_many(
            &mut self,
            store: Resource<Bucket>,
            keys: Vec<String>,
        ) -> Fallible<Vec<$Found>> {
            let values = View::get_many(self, &store, &keys).await?;
            Ok(keys.into_iter().zip(values).map($found).collect())
        }

        async fn set_many(&mut self, store: Resource<Bucket>, pairs: Vec<Pair>) -> Fallible<()> {
            View::set_many(self, &store, pairs).await
        }

        async fn delete_many(
            &mut self,
            store: Resource<Bucket>,
            keys: Vec<String>,
        ) -> Fallible<()> {
            View::delete_many(self, &store, &keys).await
        }
    };
}

impl draft2::store::Host for View<'_> {
    convert_error!(draft2::store::Error);

    async fn open(&mut self, name: String) -> Fallible<Resource<Bucket>> {
        View::open(self, &name)
    }
}

impl draft2::store::HostBucket for View<'_> {
    calls_of_one_key!();

    async fn list_keys(
        &mut self,
        store: Resource<Bucket>,
        cursor: Option<String>,
    ) -> Fallible<draft2::store::KeyResponse> {
        let page = View::list_keys(self, &store, cursor.as_deref()).await?;
        let (keys, cursor) = (page.keys, page.cursor);
        Ok(draft2::store::KeyResponse { keys, cursor })
    }
}

impl draft2::batch::Host for View<'_> {
    calls_of_many_keys!((String, Option<Vec<u8>>), |found| found);
}

impl draft::store::Host for View<'_> {
    convert_error!(draft::store::Error);

    /// The empty name is what `wasmtime serve` calls its only store.
    async fn open(&mut self, name: String) -> Fallible<Resource<Bucket>> {
        let first = self.session.grants.stores.first().cloned();
        match (name.as_str(), first) {
            ("", Some(first)) => View::open(self, &first),
            (name, _) => View::open(self, name),
        }
    }
}

impl draft::store::HostBucket for View<'_> {
    calls_of_one_key!();

    /// One page has all keys: a number cannot say where the next one begins.
    async fn list_keys(
        &mut self,
        store: Resource<Bucket>,
        cursor: Option<u64>,
    ) -> Fallible<draft::store::KeyResponse> {
        if let Some(cursor) = cursor {
            return Err(Failure::Other(format!(
                "no page has the cursor {cursor}: the first page is the only one"
            )));
        }
        let (keys, cursor) = (self.list_all_keys(&store).await?, None);
        Ok(draft::store::KeyResponse { keys, cursor })
    }
}

impl draft::batch::Host for View<'_> {
    calls_of_many_keys!(Option<Pair>, |(key, value)| Some((key, value?)));
}

impl spin::Host for View<'_> {
    convert_error!(spin::Error);
}

impl spin::HostStore for View<'_> {
    calls_of_one_key!();

    async fn open(&mut self, name: String) -> Fallible<Resource<Bucket>> {
        View::open(self, &name)
    }

    async fn get_keys(&mut self, store: Resource<Bucket>) -> Fallible<Vec<String>> {
        self.list_all_keys(&store).await
    }
}
