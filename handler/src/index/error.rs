//! What can be wrong with an index: never with a post, and always mended by a reindex.

use crate::error::ReadError;
use crate::store::StoreError;
use std::fmt;

/// The index could not answer or could not be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IndexError {
    /// The store failed; the index may be whole.
    Store(StoreError),
    /// A newer version of the blog wrote this index.
    Newer {
        /// The format version that was found.
        found: u8,
        /// The newest format version that this build reads.
        known: u8,
    },
    /// A node is missing, or its bytes are not those it is named for.
    Damaged {
        /// The key of the node, or `head`.
        node: String,
    },
}

impl fmt::Display for IndexError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            IndexError::Store(error) => error.fmt(f),
            IndexError::Newer { found, known } => write!(
                f,
                "the index has format {found} and this build reads {known}: deploy the newer build, or run reindex"
            ),
            IndexError::Damaged { node } => {
                write!(f, "the index is damaged at {node}: run reindex")
            }
        }
    }
}

impl std::error::Error for IndexError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            IndexError::Store(error) => Some(error),
            IndexError::Newer { .. } | IndexError::Damaged { .. } => None,
        }
    }
}

impl From<StoreError> for IndexError {
    fn from(error: StoreError) -> Self {
        IndexError::Store(error)
    }
}

impl From<IndexError> for ReadError {
    fn from(error: IndexError) -> Self {
        match error {
            IndexError::Store(error) => Self::Store(error),
            IndexError::Newer { found, known } => Self::Newer {
                key: "head".to_owned(),
                found: found.into(),
                known: known.into(),
            },
            IndexError::Damaged { node } => Self::damaged(node),
        }
    }
}
