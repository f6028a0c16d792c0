//! Guests that fail, and commands that cannot work.

use super::components::{counting, stripped};
use super::run::{capture, profile, refuses};
use crate::support::program::Site;

#[test]
fn a_trap_leaves_the_profile_up_to_there() {
    let printed = profile(&["--request", "GET /trap", "-n", "5", &counting()]);
    assert_eq!(printed.sums()[2], (77 + 5, 2));
    assert!(
        printed.out.contains("request 1 (GET /trap): trap: "),
        "{}",
        printed.out
    );
    let place = printed
        .out
        .lines()
        .find(|line| line.starts_with("the trap was in "));
    assert!(
        place.unwrap().contains("abort < heap::by_rust::trap < "),
        "{}",
        printed.out
    );
}

#[test]
fn the_memory_limit_names_who_asked_for_too_much() {
    let printed = profile(&["--request", "GET /too-much", &counting()]).out;
    assert!(
        printed.contains("memory limit of 16 MiB reached"),
        "{printed}"
    );
    let refused = printed
        .lines()
        .find(|line| line.contains("536870912 bytes were refused to "));
    assert!(
        refused.unwrap().contains("heap::by_rust::too_much"),
        "{printed}"
    );
}

#[test]
fn an_allocator_that_nobody_knows() {
    let stripped = stripped();
    refuses(
        &[&stripped],
        &[
            "no allocator found",
            "--allocator NAME=KIND",
            "malloc, calloc",
        ],
    );
}

#[test]
fn an_allocator_that_the_user_names() {
    let own = "heap::by_rust::own_allocator=malloc";
    let printed = profile(&[
        "top",
        "--metric",
        "alloc",
        "--request",
        "GET /own",
        "--allocator",
        own,
        &counting(),
    ]);
    assert_eq!(printed.row("own_caller")[0..2], ["321", "B"]);
    let found = profile(&["-v", "--allocator", own, &counting()]).err;
    assert!(
        found.contains("allocator: heap::by_rust::own_allocator in module 0"),
        "{found}"
    );
    assert!(found.contains("allocator: malloc in module 0"), "{found}");
}

#[test]
fn files_that_are_no_profiles() {
    let site = Site::empty();
    let text = site.write("text.pb.gz", "hello").display().to_string();
    refuses(
        &["top", &text],
        &["text.pb.gz", "neither a capture (.pb.gz) nor a component"],
    );
    let damaged = capture(&site, "heap.pb.gz", &["--request", "GET /rust"]);
    let bytes = std::fs::read(&damaged).unwrap();
    std::fs::write(&damaged, &bytes[..bytes.len() / 2]).unwrap();
    refuses(
        &["top", &damaged],
        &["heap.pb.gz", "damaged: record it again"],
    );
    refuses(&["top", "no-such-file"], &["cannot read no-such-file"]);
    refuses(&[], &["cannot read the manifest spin.toml"]);
}

#[test]
fn patterns_that_match_nothing() {
    refuses(
        &["peek", "no_such_function", &counting()],
        &["no function matches \"no_such_function\""],
    );
}
