//! The report for people: the verdict, a line for each series and each kind of request.

use std::fmt::Write;

use crate::measure::figures::{amount, count, judged, mean_time, word};
use crate::measure::measurement::{KindReport, Measured, Measurement};
use instance::units::show_bytes;
use leaktest::statistics::{Judgement, Point};

const SPARKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const SPARKLINE: usize = 32;

/// The report as text.
pub(super) fn show(measurement: &Measurement) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = write_all(&mut text, measurement);
    text
}

fn write_all(text: &mut String, measurement: &Measurement) -> std::fmt::Result {
    writeln!(
        text,
        "{}: {}",
        measurement.component,
        word(measurement.verdict.outcome)
    )?;
    writeln!(text, "\n{}\n", wrap(&measurement.verdict.summary))?;
    writeln!(
        text,
        "{:14} {:>11} {:>11} {:>15}  {:8} over requests",
        "measure", "base", "end", "a request", ""
    )?;
    for measured in &measurement.series {
        writeln!(text, "{}", series_line(measured))?;
    }
    writeln!(
        text,
        "\n{:28} {:>9} {:>9} {:>10} {:>10} {:>10} {:>8} {:>8}",
        "request", "sent", "answered", "peak", "allocates", "leaves", "make", "run"
    )?;
    for kind in &measurement.kinds {
        writeln!(text, "{}", kind_line(kind))?;
    }
    let seconds = measurement.elapsed_ms as f64 / 1000.0;
    let rate = (measurement.requests as f64 / seconds.max(0.001)) as u64;
    writeln!(text, "\n{seconds:.1} s, {} requests a second", count(rate))
}

fn series_line(measured: &Measured) -> String {
    let trend = &measured.trend;
    let slope = match trend.judgement {
        Judgement::Leak => format!("+{}", amount(measured.measure, trend.slope.per_request)),
        _ => "-".to_owned(),
    };
    format!(
        "{:14} {:>11} {:>11} {slope:>15}  {:8} {}",
        measured.measure.name(),
        amount(measured.measure, trend.base),
        amount(measured.measure, trend.plateau),
        judged(trend.judgement),
        sparkline(&measured.points)
    )
}

fn kind_line(kind: &KindReport) -> String {
    let some = |amount: Option<f64>| amount.map_or_else(|| "-".to_owned(), show_bytes);
    format!(
        "{:28} {:>9} {:>9} {:>10} {:>10} {:>10} {:>8} {:>8}",
        kind.request,
        count(kind.requests),
        count(kind.answered),
        show_bytes(kind.peak_memory_bytes as f64),
        some(kind.allocated_bytes),
        some(kind.retained_bytes),
        mean_time(kind.instantiate_us),
        mean_time(kind.execute_us)
    )
}

/// The means of a series between zero and its greatest value.
fn sparkline(points: &[Point]) -> String {
    let most = points.iter().map(|point| point.mean).fold(0.0, f64::max);
    let width = SPARKLINE.min(points.len());
    let column = |index: usize| {
        let part = &points[index * points.len() / width..(index + 1) * points.len() / width];
        let mean = part.iter().map(|point| point.mean).sum::<f64>() / part.len() as f64;
        let level = if most > 0.0 { mean / most * 7.0 } else { 0.0 };
        SPARKS[(level.round().max(0.0) as usize).min(7)]
    };
    (0..width).map(column).collect()
}

/// Breaks `text` into lines of at most 96 characters.
fn wrap(text: &str) -> String {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().expect("there is one from the start");
        if line.len() + word.len() > 95 {
            lines.push(word.to_owned());
        } else {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines.join("\n")
}
