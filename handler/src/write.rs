//! The one write path: sources in, documents and index out.
//!
//! A batch of edits is compiled first. Then, under the [`lock`], in this order: the log of what is
//! going to be written, the documents, the leaves of the index, `head`, and the lock without the
//! log. A crash anywhere leaves each value old or new, and the log tells the next publisher what
//! to do once more. See [`lock`] for what can go wrong, [`commit`] for the end of a write.

mod aliases;
mod batch;
mod claim;
mod commit;
mod compare;
mod edit;
mod garbage;
mod lock;
mod log;
mod ordered;
mod pending;
mod progress;
pub mod reindex;
mod repair;
mod settings;
mod upload;

pub use batch::apply;
pub use claim::unfinished;
pub use edit::{Edit, Expected, Outcome, Status};
pub use garbage::collect;
pub use settings::update_site;
pub use upload::{delete_files, write_file};

use crate::error::ReadError;
use crate::store::StoreError;
use std::fmt;

/// Why nothing, or not everything, was written. What was not acknowledged may be sent again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WriteError {
    /// Something that is needed for the write cannot be read, or the store failed.
    Read(ReadError),
    /// Other publishers kept the lock.
    Busy,
    /// More was to be written at once than the log can hold.
    TooMany,
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(error) => error.fmt(f),
            Self::Busy => f.write_str("other publishers are at work: try again in a moment"),
            Self::TooMany => f.write_str("too many edits at once: send them in smaller batches"),
        }
    }
}

impl std::error::Error for WriteError {}

impl From<StoreError> for WriteError {
    fn from(error: StoreError) -> Self {
        Self::Read(error.into())
    }
}

impl From<ReadError> for WriteError {
    fn from(error: ReadError) -> Self {
        Self::Read(error)
    }
}
