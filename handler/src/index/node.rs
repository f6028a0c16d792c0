//! An immutable node of the index, named by the hash of its bytes, so that a name says what
//! the bytes must be. The first byte is the version of the format; only `head` is not a node.

use super::IndexError;
use crate::store::Store;
use serde::{Deserialize, Serialize};
use std::fmt;
use xxhash_rust::xxh3::xxh3_128;

/// The version of the format that this build writes, and the newest that it reads. In the
/// first, a tag had no posts but those in leaves; everything else was the same.
pub(super) const FORMAT: u8 = 2;

/// The name of a node.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct NodeName([u8; 16]);

impl NodeName {
    fn of(bytes: &[u8]) -> Self {
        NodeName(xxh3_128(bytes).to_be_bytes())
    }

    /// The key of the node in the store.
    pub fn key(self) -> String {
        format!("i/{:032x}", u128::from_be_bytes(self.0))
    }
}

impl fmt::Debug for NodeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.key())
    }
}

/// A node whose bytes are those of its name.
pub(super) struct Node {
    pub(super) name: NodeName,
    pub(super) bytes: Vec<u8>,
}

impl Node {
    /// Encodes `items` back to back behind the format's version.
    pub(super) fn new(items: &[impl Serialize]) -> Self {
        let bytes = items.iter().fold(vec![FORMAT], |bytes, item| {
            postcard::to_extend(item, bytes)
                .expect("items are plain data, which postcard always encodes")
        });
        Node {
            name: NodeName::of(&bytes),
            bytes,
        }
    }

    /// Checks what was found under `name`.
    fn checked(name: NodeName, bytes: Option<Vec<u8>>) -> Result<Self, IndexError> {
        match bytes {
            Some(bytes) if NodeName::of(&bytes) == name => {
                check_format(&bytes)?;
                Ok(Node { name, bytes })
            }
            _ => Err(damaged(name)),
        }
    }

    /// Decodes the items one by one; their strings lie in the node.
    pub(super) fn items<'a, T: Deserialize<'a>>(
        &'a self,
    ) -> impl Iterator<Item = Result<T, IndexError>> {
        let mut rest = &self.bytes[1..];
        std::iter::from_fn(move || {
            if rest.is_empty() {
                return None;
            }
            let taken = postcard::take_from_bytes(rest);
            rest = taken.as_ref().map_or(&[], |(_, after)| after);
            let item = taken.map(|(item, _)| item).ok();
            Some(item.ok_or_else(|| damaged(self.name)))
        })
    }
}

/// Reads the nodes in one round trip, or in none if there are no names.
pub(super) fn fetch(store: &impl Store, names: &[NodeName]) -> Result<Vec<Node>, IndexError> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let keys: Vec<String> = names.iter().map(|name| name.key()).collect();
    let found = store.get_many(&keys)?;
    names
        .iter()
        .zip(found)
        .map(|(name, bytes)| Node::checked(*name, bytes))
        .collect()
}

/// The first byte of a node or head tells whether this build can read the rest.
pub(super) fn check_format(bytes: &[u8]) -> Result<(), IndexError> {
    match bytes.first() {
        Some(&found) if found > FORMAT => Err(IndexError::Newer {
            found,
            known: FORMAT,
        }),
        _ => Ok(()),
    }
}

pub(super) fn damaged(name: NodeName) -> IndexError {
    IndexError::Damaged { node: name.key() }
}
