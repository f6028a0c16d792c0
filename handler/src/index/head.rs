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
pub(super) struct Head<'a> {
    /// When it was written, in seconds since 1970.
    pub(super) written: i64,
    /// Whether documents may be missing, for they are still being put.
    pub(super) is_rebuilding: bool,
    #[serde(borrow)]
    pub(super) posts: Series<'a>,
    #[serde(borrow)]
    pub(super) drafts: Series<'a>,
    #[serde(borrow)]
    pub(super) pages: Series<'a>,
    #[serde(borrow)]
    pub(super) tags: Series<'a>,
}

/// The index as one head describes it. The methods stand with the answers they give.
#[derive(Debug, Clone)]
pub struct Index {
    /// What lies under `head`: its parts are read where they lie, so that a page needs no memory
    /// for what it does not look at.
    record: Vec<u8>,
    written: i64,
    is_rebuilding: bool,
}

/// Whether it is a whole head of a format before this one: a version, a checksum, content.
fn is_old(value: &[u8]) -> bool {
    let split = value.split_at_checked(record::CONTENT_AT);
    split.is_some_and(|(head, content)| match head[0] {
        1 | 2 => head[1..] == xxh3_64(content).to_be_bytes(),
        3 => head[1..] == record::sum(&[], content),
        _ => false,
    })
}

impl Default for Index {
    fn default() -> Self {
        Self::of_head(&Head::default())
    }
}

impl Index {
    /// The index of the value under `head`, for readers.
    pub fn open(value: Option<Vec<u8>>) -> Result<Self, ReadError> {
        let index = Self::open_to_write(value)?;
        match index.is_rebuilding {
            true => Err(ReadError::IndexOutdated),
            false => Ok(index),
        }
    }

    /// The same for publishers, who write on one that is being rebuilt, too.
    pub fn open_to_write(value: Option<Vec<u8>>) -> Result<Self, ReadError> {
        let Some(record) = value else {
            return Ok(Self::default());
        };
        let key = Key::Head.to_string();
        match record.first() {
            Some(..FORMAT) if is_old(&record) => return Err(ReadError::IndexOutdated),
            Some(..FORMAT) => return Err(ReadError::Damaged { key }),
            _ => {}
        }
        record::open(FORMAT, &key, &record)?;
        let (written, is_rebuilding) = match read(&record) {
            Some(head) => (head.written, head.is_rebuilding),
            None => return Err(ReadError::Damaged { key }),
        };
        Ok(Self {
            record,
            written,
            is_rebuilding,
        })
    }

    /// An index without documents, all of which are going to be put.
    pub fn rebuilding() -> Self {
        Self::of_head(&Head {
            is_rebuilding: true,
            ..Head::default()
        })
    }

    /// The index that is no longer being rebuilt.
    #[must_use]
    pub fn completed(self) -> Self {
        Self::of_head(&Head {
            is_rebuilding: false,
            ..self.head()
        })
    }

    pub fn is_rebuilding(&self) -> bool {
        self.is_rebuilding
    }

    /// The value of `head`.
    pub fn into_record(self) -> Vec<u8> {
        self.record
    }

    /// When the index was last written, in seconds since 1970.
    pub fn written(&self) -> i64 {
        self.written
    }

    pub(super) fn of_head(head: &Head<'_>) -> Self {
        Self {
            record: record::encode(FORMAT, head),
            written: head.written,
            is_rebuilding: head.is_rebuilding,
        }
    }

    pub(super) fn head(&self) -> Head<'_> {
        read(&self.record).expect("it was read when the index was opened")
    }
}

fn read(record: &[u8]) -> Option<Head<'_>> {
    postcard::from_bytes(record.get(record::CONTENT_AT..)?).ok()
}
