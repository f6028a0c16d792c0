//! `wasi:keyvalue` as one component sees it during one request: only the stores that the
//! manifest gives to it, with limits on keys and values, and every round trip counted.

use std::sync::Arc;

use wasmtime::component::{HasData, Resource, ResourceTable};

use super::{Backend, Pair, Reason};
use crate::bindings::wasi::keyvalue::store::{Error, KeyResponse};
use crate::bindings::wasi::keyvalue::{batch, store};
use crate::runtime::Clock;

/// What a request may reach, and what it has used so far.
#[derive(Debug)]
pub struct Session {
    /// Where the data is.
    pub backend: Arc<Backend>,
    /// The stores that may be opened.
    pub stores: Arc<[Arc<str>]>,
    /// What the request used.
    pub used: StoreUse,
}

/// What one request used of its stores. Opening a store is no round trip.
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Serialize)]
pub struct StoreUse {
    /// Calls that went to the backend; a batch is one.
    pub store_round_trips: u32,
    /// Bytes of values read; keys do not count.
    pub store_read_bytes: u64,
    /// Bytes of values written; keys do not count.
    pub store_written_bytes: u64,
    /// Keys set or deleted.
    pub store_keys_written: u32,
}

/// An open store.
#[derive(Debug)]
pub struct Bucket {
    store: Arc<str>,
}

/// A session together with what belongs to the instance.
#[derive(Debug)]
pub struct View<'a> {
    /// What may be reached.
    pub session: &'a mut Session,
    /// Where open buckets are.
    pub table: &'a mut ResourceTable,
    /// Takes the time of round trips.
    pub clock: &'a Clock,
}

/// Names [`View`] to the linker.
#[derive(Debug)]
pub struct KeyValue;

/// Why a call failed: with an answer to the component, or with a trap.
#[derive(Debug)]
pub enum Failure {
    /// The component may go on.
    Answer(Error),
    /// The component broke the rules of the interface.
    Trap(wasmtime::Error),
}

type Fallible<T> = Result<T, Failure>;

/// Cloud hosts take no longer keys and no larger values either.
const KEY_LIMIT_BYTES: usize = 256;
const VALUE_LIMIT_BYTES: usize = 1_000_000;

impl HasData for KeyValue {
    type Data<'a> = View<'a>;
}

impl View<'_> {
    fn store_of(&self, bucket: &Resource<Bucket>) -> Fallible<Arc<str>> {
        match self.table.get(bucket) {
            Ok(bucket) => Ok(Arc::clone(&bucket.store)),
            Err(error) => Err(Failure::Trap(error.into())),
        }
    }

    async fn round_trip<T>(
        &mut self,
        call: impl Future<Output = anyhow::Result<T>>,
    ) -> Fallible<T> {
        self.session.used.store_round_trips += 1;
        self.clock.in_store(call).await.map_err(|error| {
            tracing::error!("{error:#}");
            let reason = error.downcast_ref::<Reason>();
            let told = reason.map_or("the host's log says why", |reason| reason.0);
            Failure::Answer(Error::Other(told.into()))
        })
    }

    async fn read(
        &mut self,
        bucket: Resource<Bucket>,
        keys: &[String],
    ) -> Fallible<Vec<Option<Vec<u8>>>> {
        let store = self.store_of(&bucket)?;
        let backend = Arc::clone(&self.session.backend);
        let values = self.round_trip(backend.get_many(&store, keys)).await?;
        let bytes: usize = values.iter().flatten().map(Vec::len).sum();
        self.session.used.store_read_bytes += bytes as u64;
        Ok(values)
    }

    async fn write(&mut self, bucket: Resource<Bucket>, pairs: Vec<Pair>) -> Fallible<()> {
        let store = self.store_of(&bucket)?;
        pairs.iter().try_for_each(check)?;
        let bytes: usize = pairs.iter().map(|(_, value)| value.len()).sum();
        self.session.used.store_written_bytes += bytes as u64;
        self.session.used.store_keys_written += pairs.len() as u32;
        let backend = Arc::clone(&self.session.backend);
        self.round_trip(backend.set_many(&store, pairs)).await
    }

    async fn remove(&mut self, bucket: Resource<Bucket>, keys: &[String]) -> Fallible<()> {
        let store = self.store_of(&bucket)?;
        self.session.used.store_keys_written += keys.len() as u32;
        let backend = Arc::clone(&self.session.backend);
        self.round_trip(backend.delete_many(&store, keys)).await
    }
}

