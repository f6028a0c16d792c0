//! `/debug/pprof/`: the profiles that there are, in the manner of Go's page.

use maud::{Markup, html};

use super::answer::{self, Answer};
use super::page::STYLE;
use super::state::Debug;
use crate::html::{number, page, table};

/// Shows the list.
pub(super) fn show(debug: &Debug) -> Answer {
    let samples = debug.heap.samples();
    let rows = [
        row("heap", samples, &heap()),
        row(
            "allocs",
            samples,
            &html! { "The same, and all that was allocated first." },
        ),
        row(
            "host",
            0,
            &html! { "The heap of this program itself, a block sampled about every 512 KiB since it listens here." },
        ),
        row("cmdline", 0, &html! { "The command line of this program." }),
    ];
    let head = [html! { "Count" }, html! { "Profile" }, html! {}];
    let body = html! {
        h1 { "/debug/pprof/" } "\n"
        p {
            "Read them with " code { "go tool pprof http://ADDRESS/debug/pprof/heap" } ". "
            a href="/debug/" { "Requests" } ", " a href="/metrics" { "metrics" } "."
        }
        "\n"
        (table(&head, rows))
        p { "Counts: samples of the last heap profile." }
    };
    answer::html(page("/debug/pprof/", STYLE, None, &body))
}

fn heap() -> Markup {
    html! {
        "What a guest's instances have in use. Requests of the routes that are asked for most are put to instances of their own; "
        code { "path=" } " (several may be given), " code { "n=" } " and " code { "reuse=" } " choose others."
    }
}

fn row(name: &str, count: usize, what: &Markup) -> Markup {
    html! { (number(count)) td { a href=(name) { (name) } } td { (what) } }
}
