//! What lies between a write of the index and the store: leaves are read several at once and
//! written in groups, so that memory holds a few of them however many a batch touches.

use super::item::Item;
use super::leaf::Leaf;
use super::leaf_ref::LeafRef;
use crate::error::ReadError;
use crate::store::{Store, StoreError};
use std::collections::{BTreeMap, VecDeque};

/// How many leaves one round trip reads.
const READ_AHEAD: usize = 16;
/// How many bytes one round trip writes.
const WRITE_BYTES: usize = 1 << 20;

pub(super) struct LeafBuffer<'s, S> {
    store: &'s S,
    /// Called before each group is written.
    before_write: &'s mut dyn FnMut() -> Result<(), StoreError>,
    /// Whether a leaf that cannot be read counts as empty, for it is going to be rebuilt.
    replaces_damaged: bool,
    /// Whether a leaf was found that is not the one that `head` names.
    pub(super) is_surprised: bool,
    wanted: VecDeque<String>,
    read: BTreeMap<String, Option<Vec<u8>>>,
    writes: Vec<(String, Vec<u8>)>,
    write_bytes: usize,
}

impl<'s, S: Store> LeafBuffer<'s, S> {
    pub(super) fn new(
        store: &'s S,
        replaces_damaged: bool,
        before_write: &'s mut dyn FnMut() -> Result<(), StoreError>,
    ) -> Self {
        Self {
            store,
            before_write,
            replaces_damaged,
            is_surprised: false,
            wanted: VecDeque::new(),
            read: BTreeMap::new(),
            writes: Vec::new(),
            write_bytes: 0,
        }
    }

    /// Says which leaves will be read next, in that order.
    pub(super) fn announce(&mut self, keys: impl IntoIterator<Item = String>) {
        self.wanted.extend(keys);
    }

    /// The items of a leaf, and the checksum of what lies in the store.
    pub(super) fn read(
        &mut self,
        key: &str,
        leaf: &LeafRef,
    ) -> Result<(Vec<Item<'static>>, Option<u32>), ReadError> {
        if !self.read.contains_key(key) {
            self.fetch(key)?;
        }
        let value = self.read.get(key).cloned().flatten();
        let items = Leaf::check(key.to_owned(), value).and_then(|leaf| {
            let items = leaf.items().map(|item| item.map(Item::into_owned));
            Ok((leaf.stored_sum(), items.collect::<Result<Vec<_>, _>>()?))
        });
        match items {
            Ok((sum, items)) => {
                self.is_surprised |= sum != leaf.sum;
                Ok((items, Some(sum)))
            }
            Err(ReadError::Damaged { .. }) if self.replaces_damaged => Ok((Vec::new(), None)),
            Err(error) => Err(error),
        }
    }

    /// Lets go of a leaf that will not be read again.
    pub(super) fn forget(&mut self, key: &str) {
        self.read.remove(key);
    }

    fn fetch(&mut self, key: &str) -> Result<(), ReadError> {
        let mut keys = vec![key.to_owned()];
        while keys.len() < READ_AHEAD
            && let Some(next) = self.wanted.pop_front()
        {
            if !keys.contains(&next) && !self.read.contains_key(&next) {
                keys.push(next);
            }
        }
        let values = self.store.get_many(&keys)?;
        self.read.extend(keys.into_iter().zip(values));
        Ok(())
    }

    /// Writes a leaf, now or with the next ones.
    pub(super) fn write(&mut self, key: String, leaf: Vec<u8>) -> Result<(), StoreError> {
        if self.write_bytes + leaf.len() > WRITE_BYTES {
            self.flush()?;
        }
        self.write_bytes += leaf.len();
        self.writes.push((key, leaf));
        Ok(())
    }

    /// Writes what is left.
    pub(super) fn flush(&mut self) -> Result<(), StoreError> {
        if self.writes.is_empty() {
            return Ok(());
        }
        (self.before_write)()?;
        self.store.set_many(&self.writes)?;
        self.writes.clear();
        self.write_bytes = 0;
        Ok(())
    }
}
