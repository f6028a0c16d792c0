//! An immutable node of the index, named by the hash of its bytes, so that a name says what
//! the bytes must be. The first byte is the version of the format; only `head` is not a node.

use super::IndexError;
use crate::store::Store;
use serde::{Deserialize, Serialize};
use std::fmt;
use xxhash_rust::xxh3::xxh3_128;

/// The version of the format that this build writes, and the newest that it reads.
pub(super) const FORMAT: u8 = 1;

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
    /// Encodes `content` behind the format's version.
    pub(super) fn new(content: &impl Serialize) -> Self {
        let bytes = postcard::to_extend(content, vec![FORMAT])
            .expect("nodes are plain data, which postcard always encodes");
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

    /// What follows the format's version.
    pub(super) fn content(&self) -> &[u8] {
        &self.bytes[1..]
    }

    /// The content as one value.
    pub(super) fn decode<'a, T: Deserialize<'a>>(&'a self) -> Result<T, IndexError> {
        postcard::from_bytes(self.content()).or(Err(damaged(self.name)))
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
