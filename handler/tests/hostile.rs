//! Documents made to break a compiler: each ends in a result or a problem, and within the stack
//! that an instance has. Where that took quadratic time, these tests would not end.

use handler::compile::{Options, Source, Zone, compile};
use handler::document::{Document, Kind};
use handler::problem::Problem;
use std::thread;

/// The stack of an instance.
const STACK_BYTES: usize = 128 * 1024;

fn compile_on_a_small_stack(text: String) -> Result<Document, Vec<Problem>> {
    let work = move || {
        let options = Options {
            zone: Zone::UTC,
            smart_punctuation: true,
            lang: "en".to_owned(),
        };
        compile(
            &Source {
                kind: Kind::Post,
                name: "hostile",
                text: text.as_bytes(),
            },
            &options,
        )
    };
    let thread = thread::Builder::new().stack_size(STACK_BYTES).spawn(work);
    thread.expect("a thread").join().expect("no panic")
}

fn body(text: &str) -> String {
    format!("---\ntitle: Hostile\ndate: 2026-11-23\n---\n{text}\n")
}

#[track_caller]
fn check_compiles(text: &str) {
    let result = compile_on_a_small_stack(body(text));
    assert!(result.is_ok(), "{:?}", result.err());
}

#[track_caller]
fn check_problem(source: String, expected: &str) {
    let problems = compile_on_a_small_stack(source).expect_err("a problem");
    let shown: String = problems
        .iter()
        .map(|problem| format!("{problem}\n"))
        .collect();
    assert!(shown.contains(expected), "{expected:?} is not in {shown}");
}

#[test]
fn deep_quotes_and_lists_are_a_problem() {
    check_problem(
        body(&">".repeat(100_000)),
        "line 5: quotes, lists or emphasis lie more than 100 deep",
    );
    let lists = format!("{}x", "- ".repeat(100_000));
    check_problem(
        body(&lists),
        "line 5: quotes, lists or emphasis lie more than 100 deep",
    );
    let emphasis = format!("{}x{}", "*a ".repeat(200), "*x".repeat(200));
    check_problem(
        body(&emphasis),
        "line 5: quotes, lists or emphasis lie more than 100 deep",
    );
}

#[test]
fn brackets_and_marks_compile_in_time() {
    for piece in [
        "[", "![", "](", "[a](", "<", "`", "``a`", "*", "_a", "~~", "$", "$$a", "&", "\\", "[^a]",
        "[^a]:\n", "<!--", "|", "\"", "'",
    ] {
        check_compiles(&format!("x {}", piece.repeat(100_000 / piece.len())));
    }
}

#[test]
fn many_blocks_compile_in_time() {
    check_compiles(&"# a\n".repeat(20_000));
    check_compiles(&"日\n".repeat(50_000));
    check_compiles(&"a[^n]\n\n[^n]: b\n".repeat(5_000));
    check_compiles(&format!(
        "{}\n{}\n{}",
        "|a".repeat(1000),
        "|-".repeat(1000),
        "|b\n".repeat(1000)
    ));
    check_compiles(&"```rust\n'a\n```\n".repeat(10_000));
}

#[test]
fn deep_front_matter_is_a_problem() {
    check_problem(
        format!("---\nextra: {}\n---\n", "[".repeat(10_000)),
        "line 2: ",
    );
    check_problem(
        format!("---\nextra: {}\n---\n", "{a: ".repeat(10_000)),
        "line 2: ",
    );
    let steps: String = (0..300)
        .map(|depth| format!("{}a:\n", " ".repeat(depth)))
        .collect();
    check_problem(format!("---\n{steps}---\n"), "lie more than 16 deep");
    check_problem(
        format!("+++\nextra = {}\n+++\n", "[".repeat(10_000)),
        "line 2: ",
    );
    check_problem(
        format!("+++\nextra = {}1{}\n+++\n", "[".repeat(70), "]".repeat(70)),
        "lie more than 16 deep",
    );
    check_problem(
        format!("+++\n[a{}]\n+++\n", ".a".repeat(10_000)),
        "line 2: ",
    );
}

#[test]
fn large_front_matter_is_a_problem() {
    check_problem(
        format!("---\n{}---\n", "title: x\n".repeat(10_000)),
        "larger than 64 KiB",
    );
    let fields: String = (0..8000).map(|number| format!("k{number}: x\n")).collect();
    check_problem(
        format!("---\nextra:\n{}---\n", fields.replace('k', "  k")),
        "larger than 64 KiB",
    );
    check_problem(
        format!("---\n{}---\n", "title: x\n".repeat(5_000)),
        "the field is there twice",
    );
    check_problem(
        format!("---\n{}---\n", &fields[..60_000]),
        "there is no such field",
    );
}
