//! Key-value stores: where the data of a component lives between its requests.
//!
//! They come under the names of several interfaces, which all lead to what is granted; an
//! interface more is no permission more. What a component sees, with its limits and counters, is
//! in `interface`; a `Backend` holds the bytes of all stores, checks nothing and counts nothing.

mod bindings;
mod budget;
mod grants;
mod interface;
mod interfaces;
mod location;
mod memory;
mod redis;
mod sqlite;
mod variables;

use std::fmt;
use std::path::Path;

use anyhow::{Result, bail};
use tokio::task::yield_now;

use budget::Budget;
pub use grants::Grants;
pub use interface::{Bucket, Failure};
pub use location::Location;
use memory::Memory;
pub use redis::Address;
use redis::Redis;
use sqlite::Sqlite;
pub use variables::Variables;

/// Where the data is.
#[derive(Debug)]
pub enum Backend {
    /// In this process, gone with it.
    Memory(Memory),
    /// In a SQLite file that Spin can open too.
    Sqlite(Sqlite),
    /// In a Redis or Valkey server that Spin and other hosts can use too.
    Redis(Box<Redis>),
}

/// Some keys of a store, in ascending order. Pages of a Redis are in no order, and may have keys
/// in common.
#[derive(Debug)]
pub struct Page {
    /// The keys.
    pub keys: Vec<String>,
    /// Where the next page starts; `None` on the last one.
    pub cursor: Option<String>,
}

/// A value to be set under its key.
pub type Pair = (String, Vec<u8>);

/// Why a store failed and what to do about it, in words that a component may hear: they tell
/// nothing of where it lies.
#[derive(Clone, Copy, Debug)]
pub struct Reason(pub &'static str);

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// How many keys a page has at most.
const PAGE: u32 = 1000;
/// How many bytes of values are read at most before other requests on this thread get their
/// turn. No page of a blog needs more, so each is of one moment.
const PIECE_BYTES: usize = 2 << 20;

/// The file of a store that has to be made.
fn lacking(location: &Location) -> Option<&Path> {
    match location {
        Location::Sqlite(path) if !path.exists() => Some(path),
        _ => None,
    }
}

impl Backend {
    /// Opens what `location` names. What can be read but not written to is opened with a warning.
    pub fn open(location: &Location) -> Result<Self> {
        Ok(match location {
            Location::Memory => Self::Memory(Memory::default()),
            Location::Sqlite(path) => Self::Sqlite(Sqlite::open(path)?),
            Location::Redis(address) => Self::Redis(Box::new(Redis::open(address)?)),
        })
    }

    /// Opens what `location` names and someone has made: who looks for data in a new store has
    /// mistyped its name.
    pub fn find(location: &Location) -> Result<Self> {
        if let Some(path) = lacking(location) {
            bail!(
                "there is no store {}: correct --store or MAYFLY_STORE, or publish something first",
                path.display()
            );
        }
        Self::open(location)
    }

    /// Opens what `location` names, or an empty store in memory in place of one to be made.
    pub fn look(location: &Location) -> Result<Self> {
        match lacking(location) {
            Some(_) => Self::open(&Location::Memory),
            None => Self::open(location),
        }
    }

    /// The values of `keys`, in their order; fails as soon as they need more than `most_bytes`.
    /// Those of the first thousand keys are of one moment, if they are not large.
    pub async fn get_many(
        &self,
        store: &str,
        keys: &[String],
        most_bytes: usize,
    ) -> Result<Vec<Option<Vec<u8>>>> {
        let mut budget = Budget::of(most_bytes);
        let mut values = Vec::with_capacity(keys.len());
        while values.len() < keys.len() {
            if !values.is_empty() {
                yield_now().await;
            }
            let left = &keys[values.len()..];
            let left = &left[..left.len().min(PAGE as usize)];
            values.append(&mut match self {
                Self::Memory(memory) => memory.get_some(store, left, &mut budget)?,
                Self::Sqlite(sqlite) => sqlite.get_some(store, left, &mut budget)?,
                Self::Redis(redis) => redis.get_some(left, &mut budget).await?,
            });
        }
        Ok(values)
    }

    /// Sets all of `pairs` or none; what is set survives a crash, in Redis if it is set up so.
    pub async fn set_many(&self, store: &str, pairs: Vec<Pair>) -> Result<()> {
        match self {
            Self::Memory(memory) => memory.set_many(store, pairs),
            Self::Sqlite(sqlite) => sqlite.set_many(store, &pairs)?,
            Self::Redis(redis) => redis.set_many(&pairs).await?,
        }
        Ok(())
    }

    /// Deletes those of `keys` that exist.
    pub async fn delete_many(&self, store: &str, keys: &[String]) -> Result<()> {
        match self {
            Self::Memory(memory) => memory.delete_many(store, keys),
            Self::Sqlite(sqlite) => sqlite.delete_many(store, keys)?,
            Self::Redis(redis) => redis.delete_many(keys).await?,
        }
        Ok(())
    }

    /// Whether `key` has a value.
    pub async fn exists(&self, store: &str, key: &str) -> Result<bool> {
        match self {
            Self::Memory(memory) => Ok(memory.exists(store, key)),
            Self::Sqlite(sqlite) => sqlite.exists(store, key),
            Self::Redis(redis) => redis.exists(key).await,
        }
    }

    /// All keys in ascending order; fails as soon as they need more than `most_bytes`.
    pub async fn list_all_keys(&self, store: &str, most_bytes: usize) -> Result<Vec<String>> {
        let mut budget = Budget::of(most_bytes);
        let (mut keys, mut cursor) = (Vec::new(), None);
        loop {
            let mut page = self.list_keys(store, cursor.as_deref()).await?;
            page.keys
                .iter()
                .try_for_each(|key| budget.take(key.len()))?;
            keys.append(&mut page.keys);
            cursor = page.cursor;
            if cursor.is_none() {
                break;
            }
            yield_now().await;
        }
        // Pages of some backends have keys in common.
        keys.sort_unstable();
        keys.dedup();
        Ok(keys)
    }

    /// The keys after `cursor`, a page of them.
    pub async fn list_keys(&self, store: &str, cursor: Option<&str>) -> Result<Page> {
        let after = cursor.unwrap_or("");
        let keys = match self {
            Self::Memory(memory) => memory.keys_after(store, after, PAGE),
            Self::Sqlite(sqlite) => sqlite.keys_after(store, after, PAGE)?,
            Self::Redis(redis) => return redis.list_keys(cursor).await,
        };
        let cursor = keys.last().filter(|_| keys.len() == PAGE as usize).cloned();
        Ok(Page { keys, cursor })
    }
}
