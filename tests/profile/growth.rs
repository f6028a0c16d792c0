//! What requests on one instance leave behind, and what fresh instances do not.

use super::run::{guest, profile, text};
use crate::guests;

#[test]
fn what_every_request_keeps() {
    let leaks = profile(&["leaks", &guest(), "--request", "GET /keep", "-n", "50"]).out;
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
        &guest(),
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
    let leaks = profile(&["leaks", &guest(), "--request", "GET /once", "-n", "50"]).out;
    assert!(leaks.contains("nothing grows over 45 requests"), "{leaks}");
}

#[test]
fn an_unbounded_cache_names_its_insert() {
    let fixture = text(guests::leaks());
    let leaks = profile(&[
        "leaks",
        &fixture,
        "--request",
        "GET /cache/{n}",
        "-n",
        "200",
    ])
    .out;
    let first = leaks.split("\n\n").nth(1).unwrap();
    assert!(first.contains("page_of"), "{leaks}");
    let bytes: f64 = first.split_whitespace().next().unwrap().parse().unwrap();
    assert!((bytes - 4000.0).abs() < 0.05 * 4000.0, "{leaks}");
    let fresh = profile(&[
        "leaks",
        &fixture,
        "--request",
        "GET /cache/{n}",
        "-n",
        "200",
        "--reuse",
        "1",
    ])
    .out;
    assert!(fresh.contains("nothing grows"), "{fresh}");
}

/// The fault that this program is named after avoiding: a router that makes slabs of contexts.
#[test]
fn the_route_pool_is_found_by_top_and_peek() {
    let fixture = text(guests::with_lines("leaks"));
    let run = [fixture.as_str(), "--request", "GET /pool/800/200/{n}"];
    let top = profile(
        &[
            &[
                "top",
                "-n",
                "10",
                "--number",
                "50",
                "--reuse",
                "50",
                "--memory-limit",
                "64MiB",
            ][..],
            &run,
        ]
        .concat(),
    );
    let first = top
        .out
        .lines()
        .skip_while(|line| !line.contains("function"))
        .nth(1)
        .unwrap();
    assert!(first.contains("Pool::new"), "{}", top.out);
}
