//! A budget: how much of the host's memory one call may fill with what it reads. More than an
//! instance has room for could never reach it, so its memory limit is the bound here too.

use std::fmt;

use instance::units::show_size;

/// What is left to one call.
#[derive(Clone, Debug)]
pub(super) struct Budget {
    left_bytes: usize,
    all_bytes: usize,
}

/// A call asked for more than the instance has memory.
#[derive(Clone, Copy, Debug)]
pub(super) struct TooMuch {
    limit_bytes: usize,
}

/// What the list of a call's answers needs for each of them, be it empty.
const ENTRY_BYTES: usize = 32;

impl Budget {
    pub(super) fn of(bytes: usize) -> Self {
        Self {
            left_bytes: bytes,
            all_bytes: bytes,
        }
    }

    /// Takes the room for one more value or key of so many bytes.
    pub(super) fn take(&mut self, bytes: usize) -> Result<(), TooMuch> {
        let needed = bytes.saturating_add(ENTRY_BYTES);
        let left = self.left_bytes.checked_sub(needed);
        self.left_bytes = left.ok_or(TooMuch {
            limit_bytes: self.all_bytes,
        })?;
        Ok(())
    }

    /// How much of it is left.
    pub(super) fn left_bytes(&self) -> usize {
        self.left_bytes
    }

    /// How much of it is used.
    pub(super) fn used_bytes(&self) -> usize {
        self.all_bytes - self.left_bytes
    }
}

impl fmt::Display for TooMuch {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let limit = show_size(self.limit_bytes);
        write!(
            f,
            "the answer is larger than the memory limit of {limit}: ask for less at once"
        )
    }
}

impl std::error::Error for TooMuch {}
