//! A baseline: an older measurement, and what has grown since then.

use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use super::measurement::{Growth, Measurement, SCHEMA};
use leaktest::Measure;

/// What is compared of an older measurement.
#[derive(Debug, Deserialize)]
pub(super) struct Baseline {
    schema: String,
    series: Vec<OldSeries>,
    kinds: Vec<OldKind>,
}

#[derive(Debug, Deserialize)]
struct OldSeries {
    measure: Measure,
    plateau: f64,
}

#[derive(Debug, Deserialize)]
struct OldKind {
    request: String,
    peak_memory_bytes: f64,
    allocated_bytes: Option<f64>,
}

/// Less than this is no growth, whatever share it is.
const SMALL_BYTES: f64 = 4096.0;

impl Baseline {
    /// Reads the JSON report in `file`.
    pub(super) fn read(file: &Path) -> Result<Self> {
        let name = file.display();
        let text = std::fs::read_to_string(file).with_context(|| {
            format!("cannot read the baseline {name}: make one with --format json")
        })?;
        let baseline: Self = serde_json::from_str(&text)
            .with_context(|| format!("{name} is no JSON report of mayfly measure"))?;
        if baseline.schema != SCHEMA {
            let schema = baseline.schema;
            bail!("{name} has the schema {schema}, not {SCHEMA}: measure it again");
        }
        Ok(baseline)
    }

    /// What has grown by more than `percent` in `now`. The resident set and times are left
    /// out: they depend on the machine.
    pub(super) fn compare(&self, now: &Measurement, percent: f64) -> Vec<Growth> {
        let mut growths = Vec::new();
        let mut check = |what: String, before: f64, now: f64| {
            if now > before * (1.0 + percent / 100.0) && now - before >= SMALL_BYTES {
                growths.push(Growth {
                    what,
                    before_bytes: before,
                    now_bytes: now,
                });
            }
        };
        for measure in [Measure::LiveBytes, Measure::LinearMemory] {
            let before = self.series.iter().find(|series| series.measure == measure);
            if let (Some(before), Some(now)) = (before, now.trend(measure)) {
                check(measure.name().to_owned(), before.plateau, now.plateau);
            }
        }
        for kind in &now.kinds {
            let Some(before) = self.kinds.iter().find(|old| old.request == kind.request) else {
                continue;
            };
            let request = &kind.request;
            check(
                format!("peak of {request}"),
                before.peak_memory_bytes,
                kind.peak_memory_bytes as f64,
            );
            if let (Some(before), Some(now)) = (before.allocated_bytes, kind.allocated_bytes) {
                check(format!("allocations of {request}"), before, now);
            }
        }
        growths
    }
}
