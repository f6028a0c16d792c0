//! Stores as one component sees them during one request: only those that the manifest gives to
//! it, with limits on keys and values, and every round trip counted.
//!
//! All interfaces to the stores, which are in `interfaces`, do what they do through here.

use std::sync::Arc;

use wasmtime::component::{HasData, Resource, ResourceTable};

use super::budget::TooMuch;
use super::{Grants, Page, Pair, Reason};
use instance::{Access, Clock, Extension, Instance, StoreUse};

/// What a request may reach, and what it has used so far.
#[derive(Debug)]
pub struct Session {
    /// What may be reached.
    pub grants: Grants,
    /// Whether it may write, too.
    pub access: Access,
    /// What one call may read at most: the memory limit of the instance.
    pub read_limit_bytes: usize,
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
    /// What the request used.
    pub used: &'a mut StoreUse,
}

/// Names [`View`] to the linker.
#[derive(Debug)]
pub struct KeyValue;

/// Why a call failed. The component gets an answer and may go on, unless it is a trap.
#[derive(Debug)]
pub enum Failure {
    /// The component has no store of this name.
    NoSuchStore,
    /// The component may not write.
    AccessDenied,
    /// The store failed, or the call was refused, for this reason.
    Other(String),
    /// The component broke the rules of the interface.
    Trap(wasmtime::Error),
}

pub(super) type Fallible<T> = Result<T, Failure>;

/// Cloud hosts take no longer keys and no larger values either.
const KEY_LIMIT_BYTES: usize = 256;
pub(super) const VALUE_LIMIT_BYTES: usize = 1_000_000;
/// How many values can be asked for at once: each is looked up, be there a value or not.
const KEYS_LIMIT: usize = 10_000;

impl HasData for KeyValue {
    type Data<'a> = View<'a>;
}

pub(super) fn view(instance: &mut Instance) -> View<'_> {
    let Extension {
        session,
        table,
        clock,
        store_use: used,
    } = instance.extension();
    View {
        session,
        table,
        clock,
        used,
    }
}

impl View<'_> {
    pub(super) fn open(&mut self, name: &str) -> Fallible<Resource<Bucket>> {
        let known = self
            .session
            .grants
            .stores
            .iter()
            .find(|store| ***store == *name);
        let store = known.cloned().ok_or(Failure::NoSuchStore)?;
        let bucket = self.table.push(Bucket { store });
        bucket.map_err(|error| Failure::Trap(error.into()))
    }

    pub(super) fn close(&mut self, bucket: Resource<Bucket>) -> wasmtime::Result<()> {
        self.table.delete(bucket)?;
        Ok(())
    }

    fn store_of(&self, bucket: &Resource<Bucket>) -> Fallible<Arc<str>> {
        match self.table.get(bucket) {
            Ok(bucket) => Ok(Arc::clone(&bucket.store)),
            Err(error) => Err(Failure::Trap(error.into())),
        }
    }

    fn store_to_write(&self, bucket: &Resource<Bucket>) -> Fallible<Arc<str>> {
        match self.session.access {
            Access::ReadOnly => Err(Failure::AccessDenied),
            Access::ReadWrite => self.store_of(bucket),
        }
    }

    async fn round_trip<T>(
        &mut self,
        call: impl Future<Output = anyhow::Result<T>>,
    ) -> Fallible<T> {
        self.used.store_round_trips += 1;
        self.clock.in_store(call).await.map_err(|error| {
            // The component's fault, not the store's.
            if let Some(error) = error.downcast_ref::<TooMuch>() {
                return Failure::Other(error.to_string());
            }
            tracing::error!("{error:#}");
            let reason = error.downcast_ref::<Reason>();
            let told = reason.map_or("the host's log says why", |reason| reason.0);
            Failure::Other(told.to_owned())
        })
    }

    pub(super) async fn get(
        &mut self,
        bucket: &Resource<Bucket>,
        key: String,
    ) -> Fallible<Option<Vec<u8>>> {
        let mut values = self.get_many(bucket, &[key]).await?;
        Ok(values.pop().flatten())
    }

    pub(super) async fn get_many(
        &mut self,
        bucket: &Resource<Bucket>,
        keys: &[String],
    ) -> Fallible<Vec<Option<Vec<u8>>>> {
        let store = self.store_of(bucket)?;
        if keys.len() > KEYS_LIMIT {
            let asked = keys.len();
            return Err(Failure::Other(format!(
                "the call asks for {asked} keys, at most {KEYS_LIMIT} are allowed: ask for fewer at once"
            )));
        }
        let backend = Arc::clone(&self.session.grants.backend);
        let read = backend.get_many(&store, keys, self.session.read_limit_bytes);
        let values = self.round_trip(read).await?;
        let bytes: usize = values.iter().flatten().map(Vec::len).sum();
        self.used.store_read_bytes += bytes as u64;
        Ok(values)
    }

    pub(super) async fn set_many(
        &mut self,
        bucket: &Resource<Bucket>,
        pairs: Vec<Pair>,
    ) -> Fallible<()> {
        let store = self.store_to_write(bucket)?;
        pairs.iter().try_for_each(check)?;
        let bytes: usize = pairs.iter().map(|(_, value)| value.len()).sum();
        self.used.store_written_bytes += bytes as u64;
        self.used.store_keys_written += pairs.len() as u32;
        let backend = Arc::clone(&self.session.grants.backend);
        self.round_trip(backend.set_many(&store, pairs)).await
    }

    pub(super) async fn delete_many(
        &mut self,
        bucket: &Resource<Bucket>,
        keys: &[String],
    ) -> Fallible<()> {
        let store = self.store_to_write(bucket)?;
        self.used.store_keys_written += keys.len() as u32;
        let backend = Arc::clone(&self.session.grants.backend);
        self.round_trip(backend.delete_many(&store, keys)).await
    }

    pub(super) async fn exists(&mut self, bucket: &Resource<Bucket>, key: &str) -> Fallible<bool> {
        let store = self.store_of(bucket)?;
        let backend = Arc::clone(&self.session.grants.backend);
        self.round_trip(backend.exists(&store, key)).await
    }

    pub(super) async fn list_keys(
        &mut self,
        bucket: &Resource<Bucket>,
        cursor: Option<&str>,
    ) -> Fallible<Page> {
        let store = self.store_of(bucket)?;
        let backend = Arc::clone(&self.session.grants.backend);
        self.round_trip(backend.list_keys(&store, cursor)).await
    }

    /// All keys, for interfaces that know no pages or cannot name the next one.
    pub(super) async fn list_all_keys(
        &mut self,
        bucket: &Resource<Bucket>,
    ) -> Fallible<Vec<String>> {
        let store = self.store_of(bucket)?;
        let backend = Arc::clone(&self.session.grants.backend);
        let read = backend.list_all_keys(&store, self.session.read_limit_bytes);
        self.round_trip(read).await
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
    Err(Failure::Other(refusal))
}
