//! What requests on one instance leave behind, and what fresh instances do not.

use super::components::counting;
use super::run::{capture, profile};
use crate::support::program::Site;

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
fn a_capture_tells_of_growth_too() {
    let site = Site::empty();
    let requests = ["--request", "GET /keep", "-n", "50"];
    let capture = capture(
        &site,
        "heap.pb.gz",
        &[&requests[..], &["--reuse", "50"]].concat(),
    );
    let read = profile(&["leaks", &capture]).out;
    let run = profile(&[&["leaks", &counting()], &requests[..]].concat()).out;
    assert_eq!(read, run);
    let other = profile(&["leaks", "--ignore", "keep", &capture]).out;
    assert!(!other.contains("heap::by_rust::keep"), "{other}");
}
