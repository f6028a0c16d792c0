//! What SQLite's errors mean, and what to do about them.

use std::path::Path;

use anyhow::{Error, anyhow};
use rusqlite::{ErrorCode, ffi};

use crate::Reason;

/// The error with its reason and the file.
pub(super) fn explain(error: rusqlite::Error, path: &Path) -> Error {
    let reason = Reason(reason(&error));
    let path = path.display();
    anyhow!(error)
        .context(reason)
        .context(format!("store sqlite:{path}"))
}

/// Whether a file that fails like this when it is opened for writing may still be read.
pub(super) fn leaves_reading(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(
            ErrorCode::ReadOnly
                | ErrorCode::CannotOpen
                | ErrorCode::DiskFull
                | ErrorCode::SystemIoFailure
        )
    )
}

fn reason(error: &rusqlite::Error) -> &'static str {
    const FULL: &str = "the disk is full: free some space, and writing goes on";
    if error.sqlite_extended_error_code() == Some(ffi::SQLITE_IOERR_SHMSIZE) {
        return FULL;
    }
    match error.sqlite_error_code() {
        Some(ErrorCode::ReadOnly) => "it is read-only: make the file and its folder writable",
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "another process holds it locked: end that process or wait for it"
        }
        Some(ErrorCode::NotADatabase) => "the file is not a SQLite database: name another one",
        Some(ErrorCode::DatabaseCorrupt) => {
            "the file is damaged: restore it from a backup, or export what can be read into a new one"
        }
        Some(ErrorCode::DiskFull) => FULL,
        Some(ErrorCode::SystemIoFailure) => {
            "the disk does not read or write: check it, and the limits of this process"
        }
        _ => "check the path, its permissions and the disk",
    }
}
