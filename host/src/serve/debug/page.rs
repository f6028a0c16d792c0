//! `/debug/`: the live page. Requests that run, the last that ended, routes by their peak. It
//! loads itself again and needs no script.

use std::time::{Duration, SystemTime};

use maud::{Markup, html};

use super::answer::{Answer, Failure};
use super::query::Query;
use super::state::Debug;
use crate::html::{self, number};
use crate::serve::recent::Ended;
use instance::End;
use instance::units::{show_bytes, show_size, show_time};
use leaktest::process::Process;

pub(super) const STYLE: &str = include_str!("style.css");

/// How often the page loads itself, in seconds.
const REFRESH: u32 = 2;

/// Shows the page; `refresh=0` keeps it as it is.
pub(super) fn show(debug: &Debug, query: &Query) -> Result<Answer, Failure> {
    let refresh = query.number("refresh", REFRESH, 0..=3600)?;
    let component = debug.runtime.path().file_name().unwrap_or_default();
    let component = component.to_string_lossy();
    let body = html! {
        h1 { (component) } "\n"
        p { (summary(debug)) } "\n"
        p {
            a href="?refresh=0" { "stand still" } ", " a href="?" { "go on" } "; "
            a href="/debug/pprof/" { "profiles" } ", " a href="/metrics" { "metrics" }
        }
        "\n"
        h2 { "Running" } "\n" (running(debug))
        h2 { "Routes by peak memory" } "\n" (routes(debug))
        h2 { "Recent" } "\n" (recent(debug))
    };
    let refresh = (refresh > 0).then_some(refresh);
    Ok(super::answer::html(html::page(
        &component, STYLE, refresh, &body,
    )))
}

fn summary(debug: &Debug) -> String {
    let (alive, limits) = (debug.runtime.alive(), debug.runtime.limits());
    format!(
        "{} requests, {alive} of {} instances alive, {} of memory for each at most; this program has {} resident",
        debug.record.requests(),
        limits.instances,
        show_size(limits.memory_bytes),
        show_bytes(Process::now().resident_bytes as f64)
    )
}

fn running(debug: &Debug) -> Markup {
    let head = [
        "request", "since", "queue", "ran", "store", "memory", "peak",
    ];
    let running = debug.record.recent.running().into_iter();
    let rows = running.map(|(request, used)| {
        html! {
            (code(&request))
            (number(show_time(used.total)))
            (number(show_time(used.queue)))
            (number(show_time(used.execute)))
            (number(show_time(used.store)))
            (number(show_size(used.memory_bytes)))
            (number(show_size(used.peak_memory_bytes)))
        }
    });
    table(&head, rows.collect())
}

fn routes(debug: &Debug) -> Markup {
    let head = ["route", "requests", "mean time", "peak", "of"];
    let routes = debug.record.routes.by_peak().into_iter();
    let rows = routes.map(|(name, route)| {
        let mean = Duration::from_micros(route.total_us / route.requests.max(1));
        html! {
            (code(&name))
            (number(route.requests))
            (number(show_time(mean)))
            (number(show_size(route.peak_memory_bytes)))
            (code(&route.peak_target))
        }
    });
    table(&head, rows.collect())
}

fn recent(debug: &Debug) -> Markup {
    let head = [
        "ago", "request", "status", "time", "queue", "make", "run", "store", "peak", "trips",
        "read", "end",
    ];
    let rows = debug.record.recent.ended().into_iter().map(|ended| {
        let Ended {
            at,
            request,
            status,
            sample,
        } = ended;
        let ago = SystemTime::now().duration_since(at).unwrap_or_default();
        let time = |us| number(show_time(Duration::from_micros(us)));
        html! {
            (number(format!("{} s", ago.as_secs())))
            (code(&request))
            (number(status))
            (time(sample.total_us))
            (time(sample.queue_us))
            (time(sample.instantiate_us))
            (time(sample.execute_us))
            (time(sample.store_us))
            (number(show_size(sample.peak_memory_bytes)))
            (number(sample.store.store_round_trips))
            (number(show_bytes(sample.store.store_read_bytes as f64)))
            (end(&sample.end))
        }
    });
    table(&head, rows.collect())
}

fn code(text: &str) -> Markup {
    html! { td { code { (text) } } }
}

fn end(end: &End) -> Markup {
    match end {
        End::Done => html! { td {} },
        end => html! { td.bad { (end.to_string()) } },
    }
}

fn table(head: &[&str], rows: Vec<Markup>) -> Markup {
    match rows.is_empty() {
        true => html! { p { "none" } "\n" },
        false => html::table(head, rows),
    }
}
