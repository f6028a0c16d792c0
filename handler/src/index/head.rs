//! The head: the root of the index, which is set last.

use super::leaf::FORMAT;
use super::series::Series;
use crate::error::ReadError;
use crate::key::Key;
use crate::record;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

/// What the value of `head` says.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Head {
    /// When it was written, in seconds since 1970.
    pub(super) written: i64,
    /// Whether documents may be missing, for they are still being put.
    pub(super) is_rebuilding: bool,
    pub(super) posts: Series,
    pub(super) drafts: Series,
    pub(super) pages: Series,
    pub(super) tags: Series,
}

/// The index as one head describes it. The methods stand with the answers they give.
#[derive(Debug, Clone, Default)]
pub struct Index {
    head: Head,
}

/// Whether it is a whole head of a format before this one: a version, a checksum, content.
fn is_old(value: &[u8]) -> bool {
    let split = value.split_at_checked(record::CONTENT_AT);
    split.is_some_and(|(head, content)| head[1..] == xxh3_64(content).to_be_bytes())
}

impl Index {
    /// The index of the value under `head`, for readers.
    pub fn open(value: Option<&[u8]>) -> Result<Self, ReadError> {
        let index = Self::open_to_write(value)?;
        match index.head.is_rebuilding {
            true => Err(ReadError::IndexOutdated),
            false => Ok(index),
        }
    }

    /// The same for publishers, who write on one that is being rebuilt, too.
    pub fn open_to_write(value: Option<&[u8]>) -> Result<Self, ReadError> {
        let Some(value) = value else {
            return Ok(Self::default());
        };
        let key = Key::Head.to_string();
        match value.first() {
            Some(1..FORMAT) if is_old(value) => Err(ReadError::IndexOutdated),
            Some(1..FORMAT) => Err(ReadError::Damaged { key }),
            _ => Ok(Self::of_head(record::decode(FORMAT, &key, value)?)),
        }
    }

    /// An index without documents, all of which are going to be put.
    pub fn rebuilding() -> Self {
        Self::of_head(Head {
            is_rebuilding: true,
            ..Head::default()
        })
    }

    /// The index that is no longer being rebuilt.
    #[must_use]
    pub fn completed(mut self) -> Self {
        self.head.is_rebuilding = false;
        self
    }

    pub fn is_rebuilding(&self) -> bool {
        self.head.is_rebuilding
    }

    /// The value of `head`.
    pub fn encode(&self) -> Vec<u8> {
        record::encode(FORMAT, &self.head)
    }

    /// When the index was last written, in seconds since 1970.
    pub fn written(&self) -> i64 {
        self.head.written
    }

    pub(super) fn of_head(head: Head) -> Self {
        Self { head }
    }

    pub(super) fn head(&self) -> &Head {
        &self.head
    }
}
