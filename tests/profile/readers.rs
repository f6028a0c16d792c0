//! The readers, on a capture of the counting guest.

use super::components::{counting, leaks, with_lines};
use super::run::{Printed, capture, profile};
use crate::support::program::Site;

#[track_caller]
fn read(arguments: &[&str]) -> Printed {
    let site = Site::empty();
    let capture = capture(&site, "heap.pb.gz", &["--request", "GET /rust"]);
    profile(&[arguments, &[&capture]].concat())
}

#[track_caller]
fn contains(printed: &Printed, parts: &[&str]) {
    for part in parts {
        assert!(
            printed.out.contains(part),
            "{part:?} is not in: {}",
            printed.out
        );
    }
}

#[test]
fn top_in_both_orders() {
    let flat = read(&["top", "--rows", "3"]);
    let row = flat.row("heap::by_rust::plain");
    assert_eq!(
        row[..8],
        ["700", "B", "7.0%", "97.0%", "700", "B", "7.0%", "7"]
    );
    contains(
        &flat,
        &["bytes left at the end", "more functions: --rows shows more"],
    );
    // Nothing that has bytes of its own stands above the function that has called all others.
    let cum = read(&["top", "--sort", "cum"]);
    let row = cum.row("wasi:http/incoming-handler@0.2.0#handle");
    assert_eq!(
        row[..8],
        ["0", "B", "0.0%", "0.0%", "9.8", "KiB", "100.0%", "0"]
    );
}

#[test]
fn peek_between_callers_and_callees() {
    let arguments = ["peek", "by_rust::growing$", "--metric", "alloc"];
    let peek = read(&arguments);
    contains(
        &peek,
        &[
            "  6.8 KiB 100.0% |   heap::by_rust::all_ways\n     6.8 KiB      6.8 KiB  51.5%  heap::by_rust::growing\n",
        ],
    );
    let library = read(&["peek", "by_rust::zeroed$", "--library"]);
    contains(&library, &["4.9 KiB 100.0% |   alloc::vec::from_elem"]);
}

#[test]
fn filters() {
    let focus = read(&["top", "--focus", "growing"]);
    assert!(
        focus.out.contains("growing") && !focus.out.contains("plain"),
        "{}",
        focus.out
    );
    let ignore = read(&["top", "--ignore", "growing"]);
    assert!(
        !ignore.out.contains("growing") && ignore.out.contains("plain"),
        "{}",
        ignore.out
    );
    let hide = read(&["top", "--library", "--hide", "^alloc::"]);
    assert_eq!(hide.row("growing")[0..2], ["3.9", "KiB"]);
}

#[test]
fn diff_shows_what_changed() {
    let site = Site::empty();
    let old = capture(&site, "old.pb.gz", &["--request", "GET /keep"]);
    let new = capture(&site, "new.pb.gz", &["--request", "GET /rust"]);
    let diff = profile(&["diff", &old, &new]);
    contains(&diff, &["left at the end: +9600 bytes in +9 blocks"]);
    assert_eq!(diff.row("by_rust::keep")[0..2], ["-400", "B"]);
    assert_eq!(diff.row("by_rust::plain")[0..2], ["700", "B"]);
    let same = profile(&["diff", &old, &old]);
    contains(&same, &["left at the end: +0 bytes in +0 blocks"]);
    assert!(!same.out.contains("heap::"), "{}", same.out);
}

#[test]
fn rows_are_rows_and_n_is_requests() {
    let table = |printed: &Printed| {
        let rows = printed.out.lines();
        let rows = rows.skip_while(|line| !line.ends_with("function")).skip(1);
        rows.take_while(|line| !line.contains("more functions"))
            .count()
    };
    let counting = counting();
    let run = ["--request", "GET /keep", "-n", "3"];
    for reader in [&[][..], &["top"], &["peek", "by_rust::keep"]] {
        let three = profile(&[reader, &run[..], &[&counting]].concat());
        let one = profile(&[reader, &run[..2], &["-n", "1", &counting]].concat());
        let (allocated, _) = three.sums()[0];
        assert_eq!(allocated, 3 * one.sums()[0].0, "{reader:?}");
    }
    let site = Site::empty();
    let old = capture(&site, "old.pb.gz", &["--request", "GET /keep"]);
    let new = capture(&site, "new.pb.gz", &["--request", "GET /rust"]);
    for reader in [&[new.as_str()][..], &["top", &new], &["diff", &old, &new]] {
        for rows in ["1", "3"] {
            let printed = profile(&[reader, &["--rows", rows]].concat());
            let shown = table(&printed).to_string();
            assert_eq!(shown, rows, "{reader:?}: {}", printed.out);
        }
    }
}

/// Every reader runs a component as well as it reads a capture, and says the sums first.
#[test]
fn readers_of_components() {
    let requests = ["--request", "GET /rust", "--metric", "alloc"];
    for reader in [&["top"][..], &["peek", "plain"], &["svg"], &["flamegraph"]] {
        let printed = profile(&[reader, &requests[..], &[&with_lines("heap")]].concat());
        assert!(
            printed.out.contains("by_rust::plain"),
            "{reader:?}: {}",
            printed.out
        );
        let sums = "total allocated: 13";
        let first = [&printed.out, &printed.err].map(|text| text.contains(sums));
        assert!(first.contains(&true), "{reader:?}: {}", printed.out);
    }
    let run = ["--request", "GET /rust"];
    let diff = profile(&[&["diff", &counting(), &counting()], &run[..]].concat());
    contains(&diff, &["left at the end: +0 bytes in +0 blocks"]);
}

#[test]
fn pictures() {
    for picture in ["svg", "flamegraph"] {
        let drawn = read(&[picture]);
        contains(
            &drawn,
            &[
                "</svg>",
                "by_rust::plain",
                "left at the end: 10000 bytes in 10 blocks",
            ],
        );
        assert!(drawn.err.contains("peak: "), "{}", drawn.err);
    }
}

#[test]
fn inlined_functions_where_the_component_carries_them() {
    let run = ["--rows", "1000", "--request", "GET /cache/1"];
    let top = |component: &str| profile(&[&["top", component], &run[..]].concat()).out;
    let (with, without) = (top(&with_lines("leaks")), top(&leaks()));
    assert!(with.contains("leaks::keep::page_of"), "{with}");
    assert!(
        !without.contains("page_of"),
        "not inlined any more: {without}"
    );
}
