//! Why a component cannot be run within its limits, or at all.

use std::fmt;
use std::time::Duration;

use crate::units::{show_size, show_time};

/// Why a component cannot be run. It says nothing of how the limits were set: the program that
/// set them finds this error in an `anyhow::Error` by its type, and can name the remedy.
#[derive(Clone, Debug, PartialEq)]
pub enum StartError {
    /// It starts with more memory than an instance may have.
    InitialMemory {
        /// Bytes of its largest memory at the start.
        needed_bytes: usize,
        /// Bytes that an instance may have.
        limit_bytes: usize,
    },
    /// It imports what the host does not offer: these.
    MissingImports(Vec<String>),
    /// Its initialization, of which all instances get a snapshot, needs more memory than an
    /// instance may have, in bytes.
    SnapshotMemory(usize),
    /// Its initialization, of which all instances get a snapshot, did not end within this
    /// processor time, which is the same for all components.
    SnapshotTime(Duration),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::InitialMemory {
                needed_bytes,
                limit_bytes,
            } => write!(
                f,
                "the component starts with {} of memory, and an instance may have {}",
                show_size(*needed_bytes),
                show_size(*limit_bytes)
            ),
            Self::MissingImports(names) => write!(
                f,
                "the component imports what this host does not offer: {}",
                names.join(", ")
            ),
            Self::SnapshotMemory(limit_bytes) => write!(
                f,
                "the component's initialization (wizer-initialize) needs more memory than the {} that an instance may have",
                show_size(*limit_bytes)
            ),
            Self::SnapshotTime(limit) => write!(
                f,
                "the component's initialization (wizer-initialize, or a start function before it) did not end within {} of processor time: look there for an endless loop, or build the component without wizer-initialize",
                show_time(*limit)
            ),
        }
    }
}

impl std::error::Error for StartError {}
