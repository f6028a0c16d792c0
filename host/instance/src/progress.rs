//! What is known of an exchange while it goes on, whoever looks.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::time::Duration;

use super::{Clock, End};

/// What is known of an exchange besides what its instance knows.
pub(super) struct Progress {
    pub(super) clock: Clock,
    /// The status that the component has set.
    pub(super) status: OnceLock<u16>,
    /// Whether the reader has got the head, or will: a failure can no longer change it.
    pub(super) committed: AtomicBool,
    pub(super) end: OnceLock<End>,
    /// How long the instance took to make; none while it is being made.
    pub(super) instantiated: OnceLock<Duration>,
    /// Linear memory now, and at most.
    pub(super) memory_bytes: AtomicUsize,
    pub(super) peak_memory_bytes: AtomicUsize,
}

impl Progress {
    pub(super) fn start(clock: Clock) -> Self {
        Self {
            clock,
            status: OnceLock::new(),
            committed: AtomicBool::new(false),
            end: OnceLock::new(),
            instantiated: OnceLock::new(),
            memory_bytes: AtomicUsize::new(0),
            peak_memory_bytes: AtomicUsize::new(0),
        }
    }
}
