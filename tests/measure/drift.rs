//! Drift: how far the resident set of a measurement grew after its warm-up.

use serde_json::Value;

/// A small post of the sample content.
pub const POST: &str = "GET /posts/what-mayfly-is";

/// Bytes from the lowest tenth of the points after the warm-up to the last one, medians of both:
/// what the compiler leaves behind goes back during the first of them, and must not hide a leak.
pub fn drift(report: &Value) -> f64 {
    let warmup = &report["settings"]["warmup"];
    let series = report["series"].as_array().into_iter().flatten();
    let resident = series.filter(|series| series["measure"] == "resident-set");
    let points = resident.flat_map(|series| series["points"].as_array().into_iter().flatten());
    let settled: Vec<f64> = points
        .filter(|point| point["request"].as_u64() > warmup.as_u64())
        .filter_map(|point| point["mean"].as_f64())
        .collect();
    let tenths = settled.rchunks_exact((settled.len() / 10).max(1));
    let tenths: Vec<f64> = tenths.map(median).collect();
    tenths[0] - tenths.iter().copied().fold(f64::INFINITY, f64::min)
}

/// The value in the middle.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}
