//! What requests on one instance leave behind, and what fresh instances do not.

use std::time::{Duration, Instant};

use super::components::{counting, with_lines};
use super::run::profile;

#[test]
fn what_every_request_keeps() {
    let leaks = profile(&["leaks", &counting(), "--request", "GET /keep", "-n", "50"]).out;
    assert!(leaks.contains("\n400.0 bytes in 1.00 blocks per request (17.6 KiB over 45 requests)\n    heap::by_rust::keep\n"), "{leaks}");
    assert!(
        leaks.starts_with(&format!("total allocated: {} bytes", 50 * 405)),
        "{leaks}"
    );
}

#[test]
fn fresh_instances_keep_nothing() {
    let leaks = profile(&[
        "leaks",
        &counting(),
        "--request",
        "GET /keep",
        "-n",
        "50",
        "--reuse",
        "1",
    ])
    .out;
    assert!(leaks.contains("nothing grows over 45 requests"), "{leaks}");
}

#[test]
fn what_is_made_once_does_not_grow() {
    let leaks = profile(&["leaks", &counting(), "--request", "GET /once", "-n", "50"]).out;
    assert!(leaks.contains("nothing grows over 45 requests"), "{leaks}");
}

#[test]
fn an_unbounded_cache_names_its_insert() {
    let fixture = with_lines("leaks");
    let run = [
        "leaks",
        &fixture,
        "--request",
        "GET /cache/{n}",
        "-n",
        "200",
    ];
    let leaks = profile(&run).out;
    let largest = leaks.split("\n\n").nth(1).unwrap();
    assert!(largest.contains("leaks::keep::page_of"), "{leaks}");
    let bytes: f64 = largest.split_whitespace().next().unwrap().parse().unwrap();
    assert!((bytes - 4000.0).abs() < 0.05 * 4000.0, "{leaks}");
    let fresh = profile(&[&run[..], &["--reuse", "1"]].concat()).out;
    assert!(fresh.contains("nothing grows"), "{fresh}");
}

/// A router makes a slab of contexts for each route and verb, and nobody knows why memory is
/// gone: `top` names who takes it, `peek` who lets them.
#[test]
fn the_route_pool_is_found_by_top_and_peek() {
    let fixture = with_lines("leaks");
    let run = [
        "--request",
        "GET /pool/800/100/{n}",
        "--number",
        "50",
        "--reuse",
        "50",
        &fixture,
    ];
    let top = profile(&[&["top", "-n", "10"], &run[..]].concat()).out;
    let mut rows = top.lines().skip_while(|line| !line.ends_with("function"));
    let first = rows.nth(1).unwrap();
    assert!(
        first.contains("leaks::pool::Pool::new") && first.contains("100.0%"),
        "{top}"
    );
    let peek = profile(&[&["peek", "pool::Pool::new"], &run[..]].concat()).out;
    assert!(peek.contains("leaks::pool::Router::new"), "{peek}");
    let leaks = profile(&[&["leaks"], &run[..]].concat()).out;
    assert!(
        leaks.contains("nothing grows"),
        "a step is no leak: {leaks}"
    );
}

#[test]
fn a_thousand_requests_take_less_than_a_minute() {
    let start = Instant::now();
    profile(&[&counting(), "--request", "GET /some", "-n", "1000"]);
    assert!(
        start.elapsed() < Duration::from_secs(60),
        "{:?}",
        start.elapsed()
    );
}
