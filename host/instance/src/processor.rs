//! Processor time: what the thread of an instance really got while it polled the instance, as
//! the kernel counts it. Time in which the machine stopped, or ran others, is not in it.
//!
//! The kernel is asked only from the first tick on: an instance that is done before one pays
//! nothing. What it used before that tick is taken from the clock on the wall, up to a tick.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

use super::engine::TICK;

/// Processor time of one request. One task at a time touches it.
#[derive(Debug, Default)]
pub(super) struct Processor {
    /// Whether there was a tick.
    asked: AtomicBool,
    /// Nanoseconds in what was counted until now.
    used: AtomicU64,
    /// The thread's time when it was looked at last, while something is counted.
    seen: AtomicU64,
}

impl Processor {
    /// Counts `run` as the instance's.
    pub(super) fn count<T>(&self, run: impl FnOnce() -> T) -> T {
        if self.asked.load(Relaxed) {
            self.seen.store(thread_nanos(), Relaxed);
        }
        let done = run();
        if self.asked.load(Relaxed) {
            self.add(thread_nanos());
        }
        done
    }

    /// Leaves `run` out of what is counted around it.
    pub(super) fn leave_out<T>(&self, run: impl FnOnce() -> T) -> T {
        if !self.asked.load(Relaxed) {
            return run();
        }
        self.add(thread_nanos());
        let done = run();
        self.seen.store(thread_nanos(), Relaxed);
        done
    }

    /// What was used until now; `ran` is the same by the clock on the wall.
    pub(super) fn tick(&self, ran: Duration) -> Duration {
        let now = thread_nanos();
        if self.asked.swap(true, Relaxed) {
            self.add(now);
        } else {
            self.used.store(ran.min(TICK).as_nanos() as u64, Relaxed);
            self.seen.store(now, Relaxed);
        }
        Duration::from_nanos(self.used.load(Relaxed))
    }

    fn add(&self, now: u64) {
        let before = self.seen.swap(now, Relaxed);
        self.used.fetch_add(now.saturating_sub(before), Relaxed);
    }
}

fn thread_nanos() -> u64 {
    thread_time().as_nanos() as u64
}

/// Processor time that this thread has had.
pub(super) fn thread_time() -> Duration {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(now.tv_sec as u64, now.tv_nsec as u32)
}