fn check((key, value): &Pair) -> Fallible<()> {
    let refusal = if key.len() > KEY_LIMIT_BYTES {
        format!(
            "a key has {} bytes, at most {KEY_LIMIT_BYTES} are allowed",
            key.len()
        )
    } else if value.len() > VALUE_LIMIT_BYTES {
        let bytes = value.len();
        format!("the value of {key:?} has {bytes} bytes, at most {VALUE_LIMIT_BYTES} are allowed")
    } else {
        return Ok(());
    };
    Err(Failure::Answer(Error::Other(refusal)))
}

impl store::Host for View<'_> {
    async fn open(&mut self, identifier: String) -> Fallible<Resource<Bucket>> {
        let known = self
            .session
            .stores
            .iter()
            .find(|store| ***store == *identifier);
        let Some(store) = known.cloned() else {
            return Err(Failure::Answer(Error::NoSuchStore));
        };
        let bucket = self.table.push(Bucket { store });
        bucket.map_err(|error| Failure::Trap(error.into()))
    }

    fn convert_error(&mut self, failure: Failure) -> wasmtime::Result<Error> {
        match failure {
            Failure::Answer(error) => Ok(error),
            Failure::Trap(error) => Err(error),
        }
    }
}

impl store::HostBucket for View<'_> {
    async fn get(&mut self, bucket: Resource<Bucket>, key: String) -> Fallible<Option<Vec<u8>>> {
        let mut values = self.read(bucket, &[key]).await?;
        Ok(values.pop().flatten())
    }

    async fn set(&mut self, bucket: Resource<Bucket>, key: String, value: Vec<u8>) -> Fallible<()> {
        self.write(bucket, vec![(key, value)]).await
    }

    async fn delete(&mut self, bucket: Resource<Bucket>, key: String) -> Fallible<()> {
        self.remove(bucket, &[key]).await
    }

    async fn exists(&mut self, bucket: Resource<Bucket>, key: String) -> Fallible<bool> {
        let store = self.store_of(&bucket)?;
        let backend = Arc::clone(&self.session.backend);
        self.round_trip(backend.exists(&store, &key)).await
    }

    async fn list_keys(
        &mut self,
        bucket: Resource<Bucket>,
        cursor: Option<String>,
    ) -> Fallible<KeyResponse> {
        let store = self.store_of(&bucket)?;
        let backend = Arc::clone(&self.session.backend);
        let page = self
            .round_trip(backend.list_keys(&store, cursor.as_deref()))
            .await?;
        Ok(KeyResponse {
            keys: page.keys,
            cursor: page.cursor,
        })
    }

    async fn drop(&mut self, bucket: Resource<Bucket>) -> wasmtime::Result<()> {
        self.table.delete(bucket)?;
        Ok(())
    }
}

impl batch::Host for View<'_> {
    async fn get_many(
        &mut self,
        bucket: Resource<Bucket>,
        keys: Vec<String>,
    ) -> Fallible<Vec<(String, Option<Vec<u8>>)>> {
        let values = self.read(bucket, &keys).await?;
        Ok(keys.into_iter().zip(values).collect())
    }

    async fn set_many(&mut self, bucket: Resource<Bucket>, pairs: Vec<Pair>) -> Fallible<()> {
        self.write(bucket, pairs).await
    }

    async fn delete_many(&mut self, bucket: Resource<Bucket>, keys: Vec<String>) -> Fallible<()> {
        self.remove(bucket, &keys).await
    }
}
