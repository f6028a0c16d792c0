//! Captures read by the tool that the format comes from.

use super::components::counting;
use super::run::{capture, go_pprof, profile};
use crate::program::Site;

#[test]
fn top_shows_the_same_bytes() {
    let site = Site::empty();
    let capture = capture(&site, "heap.pb.gz", &["--request", "GET /libc"]);
    let top = go_pprof(&["-top", "-unit=B", "-sample_index=alloc_space", &capture]);
    assert!(top.contains("Total samples = 10062B"), "{top}");
    for row in ["168B", "91B", "728B", "9070B"] {
        assert!(top.contains(row), "{row} is not in: {top}");
    }
    assert!(
        !top.contains("posix_memalign"),
        "the allocator's own frames: {top}"
    );
}

#[test]
fn all_sample_types_in_their_order() {
    let site = Site::empty();
    let capture = capture(&site, "heap.pb.gz", &["--request", "GET /rust"]);
    let raw = go_pprof(&["-raw", &capture]);
    assert!(raw.contains("PeriodType: space bytes"), "{raw}");
    let types = "alloc_objects/count alloc_space/bytes inuse_objects/count inuse_space/bytes[dflt] peak_objects/count peak_space/bytes";
    assert!(raw.contains(types), "{raw}");
    for label in ["bytes:[100", "request:[GET /rust]", "heap.wasm[0"] {
        assert!(raw.contains(label), "{label} is not in: {raw}");
    }
}

#[test]
fn peek_shows_callers() {
    let site = Site::empty();
    let capture = capture(&site, "heap.pb.gz", &["--request", "GET /rust"]);
    let peek = go_pprof(&[
        "-peek",
        "by_rust::growing",
        "-sample_index=alloc_space",
        &capture,
    ]);
    assert!(peek.contains("heap::by_rust::all_ways"), "{peek}");
    assert!(peek.contains("reserve_exact"), "{peek}");
}

#[test]
fn svg_is_drawn() {
    let site = Site::empty();
    let capture = capture(&site, "heap.pb.gz", &["--request", "GET /rust"]);
    let svg = go_pprof(&["-svg", "-output=/dev/stdout", &capture]);
    assert!(svg.contains("</svg>") && svg.contains("by_rust"), "{svg}");
}

#[test]
fn base_is_subtracted() {
    let site = Site::empty();
    let old = capture(&site, "old.pb.gz", &["--request", "GET /keep"]);
    let new = capture(
        &site,
        "new.pb.gz",
        &["--request", "GET /keep", "--request", "GET /rust"],
    );
    let base = format!("-base={old}");
    let top = go_pprof(&[
        "-top",
        "-unit=B",
        "-sample_index=alloc_objects",
        &base,
        &new,
    ]);
    assert!(top.contains("by_rust::plain"), "{top}");
    assert!(!top.contains("by_rust::keep"), "{top}");
}

#[test]
fn what_is_recorded_is_what_is_read() {
    let site = Site::empty();
    let capture = capture(&site, "heap.pb.gz", &["--request", "GET /rust"]);
    let read = profile(&["top", "--metric", "peak", &capture]).out;
    let run = profile(&[
        "top",
        "--metric",
        "peak",
        &counting(),
        "--request",
        "GET /rust",
    ])
    .out;
    assert_eq!(read, run);
}
