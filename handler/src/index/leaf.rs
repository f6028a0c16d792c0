//! A leaf: some items of a list, in order, as one value of the store.

use super::item::Item;
use super::leaf_ref::{LeafRef, ListId};
use crate::error::ReadError;
use crate::record;
use crate::store::Store;

/// The version of the index's format. Formats 1 and 2 were trees of nodes named by hashes, and
/// `head` had another layout in format 3; what they say is rebuilt from the documents.
pub(super) const FORMAT: u8 = 4;

/// The bytes of a leaf, checked.
pub(super) struct Leaf {
    key: String,
    record: Vec<u8>,
}

impl Leaf {
    pub(super) fn encode(items: &[Item<'_>]) -> Vec<u8> {
        record::encode_with(FORMAT, |mut bytes| {
            for item in items {
                bytes = postcard::to_extend(item, bytes)
                    .expect("items are plain data, which postcard always encodes");
            }
            bytes
        })
    }

    /// Checks what was found under a leaf's key.
    pub(super) fn check(key: String, value: Option<Vec<u8>>) -> Result<Self, ReadError> {
        let record = value.ok_or_else(|| ReadError::damaged(&key))?;
        record::open(FORMAT, &key, &record)?;
        Ok(Self { key, record })
    }

    /// Tells it from other contents of the same leaf.
    pub(super) fn sum(record: &[u8]) -> u32 {
        record::checksum(record) as u32
    }

    pub(super) fn stored_sum(&self) -> u32 {
        Self::sum(&self.record)
    }

    /// The items one by one, borrowed from the leaf.
    pub(super) fn items(&self) -> impl Iterator<Item = Result<Item<'_>, ReadError>> {
        let mut rest = &self.record[record::CONTENT_AT..];
        std::iter::from_fn(move || {
            if rest.is_empty() {
                return None;
            }
            let taken = postcard::take_from_bytes(rest);
            rest = taken.as_ref().map_or(&[], |(_, after)| after);
            let item = taken.map(|(item, _)| item).ok();
            Some(item.ok_or_else(|| self.damaged()))
        })
    }

    pub(super) fn damaged(&self) -> ReadError {
        ReadError::damaged(&self.key)
    }
}

/// Reads leaves of a list in one round trip, or in none if there are none to read.
pub(super) fn fetch(
    store: &impl Store,
    list: ListId<'_>,
    leaves: &[LeafRef],
) -> Result<Vec<Leaf>, ReadError> {
    if leaves.is_empty() {
        return Ok(Vec::new());
    }
    let keys: Vec<String> = leaves.iter().map(|leaf| list.key(leaf)).collect();
    let found = store.get_many(&keys)?;
    let leaves = keys.into_iter().zip(found);
    leaves.map(|(key, value)| Leaf::check(key, value)).collect()
}
