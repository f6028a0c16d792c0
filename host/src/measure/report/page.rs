//! The report with graphs: one HTML file that needs no other file, no script and no network.

use std::fmt::Write;

use super::plot;
use crate::html::escape;
use crate::measure::figures::{amount, count, judged, mean_time, word};
use crate::measure::measurement::{Measured, Measurement};
use instance::units::show_bytes;
use leaktest::statistics::Judgement;

const STYLE: &str = include_str!("page.css");

/// The report as HTML.
pub(super) fn show(measurement: &Measurement) -> String {
    let outcome = word(measurement.verdict.outcome);
    let component = escape(&measurement.component);
    let summary = escape(&measurement.verdict.summary);
    let graphs: String = measurement.series.iter().map(graph).collect();
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>{component}: {outcome}</title>\n<style>\n{STYLE}</style>\n\
         <h1>{component}</h1>\n<p><span class=\"outcome {outcome}\">{outcome}</span>. {summary}</p>\n\
         {graphs}<h2>Peaks</h2>\n{}<h2>Requests</h2>\n{}<h2>Measured</h2>\n{}</html>\n",
        plot::histogram(&measurement.peaks),
        kinds(measurement),
        circumstances(measurement)
    )
}

fn graph(measured: &Measured) -> String {
    let trend = &measured.trend;
    let show = |value| amount(measured.measure, value);
    let pace = match trend.judgement {
        Judgement::Leak => format!(", {} a request", show(trend.slope.per_request)),
        _ => String::new(),
    };
    format!(
        "<h2>{}: {}</h2>\n<p>From {} to {}{pace}.</p>\n{}",
        measured.measure.name(),
        judged(trend.judgement),
        show(trend.base),
        show(trend.plateau),
        plot::series(measured)
    )
}

fn kinds(measurement: &Measurement) -> String {
    let head = [
        "request",
        "sent",
        "answered",
        "peak",
        "allocates",
        "leaves",
        "make",
        "run",
        "total",
    ];
    let mut rows = row("th", head.map(str::to_owned));
    let some = |amount: Option<f64>| amount.map_or_else(|| "-".to_owned(), show_bytes);
    for kind in &measurement.kinds {
        rows += &row(
            "td",
            [
                kind.request.clone(),
                count(kind.requests),
                count(kind.answered),
                show_bytes(kind.peak_memory_bytes as f64),
                some(kind.allocated_bytes),
                some(kind.retained_bytes),
                mean_time(kind.instantiate_us),
                mean_time(kind.execute_us),
                mean_time(kind.total_us),
            ],
        );
    }
    format!("<table>\n{rows}</table>\n")
}

fn circumstances(measurement: &Measurement) -> String {
    let (settings, machine) = (&measurement.settings, &measurement.machine);
    let (host, pool) = (&measurement.host, measurement.host.pool.unwrap_or_default());
    let reuse = settings
        .reuse
        .map_or_else(|| "1, fresh each".to_owned(), count);
    let budget = settings
        .budget_bytes
        .map_or_else(|| "of each measure".to_owned(), show_bytes);
    let rows = [
        ("requests", count(measurement.requests)),
        ("instances", count(measurement.instances)),
        ("requests an instance", reuse),
        ("requests at a time", settings.concurrency.to_string()),
        (
            "warm-up",
            format!("{} requests", count(settings.scope.warmup)),
        ),
        ("budget", budget),
        (
            "memory limit",
            show_bytes(settings.memory_limit_bytes as f64),
        ),
        (
            "time",
            format!("{:.1} s", measurement.elapsed_ms as f64 / 1000.0),
        ),
        (
            "open files",
            format!(
                "{} before, {} after",
                host.before.open_files, host.after.open_files
            ),
        ),
        (
            "threads",
            format!(
                "{} before, {} after",
                host.before.threads, host.after.threads
            ),
        ),
        (
            "left in the pool",
            format!("{} instances, {} memories", pool.instances, pool.memories),
        ),
        (
            "processor",
            format!("{}, {} usable", machine.processor, machine.processors),
        ),
        ("memory", show_bytes(machine.memory_bytes as f64)),
        ("kernel", machine.kernel.clone()),
        ("mayfly", machine.mayfly.to_owned()),
    ];
    let rows: String = rows
        .into_iter()
        .map(|(name, value)| row("td", [name.to_owned(), value]))
        .collect();
    format!("<table>\n{rows}</table>\n")
}

fn row<const N: usize>(tag: &str, cells: [String; N]) -> String {
    let mut row = String::from("<tr>");
    for cell in cells {
        // Writing to a string cannot fail.
        let _ = write!(row, "<{tag}>{}</{tag}>", escape(&cell));
    }
    row + "</tr>\n"
}
