//! Captures read by the tool that the format comes from.

use super::components::{counting, with_lines};
use super::run::{capture, go_pprof, profile};
use crate::support::program::Site;

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
fn names_as_they_are_and_as_they_are_read() {
    let site = Site::empty();
    let capture = capture(&site, "heap.pb.gz", &["--request", "GET /rust"]);
    let raw = go_pprof(&["-raw", &capture]);
    let plain = raw
        .lines()
        .find(|line| line.contains("heap::by_rust::growing"));
    let plain = plain.unwrap_or_else(|| panic!("{raw}"));
    // The name in the binary stands behind it.
    assert!(
        plain.contains("(_") && plain.contains("7growing"),
        "{plain}"
    );
}

#[test]
fn a_mapping_for_each_module_with_its_build_id() {
    let site = Site::empty();
    let capture = capture(&site, "heap.pb.gz", &["--request", "GET /rust"]);
    let raw = go_pprof(&["-raw", &capture]);
    let (_, mappings) = raw.split_once("\nMappings\n").unwrap();
    let mappings: Vec<_> = mappings.lines().collect();
    assert!(mappings[0].contains("heap.wasm[0 heap.wasm]"), "{raw}");
    for mapping in mappings {
        let id = mapping
            .split_whitespace()
            .find(|word| word.len() >= 32 && word.chars().all(|digit| digit.is_ascii_hexdigit()));
        assert!(
            id.is_some() && mapping.ends_with("[FN][FL][LN][IN]"),
            "{mapping}"
        );
    }
}

#[test]
fn lines_and_inlined_functions() {
    let site = Site::empty();
    let path = site.folder.join("lines.pb.gz").display().to_string();
    profile(&["-o", &path, "--request", "GET /rust", &with_lines("heap")]);
    let raw = go_pprof(&["-raw", &path]);
    assert!(raw.contains("heap/src/by_rust.rs:48"), "{raw}");
    // One address, two functions: the second line has no number of its own.
    let inlined = raw.lines().any(|line| {
        line.starts_with("             ")
            && line.contains("heap::by_rust::")
            && line.contains("by_rust.rs:")
    });
    assert!(inlined, "{raw}");
}

#[test]
fn peek_shows_callers() {
    let site = Site::empty();
    let capture = capture(&site, "heap.pb.gz", &["--request", "GET /rust"]);
    let peek = go_pprof(&[
        "-peek",
        "by_rust::zeroed",
        "-sample_index=alloc_space",
        &capture,
    ]);
    assert!(peek.contains("heap::by_rust::all_ways"), "{peek}");
    assert!(peek.contains("from_elem"), "{peek}");
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
