//! Why a component cannot be run within its limits, or at all.

use std::fmt;

use crate::units::show_size;

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
        }
    }
}

impl std::error::Error for StartError {}
