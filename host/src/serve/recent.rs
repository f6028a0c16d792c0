//! Recent requests: those that run now, and the last that have ended.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use instance::{Live, Reading, Sample};

/// All requests that a page can show.
#[derive(Default)]
pub(super) struct Recent {
    running: Mutex<BTreeMap<u64, Running>>,
    ended: Mutex<VecDeque<Ended>>,
}

/// A request that has an instance now.
struct Running {
    request: String,
    live: Live,
}

/// A request that is over.
#[derive(Clone)]
pub(super) struct Ended {
    pub(super) at: SystemTime,
    /// Method, path and query.
    pub(super) request: String,
    /// What the client saw.
    pub(super) status: u16,
    pub(super) sample: Sample,
}

/// How many requests that are over are kept.
const ENDED: usize = 100;
/// How much of a request's line is kept.
const LINE_BYTES: usize = 200;

impl Recent {
    pub(super) fn begin(&self, number: u64, mut request: String, live: Live) {
        shorten(&mut request);
        lock(&self.running).insert(number, Running { request, live });
    }

    /// A request is over; it need not have begun, if there was no instance for it.
    pub(super) fn end(&self, number: u64, mut ended: Ended) {
        shorten(&mut ended.request);
        lock(&self.running).remove(&number);
        let mut all = lock(&self.ended);
        if all.len() == ENDED {
            all.pop_front();
        }
        all.push_back(ended);
    }

    /// Requests that run now with what they have used, the oldest first.
    pub(super) fn running(&self) -> Vec<(String, Reading)> {
        let running = lock(&self.running);
        let readings = running.values();
        readings
            .map(|running| (running.request.clone(), running.live.read()))
            .collect()
    }

    /// Requests that are over, the last first.
    pub(super) fn ended(&self) -> Vec<Ended> {
        lock(&self.ended).iter().rev().cloned().collect()
    }
}

fn shorten(line: &mut String) {
    if line.len() > LINE_BYTES {
        line.truncate(line.floor_char_boundary(LINE_BYTES));
        line.push('\u{2026}');
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
