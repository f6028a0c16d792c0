//! The report with graphs: one HTML file that needs no other file, no script and no network.

use instance::units::show_bytes;
use leaktest::statistics::Judgement;
use maud::{Markup, html};

use super::plot;
use crate::html;
use crate::measure::figures::{amount, count, judged, mean_time, word};
use crate::measure::measurement::{Measured, Measurement};

const STYLE: &str = include_str!("page.css");

/// The report as HTML.
pub(super) fn show(measurement: &Measurement) -> String {
    let outcome = word(measurement.verdict.outcome);
    let title = format!("{}: {outcome}", measurement.component);
    let body = html! {
        h1 { (measurement.component) } "\n"
        p { span class={ "outcome " (outcome) } { (outcome) } ". " (measurement.verdict.summary) } "\n"
        @for measured in &measurement.series { (graph(measured)) }
        h2 { "Peaks" } "\n" (plot::histogram(&measurement.peaks))
        h2 { "Requests" } "\n" (kinds(measurement))
        h2 { "Measured" } "\n" (circumstances(measurement))
    };
    html::page(&title, STYLE, None, &body)
}

fn graph(measured: &Measured) -> Markup {
    let trend = &measured.trend;
    let show = |value| amount(measured.measure, value);
    html! {
        h2 { (measured.measure.name()) ": " (judged(trend.judgement)) } "\n"
        p {
            "From " (show(trend.base)) " to " (show(trend.plateau))
            @if trend.judgement == Judgement::Leak {
                ", " (show(trend.slope.per_request)) " a request"
            }
            "."
        }
        "\n"
        (plot::series(measured))
    }
}

fn kinds(measurement: &Measurement) -> Markup {
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
    let some = |amount: Option<f64>| amount.map_or_else(|| "-".to_owned(), show_bytes);
    let rows = measurement.kinds.iter().map(|kind| {
        cells(&[
            kind.request.clone(),
            count(kind.requests),
            count(kind.answered),
            show_bytes(kind.peak_memory_bytes as f64),
            some(kind.allocated_bytes),
            some(kind.retained_bytes),
            mean_time(kind.instantiate_us),
            mean_time(kind.execute_us),
            mean_time(kind.total_us),
        ])
    });
    html::table(&head, rows)
}

fn circumstances(measurement: &Measurement) -> Markup {
    let rows = settings(measurement)
        .into_iter()
        .chain(surroundings(measurement));
    let rows = rows.map(|(name, value)| cells(&[name.to_owned(), value]));
    html::table::<&str>(&[], rows)
}

fn settings(measurement: &Measurement) -> [(&'static str, String); 8] {
    let settings = &measurement.settings;
    let reuse = settings.reuse;
    let reuse = reuse.map_or_else(|| "1, fresh each".to_owned(), count);
    let budget = settings.budget_bytes;
    let budget = budget.map_or_else(|| "of each measure".to_owned(), show_bytes);
    let warmup = format!("{} requests", count(settings.scope.warmup));
    let seconds = measurement.elapsed_ms as f64 / 1000.0;
    [
        ("requests", count(measurement.requests)),
        ("instances", count(measurement.instances)),
        ("requests an instance", reuse),
        ("requests at a time", settings.concurrency.to_string()),
        ("warm-up", warmup),
        ("budget", budget),
        (
            "memory limit",
            show_bytes(settings.memory_limit_bytes as f64),
        ),
        ("time", format!("{seconds:.1} s")),
    ]
}

fn surroundings(measurement: &Measurement) -> [(&'static str, String); 7] {
    let (machine, host) = (&measurement.machine, &measurement.host);
    let pool = host.pool.unwrap_or_default();
    let change = |before, after| format!("{before} before, {after} after");
    [
        (
            "open files",
            change(host.before.open_files, host.after.open_files),
        ),
        ("threads", change(host.before.threads, host.after.threads)),
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
    ]
}

fn cells(cells: &[String]) -> Markup {
    html! { @for cell in cells { td { (cell) } } }
}
