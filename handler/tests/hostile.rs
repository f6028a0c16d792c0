//! Documents made to break a compiler: each ends in a result or a problem, and within the stack
//! and the memory that an instance has. Where that took quadratic time, these tests would not end.

use handler::compile::{Compiled, Options, Source, Zone, compile};
use handler::document::Kind;
use handler::problem::Problem;
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::thread;

/// The stack of an instance, twice: here addresses are as wide.
const STACK_BYTES: usize = 128 * 1024;

/// The largest source that is compiled at all.
const SOURCE_BYTES: usize = 160 * 1024;

/// Half of what an instance has, twice for the width of addresses: the other half is for the
/// request, the records and the page.
const PEAK_BYTES: isize = 16 * 1024 * 1024;

thread_local! {
    static LIVE: Cell<isize> = const { Cell::new(0) };
    static PEAK: Cell<isize> = const { Cell::new(0) };
}

/// Counts what each thread holds; growing in place counts as both blocks, as it does in an
/// instance whose memory ends behind the old one.
struct Counting;

unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let live = LIVE.get() + layout.size().cast_signed();
        LIVE.set(live);
        PEAK.set(PEAK.get().max(live));
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        LIVE.set(LIVE.get() - layout.size().cast_signed());
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn compile_on_a_small_stack(text: String) -> Result<Compiled, Vec<Problem>> {
    let work = move || {
        let options = Options {
            zone: Zone::UTC,
            smart_punctuation: true,
            math: true,
            lang: "en".to_owned(),
        };
        let source = Source {
            kind: Kind::Post,
            name: "hostile",
            text: text.as_bytes(),
        };
        let before = LIVE.get();
        PEAK.set(before);
        let result = compile(&source, &options);
        let peak = PEAK.get() - before;
        assert!(peak <= PEAK_BYTES, "{peak} bytes for {:.60}", text);
        result
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

/// Whatever comes of it, it takes no more than there is.
fn check_fits(text: &str) {
    let _ = compile_on_a_small_stack(body(text));
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
        check_compiles(&format!("x {}", piece.repeat(40_000 / piece.len())));
        check_fits(&format!("x {}", piece.repeat(SOURCE_BYTES / piece.len())));
    }
}

#[test]
fn marks_without_number_are_counted_before_they_are_parsed() {
    for piece in [
        "[",
        "![",
        "[](",
        "**a* ",
        "*a ",
        "_a ",
        "~~a ",
        "`a",
        "<a",
        "|a",
        "| - ",
        "&amp;",
        "\\*",
        "a\n",
        "a\n\n",
        "# a\n",
        "- a\n",
        "> a\n",
        "1. a\n\n",
        "[^a]",
        "[a]: b\n",
        "[^a]: b\n",
        "a\n: b\n",
        "<b>",
        "</b>",
        "<p>",
        "<i a=b>\n",
        "<!-- a -->",
        "$a$ ",
        "$a",
        "{%a%}",
        "\"a\" ",
        "a--",
        "'",
        "<a@b.c> ",
        "- [ ] a\n",
        "```\n```\n",
        "---\n",
        "<div>\n\n",
    ] {
        check_fits(&piece.repeat(SOURCE_BYTES / piece.len()));
        check_fits(&format!(
            "[^a]: b\n[a]: b\n\n{}",
            piece.repeat(SOURCE_BYTES / piece.len())
        ));
    }
    check_problem(
        body(&format!("\n{}", "[".repeat(75_000))),
        "line 6: there are more than 50000 marks",
    );
    check_problem(
        body(&format!("[^a]: b\n\n{}", "[^a]".repeat(20_000))),
        "line 7: the page would have more than 400 KiB of HTML",
    );
    check_problem(
        body(&format!(
            "{}\n{}\n{}",
            "|a".repeat(1000),
            "|-".repeat(1000),
            "|b\n".repeat(1000)
        )),
        "line 54: there are more than 50000 marks",
    );
    check_problem(
        body(&"<b>".repeat(1_000)),
        "line 5: elements of HTML lie too deep within each other",
    );
}

#[test]
fn long_lists_of_front_matter_are_a_problem() {
    for (list, message) in [
        (
            "tags",
            "line 4: tags: there are 5000 tags, and 10 are allowed",
        ),
        (
            "aliases",
            "line 4: aliases: the list has 5000 entries, and 50 are allowed",
        ),
        (
            "authors",
            "line 4: authors: the list has 5000 entries, and 50 are allowed",
        ),
    ] {
        let entries: String = (0..5000).map(|number| format!("/{number}, ")).collect();
        let fields = format!("{list}: [{entries}]");
        check_problem(
            format!("---\ntitle: x\ndate: 2026-11-23\n{fields}\n---\n"),
            message,
        );
    }
    let keys: String = (0..7000).map(|number| format!("k{number}:\n")).collect();
    check_problem(format!("---\n{keys}---\n"), "there is no such field");
    let tables: String = (0..7000).map(|number| format!("[a{number:x}]\n")).collect();
    check_problem(format!("+++\n{tables}+++\n"), "there is no such field");
}

#[test]
fn many_blocks_compile_in_time() {
    check_compiles(&"# a\n".repeat(2_000));
    check_compiles(&format!("{}\n\n{}\n", "-".repeat(500), "*".repeat(500)));
    check_compiles(&"日\n".repeat(40_000));
    check_compiles(&"a[^n]\n\n[^n]: b\n".repeat(1_000));
    check_compiles(&format!(
        "{}\n{}\n{}",
        "|a".repeat(60),
        "|-".repeat(60),
        "|b\n".repeat(200)
    ));
    check_compiles(&"```rust\n'a\n```\n".repeat(4_000));
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

/// Pieces that mean something, in any order: no text is lost to a panic, and every text made of
/// one can lie in a feed.
#[test]
fn any_text_is_fit_for_feeds() {
    let pieces = [
        "a",
        "é",
        "字",
        "。",
        "\u{301}",
        "\u{fffe}",
        "\u{ffff}",
        "·",
        "\0",
        "\u{8}",
        " ",
        "\n",
        "\n\n",
        "$",
        "$$",
        "`",
        "``",
        "*",
        "**",
        "~",
        "~~",
        "_",
        "[",
        "](",
        ")",
        "![",
        "[^a]",
        "[^a]: ",
        "<b>",
        "</b>",
        "<div>",
        "</div>",
        "<script>",
        "</script>",
        "<a href='/x",
        "'>",
        "\">",
        "<!--",
        "-->",
        "<!--more-->\n\n",
        "&#xFFFE;",
        "&#0;",
        "&amp;",
        "\\",
        "|",
        "|-|\n",
        "# ",
        "- ",
        "> ",
        ": ",
        "```",
        "    ",
        "{#a}",
        "{%",
        "%}",
        "<img srcset=\"a 1x, b",
        "<input type=checkbox>",
        "- [ ] ",
        "https://x.y/",
        "<https://x>",
        "--",
        "\"",
        "'",
        "<p>",
        "<li>",
        "<br/>",
    ];
    let mut random = fastrand::Rng::with_seed(7);
    let is_fit = |text: &str| {
        let is_fit =
            |c: char| !matches!(c, '\0'..='\u{8}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
        text.chars().all(is_fit)
    };
    for _ in 0..20_000 {
        let length = random.usize(1..40);
        let text: String = (0..length)
            .map(|_| pieces[random.usize(..pieces.len())])
            .collect();
        let options = Options {
            zone: Zone::UTC,
            smart_punctuation: random.bool(),
            math: random.bool(),
            lang: "en".to_owned(),
        };
        let source = body(&text);
        let source = Source {
            kind: Kind::Post,
            name: "any",
            text: source.as_bytes(),
        };
        let Ok(compiled) = compile(&source, &options) else {
            continue;
        };
        assert!(is_fit(&compiled.document.html), "{text:?}");
        assert!(is_fit(&compiled.document.summary), "{text:?}");
        assert!(is_fit(&compiled.feed_html.replace("\0/", "")), "{text:?}");
    }
}
