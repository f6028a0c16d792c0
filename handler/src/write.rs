//! The one write path: sources in, posts and a new index out.
//!
//! Posts are compiled first; then, under the [`lock`], they are written, and the index follows.
//! A crash at any point leaves every post whole, and the old index or the new one.

mod batch;
mod collect;
mod dress;
mod edit;
mod journal;
pub mod lock;
mod mend;
mod prepare;
mod recover;
pub mod reindex;
mod stray;
mod upload;
mod work;

pub use batch::apply;
pub use collect::collect;
pub use dress::site;
pub use edit::{Edit, Expected, Outcome, Status};
pub use journal::{Left, Name, kind};
pub use lock::pending;
pub use mend::{Examined, examine};
pub use stray::strays;
pub use upload::file;

use crate::error::ReadError;
use crate::index::IndexError;
use crate::store::StoreError;
use std::fmt;

/// Why nothing, or not everything, was written. What was not acknowledged may be sent again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The store failed.
    Store(StoreError),
    /// The index cannot be read.
    Index(IndexError),
    /// The site's record cannot be read.
    Record(ReadError),
    /// Other publishers kept the lock.
    Busy,
    /// More was to be written at once than the lock can name.
    TooMany,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store(error) => error.fmt(f),
            Self::Index(error) => error.fmt(f),
            Self::Record(error) => error.fmt(f),
            Self::Busy => f.write_str("other publishers are at work: try again in a moment"),
            Self::TooMany => f.write_str("too many edits at once: send them in smaller batches"),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<IndexError> for Failure {
    fn from(error: IndexError) -> Self {
        match error {
            IndexError::Store(error) => Self::Store(error),
            error => Self::Index(error),
        }
    }
}

impl From<ReadError> for Failure {
    fn from(error: ReadError) -> Self {
        Self::Record(error)
    }
}
