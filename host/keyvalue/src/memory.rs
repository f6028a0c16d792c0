//! Stores in this process: for tests, measurements and a look around.

use std::collections::BTreeMap;
use std::ops::Bound::{Excluded, Unbounded};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::budget::{Budget, TooMuch};
use super::{PIECE_BYTES, Pair};

/// All stores by name, each ordered by key.
#[derive(Debug, Default)]
pub struct Memory(RwLock<Stores>);

type Stores = BTreeMap<String, BTreeMap<String, Vec<u8>>>;

impl Memory {
    pub(super) fn get_some(
        &self,
        store: &str,
        keys: &[String],
        budget: &mut Budget,
    ) -> Result<Vec<Option<Vec<u8>>>, TooMuch> {
        let (stores, before) = (self.read(), budget.used_bytes());
        let store = stores.get(store);
        let mut values = Vec::with_capacity(keys.len());
        for key in keys {
            let value = store.and_then(|store| store.get(key));
            budget.take(value.map_or(0, Vec::len))?;
            values.push(value.cloned());
            if budget.used_bytes() - before >= PIECE_BYTES {
                break;
            }
        }
        Ok(values)
    }

    pub(super) fn set_many(&self, store: &str, pairs: Vec<Pair>) {
        self.write()
            .entry(store.to_owned())
            .or_default()
            .extend(pairs);
    }

    pub(super) fn delete_many(&self, store: &str, keys: &[String]) {
        if let Some(store) = self.write().get_mut(store) {
            for key in keys {
                store.remove(key);
            }
        }
    }

    pub(super) fn exists(&self, store: &str, key: &str) -> bool {
        let stores = self.read();
        stores
            .get(store)
            .is_some_and(|store| store.contains_key(key))
    }

    pub(super) fn keys_after(&self, store: &str, after: &str, limit: u32) -> Vec<String> {
        let stores = self.read();
        let Some(store) = stores.get(store) else {
            return Vec::new();
        };
        let range = store.range::<str, _>((Excluded(after), Unbounded));
        range
            .take(limit as usize)
            .map(|(key, _)| key.clone())
            .collect()
    }

    // No code panics while it holds the lock, and a map is whole between two calls anyway.
    fn read(&self) -> RwLockReadGuard<'_, Stores> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Stores> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}
