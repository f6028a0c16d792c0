//! The record: what all requests used, in an amount of memory that does not depend on how many
//! there are.

use std::collections::BTreeMap;

use super::statistics::Series;
use instance::{End, Sample};
use serde::{Deserialize, Serialize};

/// What was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// Bytes that the guest's allocator holds.
    LiveBytes,
    /// Bytes of linear memory.
    LinearMemory,
    /// Handles of the host that the guest holds.
    Handles,
    /// Bytes of this process in memory.
    ResidentSet,
}

/// What was recorded so far.
#[derive(Debug, Default)]
pub struct Record {
    /// Linear memory at the end of each request; a point is a call in an instance that is
    /// reused, else a request.
    pub memory: Series,
    /// Bytes that the allocator held at the end of each request.
    pub live: Series,
    /// Handles of the host that the instance held at the end of each request.
    pub handles: Series,
    /// The resident set of this process.
    pub resident: Series,
    /// By request kind, in the plan's order.
    pub kinds: Vec<KindRecord>,
    /// How many requests had which peak: bucket i holds peaks below (i + 1) pages of 64 KiB.
    pub peaks: BTreeMap<u64, u64>,
    pub requests: u64,
    pub answered: u64,
    /// Instances that were made.
    pub instances: u64,
}

/// What the requests of one kind used.
#[derive(Clone, Debug, Default)]
pub struct KindRecord {
    pub requests: u64,
    pub answered: u64,
    pub statuses: BTreeMap<u16, u64>,
    /// Why requests got no answer, and how many for this reason.
    pub failures: BTreeMap<String, u64>,
    pub peak_memory_bytes: u64,
    pub allocated_bytes: u64,
    /// Growth of live bytes over the calls that count, of linear memory where those are unknown.
    pub retained_bytes: i64,
    /// Calls over which that was counted.
    pub retaining_calls: u64,
    pub instantiate_us: u64,
    pub execute_us: u64,
    pub total_us: u64,
    pub store_round_trips: u64,
}

/// One request, and how its instance stood before it.
pub struct Entry<'a> {
    pub kind: usize,
    /// Number of the call in its instance if that is reused, of the request otherwise.
    pub place: u64,
    /// Whether the instance is to be used again.
    pub kept: bool,
    /// Whether the instance was used before.
    pub reused: bool,
    /// Live bytes before the call.
    pub live_before: Option<i64>,
    pub sample: &'a Sample,
}

impl Measure {
    pub fn name(self) -> &'static str {
        match self {
            Self::LiveBytes => "live bytes",
            Self::LinearMemory => "linear memory",
            Self::Handles => "host handles",
            Self::ResidentSet => "resident set",
        }
    }
}

impl Entry<'_> {
    /// Whether this begins the life of an instance that will get more calls.
    fn is_first(&self) -> bool {
        self.kept && !self.reused
    }

    /// Bytes that the call added to those that are live.
    fn gained(&self) -> i64 {
        let live = self.sample.live_bytes.unwrap_or(0);
        live - self.live_before.unwrap_or(0)
    }
}

impl Record {
    pub fn new(kinds: usize) -> Self {
        Self {
            kinds: vec![KindRecord::default(); kinds],
            ..Self::default()
        }
    }

    /// The series of one measure.
    pub fn series(&self, measure: Measure) -> &Series {
        match measure {
            Measure::LiveBytes => &self.live,
            Measure::LinearMemory => &self.memory,
            Measure::Handles => &self.handles,
            Measure::ResidentSet => &self.resident,
        }
    }

    /// Adds one request; those up to `warmup` do not count for what kinds retain.
    pub fn add(&mut self, entry: &Entry, warmup: u64) {
        let sample = entry.sample;
        self.requests += 1;
        self.instances += u64::from(!entry.reused);
        if sample.end == End::Done {
            self.answered += 1;
            if entry.is_first() {
                self.memory
                    .push(entry.place, sample.initial_memory_bytes as f64);
            }
            self.memory
                .push(entry.place, sample.final_memory_bytes as f64);
            self.handles.push(entry.place, sample.host_resources as f64);
            if let Some(live) = sample.live_bytes {
                if entry.is_first() {
                    self.live.push(entry.place, (live - entry.gained()) as f64);
                }
                self.live.push(entry.place, live as f64);
            }
        }
        *self
            .peaks
            .entry(sample.peak_memory_bytes as u64 / PAGE_BYTES)
            .or_default() += 1;
        self.kinds[entry.kind].add(entry, warmup);
    }
}

const PAGE_BYTES: u64 = 64 * 1024;

impl KindRecord {
    fn add(&mut self, entry: &Entry, warmup: u64) {
        let sample = entry.sample;
        self.requests += 1;
        if sample.end == End::Done {
            self.answered += 1;
        } else {
            *self.failures.entry(sample.end.to_string()).or_default() += 1;
        }
        if let Some(status) = sample.status {
            *self.statuses.entry(status).or_default() += 1;
        }
        self.peak_memory_bytes = self.peak_memory_bytes.max(sample.peak_memory_bytes as u64);
        self.allocated_bytes += sample.allocated_bytes.unwrap_or(0).max(0) as u64;
        self.instantiate_us += sample.instantiate_us;
        self.execute_us += sample.execute_us;
        self.total_us += sample.total_us;
        self.store_round_trips += u64::from(sample.store.store_round_trips);
        if entry.reused && entry.place > warmup {
            let grown = sample.final_memory_bytes as i64 - sample.initial_memory_bytes as i64;
            let live = sample.live_bytes.zip(entry.live_before);
            self.retained_bytes += live.map_or(grown, |(after, before)| after - before);
            self.retaining_calls += 1;
        }
    }
}
