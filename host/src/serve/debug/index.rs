//! `/debug/pprof/`: the profiles that there are, in the manner of Go's page.

use super::Debug;
use super::answer::{Answer, html};
use super::page::STYLE;

/// Shows the list.
pub(super) fn show(debug: &Debug) -> Answer {
    let samples = debug.heap.samples();
    let rows = [
        (
            "heap",
            samples,
            "What a guest's instances have in use. Requests of the routes that are asked for most are put to instances of their own; <code>path=</code> (several may be given), <code>n=</code> and <code>reuse=</code> choose others.",
        ),
        (
            "allocs",
            samples,
            "The same, and all that was allocated first.",
        ),
        (
            "host",
            0,
            "The heap of this program itself, a block sampled about every 512 KiB since it listens here.",
        ),
        ("cmdline", 0, "The command line of this program."),
    ];
    let rows = rows.map(|(name, count, what)| {
        format!("<tr><td class=\"n\">{count}</td><td><a href=\"{name}\">{name}</a></td><td>{what}</td></tr>\n")
    });
    html(format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>/debug/pprof/</title>\n\
         <style>\n{STYLE}</style>\n<h1>/debug/pprof/</h1>\n\
         <p>Read them with <code>go tool pprof http://ADDRESS/debug/pprof/heap</code>. <a href=\"/debug/\">Requests</a>, <a href=\"/metrics\">metrics</a>.</p>\n\
         <table>\n<tr><th class=\"n\">Count</th><th>Profile</th><th></th></tr>\n{}</table>\n\
         <p>Counts: samples of the last heap profile.</p>\n</html>\n",
        rows.concat()
    ))
}
