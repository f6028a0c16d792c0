//! A measurement: everything that was found, as plain data. The JSON report is this very data.

use std::collections::BTreeMap;

use serde::Serialize;

use super::machine::Machine;
use leaktest::statistics::{Point, Trend};
use leaktest::{Host, Measure, Outcome, Scope};

/// The version of the JSON report; another one as soon as a field changes its meaning.
pub(super) const SCHEMA: &str = "mayfly-measure-1";

/// All that a measurement found.
#[derive(Debug, Serialize)]
pub(super) struct Measurement {
    pub(super) schema: &'static str,
    pub(super) component: String,
    pub(super) verdict: Verdict,
    pub(super) settings: Settings,
    pub(super) requests: u64,
    pub(super) answered: u64,
    pub(super) instances: u64,
    pub(super) elapsed_ms: u64,
    pub(super) series: Vec<Measured>,
    pub(super) kinds: Vec<KindReport>,
    /// Requests by the pages of 64 KiB of their peak.
    pub(super) peaks: BTreeMap<u64, u64>,
    pub(super) host: Host,
    pub(super) machine: Machine,
    /// What has grown over the baseline.
    pub(super) grown: Vec<Growth>,
}

/// The answer.
#[derive(Debug, Serialize)]
pub(super) struct Verdict {
    pub(super) outcome: Outcome,
    pub(super) exit_code: u8,
    /// What a human can act on.
    pub(super) summary: String,
}

/// How it was measured.
#[derive(Debug, Serialize)]
pub(super) struct Settings {
    #[serde(flatten)]
    pub(super) scope: Scope,
    pub(super) concurrency: u32,
    pub(super) reuse: Option<u64>,
    pub(super) budget_bytes: Option<f64>,
    pub(super) memory_limit_bytes: usize,
}

/// One series and what it does.
#[derive(Debug, Serialize)]
pub(super) struct Measured {
    pub(super) measure: Measure,
    #[serde(flatten)]
    pub(super) trend: Trend,
    pub(super) points: Vec<Point>,
}

/// What the requests of one kind used; means are over all of them.
#[derive(Debug, Serialize)]
pub(super) struct KindReport {
    pub(super) request: String,
    pub(super) requests: u64,
    pub(super) answered: u64,
    pub(super) statuses: BTreeMap<u16, u64>,
    pub(super) failures: BTreeMap<String, u64>,
    pub(super) peak_memory_bytes: u64,
    /// Bytes that a request had the allocator hand out; none where it is not known.
    pub(super) allocated_bytes: Option<f64>,
    /// Bytes that a request left behind in a reused instance.
    pub(super) retained_bytes: Option<f64>,
    pub(super) instantiate_us: f64,
    pub(super) execute_us: f64,
    pub(super) total_us: f64,
    pub(super) store_round_trips: f64,
}

/// Something that has grown beyond the tolerance.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Growth {
    /// What has grown.
    pub(super) what: String,
    pub(super) before_bytes: f64,
    pub(super) now_bytes: f64,
}

impl Measurement {
    /// The trend of one measure, if that was measured.
    pub(super) fn trend(&self, measure: Measure) -> Option<&Trend> {
        let mut series = self.series.iter();
        series
            .find(|one| one.measure == measure)
            .map(|one| &one.trend)
    }
}

impl Verdict {
    pub(super) fn new(outcome: Outcome, summary: String) -> Self {
        Self {
            outcome,
            exit_code: outcome.exit_code(),
            summary,
        }
    }
}

impl KindReport {
    /// Whether requests of this kind were sent and none was answered.
    pub(super) fn never_worked(&self) -> bool {
        self.requests > 0 && self.answered == 0
    }
}
