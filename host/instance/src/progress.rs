//! A request under way: what is known of it besides what its instance knows, and a view of that
//! for others.

use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::sync::{Arc, OnceLock};
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

/// A view of a request that can be looked at from anywhere, also when it is over.
#[derive(Clone)]
pub struct Live(Arc<Progress>);

/// What a request has used until a moment; the final numbers are those of its `Sample`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// Time for which the request waited for its instance.
    pub queue: Duration,
    /// Time to make the instance.
    pub instantiate: Duration,
    /// Time that the instance ran, the store and all waiting excluded.
    pub execute: Duration,
    /// Time of calls to the store that have returned.
    pub store: Duration,
    /// Time since the request arrived, the queue included.
    pub total: Duration,
    /// Linear memory, in bytes.
    pub memory_bytes: usize,
    /// The most linear memory until now, in bytes.
    pub peak_memory_bytes: usize,
}

impl Live {
    pub(super) fn of(progress: &Arc<Progress>) -> Self {
        Self(Arc::clone(progress))
    }

    /// What has been used until now.
    pub fn read(&self) -> Reading {
        let progress = &*self.0;
        let clock = &progress.clock;
        let ran = clock.ran();
        let instantiate = progress.instantiated.get().copied().unwrap_or(ran);
        Reading {
            queue: clock.queued(),
            instantiate,
            execute: ran.saturating_sub(instantiate),
            store: clock.store(),
            total: clock.total(),
            memory_bytes: progress.memory_bytes.load(Relaxed),
            peak_memory_bytes: progress.peak_memory_bytes.load(Relaxed),
        }
    }
}
