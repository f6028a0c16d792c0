//! A store in memory that counts what it is asked: the store of the native tests.

use super::{KeyPage, Store, StoreError};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

/// A [`Store`] over a map, with the meters that cost tests read.
#[derive(Debug, Default)]
pub struct MemoryStore {
    values: RefCell<BTreeMap<String, Vec<u8>>>,
    round_trips: Cell<usize>,
    bytes_read: Cell<usize>,
    keys_written: Cell<usize>,
}

impl MemoryStore {
    /// Round trips, bytes read and keys written (or deleted) since the last call.
    pub fn take_costs(&self) -> Costs {
        Costs {
            round_trips: self.round_trips.take(),
            bytes_read: self.bytes_read.take(),
            keys_written: self.keys_written.take(),
        }
    }

    fn count_round_trip(&self) {
        self.round_trips.set(self.round_trips.get() + 1);
    }
}

/// What a piece of work cost the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Costs {
    /// Calls of any method.
    pub round_trips: usize,
    /// Bytes of the values that `get_many` returned; keys are not counted.
    pub bytes_read: usize,
    /// Keys set or deleted.
    pub keys_written: usize,
}

impl Store for MemoryStore {
    fn get_many(&self, keys: &[String]) -> Result<Vec<Option<Vec<u8>>>, StoreError> {
        self.count_round_trip();
        let values = self.values.borrow();
        let found: Vec<_> = keys.iter().map(|key| values.get(key).cloned()).collect();
        let bytes: usize = found.iter().flatten().map(Vec::len).sum();
        self.bytes_read.set(self.bytes_read.get() + bytes);
        Ok(found)
    }

    fn set_many(&self, entries: &[(String, Vec<u8>)]) -> Result<(), StoreError> {
        self.count_round_trip();
        self.keys_written
            .set(self.keys_written.get() + entries.len());
        self.values.borrow_mut().extend(entries.iter().cloned());
        Ok(())
    }

    fn delete_many(&self, keys: &[String]) -> Result<(), StoreError> {
        self.count_round_trip();
        self.keys_written.set(self.keys_written.get() + keys.len());
        let mut values = self.values.borrow_mut();
        for key in keys {
            values.remove(key);
        }
        Ok(())
    }

    fn list_keys(&self, _cursor: Option<String>) -> Result<KeyPage, StoreError> {
        self.count_round_trip();
        let keys = self.values.borrow().keys().cloned().collect();
        Ok(KeyPage { keys, cursor: None })
    }
}
