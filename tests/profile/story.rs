//! The story: memory is gone and nobody knows why. `top` names who takes it, `peek` who lets
//! them, and `leaks` what will never be enough. The components are release builds, unmodified.

use super::components::{leaks, service, with_lines};
use super::run::{go_pprof, profile};
use crate::support::guests::root;
use crate::support::program::Site;

/// A router makes a slab of contexts for each route and verb.
const POOL: [&str; 6] = [
    "--request",
    "GET /pool/800/110/{n}",
    "--number",
    "50",
    "--reuse",
    "50",
];
const CACHE: [&str; 4] = ["--request", "GET /cache/{n}", "--number", "200"];

#[track_caller]
fn on_leaks(reader: &[&str], run: &[&str]) -> String {
    profile(&[reader, run, &[&leaks()]].concat()).out
}

/// The share, in percent, that the row of a table begins with.
#[track_caller]
fn share(row: &str) -> f64 {
    let share = row.split_whitespace().find(|word| word.ends_with('%'));
    share.unwrap().trim_end_matches('%').parse().unwrap()
}

#[test]
fn top_puts_the_pools_constructor_first() {
    let top = on_leaks(&["top", "--rows", "10"], &POOL);
    let mut rows = top.lines().skip_while(|line| !line.ends_with("function"));
    let mut row = |name: &str| {
        let row = rows.find(|row| row.contains("::")).unwrap_or_default();
        assert!(row.ends_with(name), "{name} is not next in {top}");
        share(row)
    };
    let constructor = row("leaks::pool::Pool::new");
    let kept = row("leaks::pool::Buffers::new");
    assert!((constructor - 66.7).abs() < 1.0, "{top}");
    assert!((constructor + kept - 100.0).abs() < 1.0, "{top}");
}

#[test]
fn peek_shows_who_registers_routes() {
    let peek = on_leaks(&["peek", "Pool::new$"], &POOL);
    let mut rows = peek.lines().skip_while(|line| !line.ends_with("function"));
    let caller = rows.nth(1).unwrap();
    assert!(
        caller.ends_with("|   leaks::pool::Router::register"),
        "{peek}"
    );
    assert_eq!(share(caller), 100.0, "{peek}");
    assert!(rows.next().unwrap().ends_with("leaks::pool::Pool::new"));
}

#[test]
fn the_tool_of_the_story_says_the_same() {
    let site = Site::empty();
    let path = site.folder.join("pool.pb.gz").display().to_string();
    profile(&[&["-o", &path, &leaks()], &POOL[..]].concat());
    let top = go_pprof(&["-top", "-hide=^alloc::", &path]);
    let mut rows = top.lines().skip_while(|line| !line.contains("flat%"));
    let first = rows.nth(1).unwrap();
    assert!(first.ends_with("leaks::pool::Pool::new"), "{top}");
    assert!((share(first) - 66.7).abs() < 1.0, "{top}");
    let peek = go_pprof(&["-peek", "pool::Pool::new$", "-hide=^alloc::", &path]);
    assert!(
        peek.contains("100% |   leaks::pool::Router::register"),
        "{peek}"
    );
}

#[test]
fn a_pool_is_a_step_and_no_leak() {
    for reuse in ["50", "1"] {
        let leaks = on_leaks(&["leaks", "--reuse", reuse], &POOL[..4]);
        assert!(leaks.contains("nothing grows over 45 requests"), "{leaks}");
    }
}

#[test]
fn leaks_names_the_insert_of_an_unbounded_cache() {
    // The insert is inlined, so it takes a build with lines to see it.
    let leaks = profile(&[&["leaks", &with_lines("leaks")], &CACHE[..]].concat()).out;
    let largest = leaks.split("\n\n").nth(1).unwrap();
    assert!(largest.contains("leaks::keep::page_of"), "{leaks}");
    let bytes: f64 = largest.split_whitespace().next().unwrap().parse().unwrap();
    assert!((bytes - 4000.0).abs() < 0.05 * 4000.0, "{leaks}");
    let fresh = on_leaks(&["leaks", "--reuse", "1"], &CACHE);
    assert!(fresh.contains("nothing grows over 180 requests"), "{fresh}");
}

#[test]
fn the_same_cache_in_a_component_of_wasi_0_3() {
    let run = ["--request", "GET /cache?{n}", "--number", "200"];
    let leaks = profile(&[&["leaks", &service()], &run[..]].concat()).out;
    let largest = leaks.split("\n\n").nth(1).unwrap();
    assert!(largest.contains("wasi:http/handler@0.3"), "{leaks}");
    let bytes: f64 = largest.split_whitespace().next().unwrap().parse().unwrap();
    assert!((bytes - 4000.0).abs() < 0.05 * 4000.0, "{leaks}");
}

/// What the posts show is what the tool prints, as far as it depends on no compiler.
#[test]
fn the_posts_show_what_is_printed() {
    let printed = [
        (on_leaks(&["top", "--rows", "4"], &POOL), "MiB  66.7%"),
        (on_leaks(&["top", "--rows", "4"], &POOL), "MiB  33.3%"),
        (on_leaks(&["peek", "Pool::new$"], &POOL), "Router::register"),
        (
            on_leaks(&["peek", "Pool::new$"], &POOL),
            "  leaks::pool::Pool::new",
        ),
    ];
    for post in ["2024-01-16-the-leak.md", "2024-02-20-一次内存泄漏.md"] {
        let path = root().join("content/posts").join(post);
        let text = std::fs::read_to_string(path).unwrap();
        for (output, row) in &printed {
            let row = output.lines().find(|line| line.contains(row)).unwrap();
            assert!(text.contains(row), "{post} does not show {row:?}");
        }
    }
}
