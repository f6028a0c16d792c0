//! A measurement: everything that was found, as plain data. The JSON report is this very data.

use std::collections::BTreeMap;

use serde::Serialize;

use super::baseline::{Baseline, Growth};
use super::machine::Machine;
use super::subject::Subject;
use super::summary;
use leaktest::Driven;
use leaktest::Host;
use leaktest::KindRecord;
use leaktest::statistics::{Point, Trend};
use leaktest::{Measure, Outcome};
use leaktest::{Plan, Scope};

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

impl Measurement {
    /// Puts together what `driven` left behind.
    pub(super) fn new(subject: &Subject, plan: &Plan, driven: &Driven) -> Self {
        let record = &driven.record;
        let counted = subject.runtime.counts();
        let kinds = plan.kinds.iter().zip(&record.kinds);
        let measured = driven.finding.evidence.iter().map(|evidence| Measured {
            measure: evidence.measure,
            trend: evidence.trend.clone(),
            points: record.series(evidence.measure).points(),
        });
        let mut measurement = Self {
            schema: SCHEMA,
            component: subject.path.display().to_string(),
            verdict: Verdict {
                outcome: Outcome::Error,
                exit_code: 0,
                summary: String::new(),
            },
            settings: Settings {
                scope: driven.scope,
                concurrency: plan.concurrency,
                reuse: plan.reuse,
                budget_bytes: plan.budget_bytes,
                memory_limit_bytes: subject.limits.memory_bytes,
            },
            requests: record.requests,
            answered: record.answered,
            instances: record.instances,
            elapsed_ms: driven.elapsed.as_millis() as u64,
            series: measured.collect(),
            kinds: kinds
                .map(|(kind, used)| report(kind.to_string(), used, counted))
                .collect(),
            peaks: record.peaks.clone(),
            host: Host::new(driven.before, driven.after, driven.pool),
            machine: Machine::this(),
            grown: Vec::new(),
        };
        let outcome = measurement.outcome(driven);
        measurement.verdict = Verdict {
            outcome,
            exit_code: outcome.exit_code(),
            summary: summary::write(&measurement, outcome, driven),
        };
        measurement
    }

    /// Compares with an older measurement; growth makes a bounded one a leak.
    pub(super) fn compare(&mut self, baseline: &Baseline, percent: f64) {
        self.grown = baseline.compare(self, percent);
        if self.grown.is_empty() {
            return;
        }
        let verdict = &mut self.verdict;
        verdict.summary.push(' ');
        verdict.summary.push_str(&summary::grown(&self.grown));
        if verdict.outcome == Outcome::Bounded {
            verdict.outcome = Outcome::Leak;
            verdict.exit_code = Outcome::Leak.exit_code();
        }
    }

    /// The trend of one measure, if that was measured.
    pub(super) fn trend(&self, measure: Measure) -> Option<&Trend> {
        let mut series = self.series.iter();
        series
            .find(|one| one.measure == measure)
            .map(|one| &one.trend)
    }

    /// What never worked was not measured, and no verdict speaks for it.
    fn outcome(&self, driven: &Driven) -> Outcome {
        if self.kinds.iter().any(KindReport::never_worked) {
            Outcome::Error
        } else if !self.host.faults.is_empty() {
            Outcome::Leak
        } else {
            driven.finding.outcome()
        }
    }
}

impl KindReport {
    /// Whether requests of this kind were sent and none was answered.
    pub(super) fn never_worked(&self) -> bool {
        self.requests > 0 && self.answered == 0
    }
}

fn report(request: String, used: &KindRecord, counted: bool) -> KindReport {
    let mean = |sum: u64| sum as f64 / used.requests.max(1) as f64;
    let retained = used.retained_bytes as f64 / used.retaining_calls.max(1) as f64;
    KindReport {
        request,
        requests: used.requests,
        answered: used.answered,
        statuses: used.statuses.clone(),
        failures: used.failures.clone(),
        peak_memory_bytes: used.peak_memory_bytes,
        allocated_bytes: counted.then(|| mean(used.allocated_bytes)),
        retained_bytes: (used.retaining_calls > 0).then_some(retained),
        instantiate_us: mean(used.instantiate_us),
        execute_us: mean(used.execute_us),
        total_us: mean(used.total_us),
        store_round_trips: mean(used.store_round_trips),
    }
}
