//! `/debug/`: the live page. Requests that run, the last that ended, routes by their peak. It
//! loads itself again and needs no script.

use std::fmt::Write;
use std::time::{Duration, SystemTime};

use super::Debug;
use super::answer::{Answer, Failure, html};
use super::query::Query;
use crate::html::escape;
use crate::serve::recent::Ended;
use instance::End;
use leaktest::process::Process;

pub(super) const STYLE: &str = include_str!("style.css");

/// How often the page loads itself, in seconds.
const REFRESH: u32 = 2;

/// Shows the page; `refresh=0` keeps it as it is.
pub(super) fn show(debug: &Debug, query: &Query) -> Result<Answer, Failure> {
    let refresh = match query.number("refresh", REFRESH, 0..=3600)? {
        0 => String::new(),
        seconds => format!("<meta http-equiv=\"refresh\" content=\"{seconds}\">\n"),
    };
    let component = debug.runtime.path().file_name().unwrap_or_default();
    let component = escape(&component.to_string_lossy());
    Ok(html(format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n{refresh}\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{component}</title>\n\
         <style>\n{STYLE}</style>\n<h1>{component}</h1>\n{}\
         <p><a href=\"?refresh=0\">stand still</a>, <a href=\"?\">go on</a>; \
         <a href=\"/debug/pprof/\">profiles</a>, <a href=\"/metrics\">metrics</a></p>\n\
         <h2>Running</h2>\n{}<h2>Routes by peak memory</h2>\n{}<h2>Recent</h2>\n{}</html>\n",
        summary(debug),
        running(debug),
        routes(debug),
        recent(debug)
    )))
}

fn summary(debug: &Debug) -> String {
    let (alive, limits) = (debug.runtime.alive(), debug.runtime.limits());
    format!(
        "<p>{} requests, {alive} of {} instances alive, {} of memory for each at most; this program has {} resident</p>\n",
        debug.record.requests(),
        limits.instances,
        bytes(limits.memory_bytes as u64),
        bytes(Process::now().resident_bytes)
    )
}

fn running(debug: &Debug) -> String {
    let rows = debug
        .record
        .recent
        .running()
        .into_iter()
        .map(|(request, used)| {
            row(&[
                Cell::Code(&request),
                Cell::Number(time(used.total)),
                Cell::Number(time(used.queue)),
                Cell::Number(time(used.execute)),
                Cell::Number(time(used.store)),
                Cell::Number(bytes(used.memory_bytes as u64)),
                Cell::Number(bytes(used.peak_memory_bytes as u64)),
            ])
        });
    table(
        &[
            "request", "since", "queue", "ran", "store", "memory", "peak",
        ],
        rows,
    )
}

fn routes(debug: &Debug) -> String {
    let rows = debug
        .record
        .routes
        .by_peak()
        .into_iter()
        .map(|(name, route)| {
            let mean = Duration::from_micros(route.total_us / route.requests.max(1));
            row(&[
                Cell::Code(&name),
                Cell::Number(route.requests.to_string()),
                Cell::Number(time(mean)),
                Cell::Number(bytes(route.peak_memory_bytes as u64)),
                Cell::Code(&route.peak_target),
            ])
        });
    table(&["route", "requests", "mean time", "peak", "of"], rows)
}

fn recent(debug: &Debug) -> String {
    let rows = debug.record.recent.ended().into_iter().map(|ended| {
        let Ended {
            at,
            request,
            status,
            sample,
        } = ended;
        let ago = SystemTime::now().duration_since(at).unwrap_or_default();
        let end = match &sample.end {
            End::Done => Cell::Text(String::new()),
            end => Cell::Bad(end.to_string()),
        };
        let us = |us| Cell::Number(time(Duration::from_micros(us)));
        row(&[
            Cell::Number(format!("{} s", ago.as_secs())),
            Cell::Code(&request),
            Cell::Number(status.to_string()),
            us(sample.total_us),
            us(sample.queue_us),
            us(sample.instantiate_us),
            us(sample.execute_us),
            us(sample.store_us),
            Cell::Number(bytes(sample.peak_memory_bytes as u64)),
            Cell::Number(sample.store.store_round_trips.to_string()),
            Cell::Number(bytes(sample.store.store_read_bytes)),
            end,
        ])
    });
    let head = [
        "ago", "request", "status", "time", "queue", "make", "run", "store", "peak", "trips",
        "read", "end",
    ];
    table(&head, rows)
}

enum Cell<'a> {
    Text(String),
    Bad(String),
    Number(String),
    Code(&'a str),
}

fn row(cells: &[Cell]) -> String {
    let mut row = "<tr>".to_owned();
    for cell in cells {
        // Writing to a string cannot fail.
        let _ = match cell {
            Cell::Text(text) => write!(row, "<td>{}</td>", escape(text)),
            Cell::Bad(text) => write!(row, "<td class=\"bad\">{}</td>", escape(text)),
            Cell::Number(text) => write!(row, "<td class=\"n\">{}</td>", escape(text)),
            Cell::Code(text) => write!(row, "<td><code>{}</code></td>", escape(text)),
        };
    }
    row + "</tr>\n"
}

fn table(head: &[&str], rows: impl Iterator<Item = String>) -> String {
    let rows: String = rows.collect();
    if rows.is_empty() {
        return "<p>none</p>\n".to_owned();
    }
    let head: String = head.iter().map(|name| format!("<th>{name}</th>")).collect();
    format!("<table>\n<tr>{head}</tr>\n{rows}</table>\n")
}

fn bytes(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{:.1} KiB", bytes as f64 / 1024.0),
        _ => format!("{:.1} MiB", bytes as f64 / 1_048_576.0),
    }
}

fn time(time: Duration) -> String {
    match time.as_micros() {
        us @ 0..1000 => format!("{us} \u{b5}s"),
        1000..1_000_000 => format!("{:.1} ms", time.as_secs_f64() * 1000.0),
        _ => format!("{:.1} s", time.as_secs_f64()),
    }
}
