//! The head: the one part of the index that is replaced in place, and the root of the rest.

use super::node::{FORMAT, check_format};
use super::series::Series;
use super::tags::ChunkRef;
use super::{Index, IndexError};
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

/// What the value of `head` says behind its version and checksum.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Head {
    pub(super) generation: u64,
    /// When it was written, in seconds since 1970.
    pub(super) written: i64,
    pub(super) posts: Series,
    pub(super) drafts: Series,
    pub(super) pages: Series,
    pub(super) tags: Vec<ChunkRef>,
}

/// The key of the head.
pub const KEY: &str = "head";

const CONTENT_AT: usize = 9;

impl Head {
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut bytes = vec![0; CONTENT_AT];
        bytes = postcard::to_extend(self, bytes)
            .expect("the head is plain data, which postcard always encodes");
        bytes[0] = FORMAT;
        let checksum = xxh3_64(&bytes[CONTENT_AT..]);
        bytes[1..CONTENT_AT].copy_from_slice(&checksum.to_be_bytes());
        bytes
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let content = bytes.get(CONTENT_AT..)?;
        let whole = (1..=FORMAT).contains(&bytes[0])
            && bytes[1..CONTENT_AT] == xxh3_64(content).to_be_bytes();
        postcard::from_bytes(content).ok().filter(|_| whole)
    }
}

impl Index {
    /// The index of a blog without posts.
    pub fn empty() -> Self {
        Index {
            head: Head::default(),
            hash: 0,
        }
    }

    /// Reads the value of `head`.
    pub fn open(bytes: &[u8]) -> Result<Self, IndexError> {
        check_format(bytes)?;
        match Head::decode(bytes) {
            Some(head) => Ok(Index {
                head,
                hash: xxh3_128(bytes),
            }),
            None => Err(IndexError::Damaged {
                node: "head".to_owned(),
            }),
        }
    }

    /// The index of the value under [`KEY`]; an empty one where nothing was published yet.
    pub fn of(head: Option<&[u8]>) -> Result<Self, IndexError> {
        head.map_or_else(|| Ok(Self::empty()), Self::open)
    }

    /// When the index was last moved, in seconds since 1970.
    pub fn written(&self) -> i64 {
        self.head.written
    }

    /// Grows by one with every write; a rebuild counts from the start.
    pub fn generation(&self) -> u64 {
        self.head.generation
    }

    /// Differs whenever the index differs.
    pub fn hash(&self) -> u128 {
        self.hash
    }
}
