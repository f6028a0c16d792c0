//! The conclusion: what a run left behind becomes a measurement, with a verdict in words.

use super::baseline::Baseline;
use super::machine::Machine;
use super::measurement::{KindReport, Measured, Measurement, SCHEMA, Settings, Verdict};
use super::subject::Subject;
use super::summary;
use leaktest::{Driven, Host, KindRecord, Outcome, Plan};

/// Draws it from `driven`.
pub(super) fn draw(subject: &Subject, plan: &Plan, driven: &Driven) -> Measurement {
    let record = &driven.record;
    let counted = subject.runtime.counts();
    let kinds = plan.kinds.iter().zip(&record.kinds);
    let measured = driven.finding.evidence.iter().map(|evidence| Measured {
        measure: evidence.measure,
        trend: evidence.trend.clone(),
        points: record.series(evidence.measure).points(),
    });
    let mut measurement = Measurement {
        schema: SCHEMA,
        component: subject.path.display().to_string(),
        verdict: Verdict::new(Outcome::Error, String::new()),
        settings: settings(subject, plan, driven),
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
    let outcome = outcome(&measurement, driven);
    let summary = summary::write(&measurement, outcome, driven);
    measurement.verdict = Verdict::new(outcome, summary);
    measurement
}

/// Compares with an older measurement; growth makes a bounded one a leak.
pub(super) fn compare(measurement: &mut Measurement, baseline: &Baseline, percent: f64) {
    measurement.grown = baseline.compare(measurement, percent);
    if measurement.grown.is_empty() {
        return;
    }
    let Verdict {
        outcome, summary, ..
    } = &measurement.verdict;
    let outcome = match outcome {
        Outcome::Bounded => Outcome::Leak,
        outcome => *outcome,
    };
    let summary = format!("{summary} {}", summary::grown(&measurement.grown));
    measurement.verdict = Verdict::new(outcome, summary);
}

fn settings(subject: &Subject, plan: &Plan, driven: &Driven) -> Settings {
    Settings {
        scope: driven.scope,
        concurrency: plan.concurrency,
        reuse: plan.reuse,
        budget_bytes: plan.budget_bytes,
        memory_limit_bytes: subject.limits.memory_bytes,
    }
}

/// What never worked was not measured, and no verdict speaks for it.
fn outcome(measurement: &Measurement, driven: &Driven) -> Outcome {
    if measurement.kinds.iter().any(KindReport::never_worked) {
        Outcome::Error
    } else if !measurement.host.leftovers.is_empty() {
        Outcome::Leak
    } else {
        driven.finding.outcome()
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
