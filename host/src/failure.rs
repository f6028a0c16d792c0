//! The failure of a command, with what its user can do about it.

use std::fmt;

use anyhow::Error;
use instance::StartError;
use instance::units::show_size;

/// Shows an error, and names the flag that would help where there is one: the libraries that
/// report it know of no flags.
#[derive(Debug)]
pub struct Failure<'a>(pub &'a Error);

impl fmt::Display for Failure<'_> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Self(error) = self;
        write!(f, "{error:#}")?;
        match error.downcast_ref() {
            Some(StartError::InitialMemory { limit_bytes, .. })
            | Some(StartError::SnapshotMemory(limit_bytes)) => {
                write!(f, "; raise --memory-limit above {}", show_size(*limit_bytes))
            }
            Some(StartError::MissingImports(_)) => f.write_str(
                "; build it without, or let it run until it calls one with --trap-missing, as measure and profile can",
            ),
            Some(StartError::SnapshotTime(_)) | None => Ok(()),
        }
    }
}
