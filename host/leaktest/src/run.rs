//! A run: which request comes next, and what all of them used so far.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use instance::{RequestTemplate, Runtime};

use super::plan::Plan;
use super::process::resident_bytes;
use super::record::{Entry, Record};

/// What is taken from the pool of memories.
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Serialize)]
pub struct Pool {
    pub instances: u64,
    pub memories: u64,
    pub tables: u64,
    pub stacks: u64,
}

/// Requests that go on being sent.
pub struct Run {
    runtime: Runtime,
    kinds: Vec<RequestTemplate>,
    /// Kinds that never worked.
    hopeless: Vec<AtomicBool>,
    deadline: Option<Instant>,
    /// Requests begun, and how many there shall be.
    begun: AtomicU64,
    planned: AtomicU64,
    /// Requests that one instance gets.
    per_instance: AtomicU64,
    warmup: u64,
    look_every: u64,
    record: Mutex<Record>,
    progress: Progress,
}

/// What is told how many requests were answered, and how many are planned.
pub type Progress = Box<dyn Fn(u64, u64) + Send + Sync>;

/// A kind that fails this often before it works once is not asked for any more.
const HOPELESS: u64 = 5;
/// How often the resident set is read in one run.
const LOOKS: u64 = 2000;

impl Run {
    /// A run that begins now.
    pub fn new(runtime: &Runtime, plan: &Plan, progress: Progress) -> Self {
        let scope = plan.scope(0);
        let mut record = Record::new(plan.kinds.len());
        record.resident.push(0, resident_bytes() as f64);
        let start = Instant::now();
        Self {
            runtime: runtime.clone(),
            kinds: plan.kinds.clone(),
            hopeless: plan.kinds.iter().map(|_| AtomicBool::new(false)).collect(),
            deadline: plan.duration.map(|duration| start + duration),
            begun: AtomicU64::new(0),
            planned: AtomicU64::new(scope.requests),
            per_instance: AtomicU64::new(scope.requests_per_instance),
            warmup: scope.warmup_per_instance,
            look_every: (scope.requests / LOOKS).max(1),
            record: Mutex::new(record),
            progress,
        }
    }

    /// Says how many requests there shall be.
    pub fn plan(&self, requests: u64) {
        self.planned.store(requests, Relaxed);
    }

    /// How many requests were begun.
    pub fn begun(&self) -> u64 {
        self.begun.load(Relaxed)
    }

    /// The number of the next request, if there shall be one.
    pub fn take(&self) -> Option<u64> {
        let number = self.begun.fetch_add(1, Relaxed) + 1;
        if number <= self.planned.load(Relaxed) && !self.is_over() {
            return Some(number);
        }
        self.begun.fetch_sub(1, Relaxed);
        None
    }

    /// The kind whose turn it is, of those that are not hopeless.
    pub fn choose(&self, turn: &mut usize) -> Option<usize> {
        for _ in 0..self.kinds.len() {
            let kind = *turn % self.kinds.len();
            *turn += 1;
            if !self.hopeless[kind].load(Relaxed) {
                return Some(kind);
            }
        }
        None
    }

    pub fn kind(&self, index: usize) -> &RequestTemplate {
        &self.kinds[index]
    }

    pub fn runtime(&self) -> &Runtime {
        &self.runtime
    }

    /// Says how many requests an instance gets from now on.
    pub fn renew_after(&self, requests: u64) {
        self.per_instance.store(requests, Relaxed);
    }

    /// How many requests an instance gets.
    pub fn requests_per_instance(&self) -> u64 {
        self.per_instance.load(Relaxed)
    }

    pub fn add(&self, number: u64, entry: &Entry) {
        let look = number.is_multiple_of(self.look_every);
        let resident = look.then(resident_bytes);
        if look {
            (self.progress)(number, self.planned.load(Relaxed));
        }
        let mut record = self.lock();
        record.add(entry, self.warmup);
        if let Some(bytes) = resident {
            record.resident.push(number, bytes as f64);
        }
        let kind = &record.kinds[entry.kind];
        if kind.answered == 0 && kind.requests >= HOPELESS {
            self.hopeless[entry.kind].store(true, Relaxed);
        }
    }

    pub fn is_over(&self) -> bool {
        self.deadline
            .is_some_and(|deadline| Instant::now() >= deadline)
            || self.hopeless.iter().all(|kind| kind.load(Relaxed))
    }

    pub fn lock(&self) -> MutexGuard<'_, Record> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
