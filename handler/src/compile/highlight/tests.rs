//! No token loses a byte, whatever the code, and no code takes quadratic time.

use super::{languages, write};

/// What is left of highlighted code without its spans.
fn unspan(html: &str) -> String {
    let mut text = String::new();
    for part in html.split('<') {
        text.push_str(part.split_once('>').map_or(part, |(_, after)| after));
    }
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
}

#[track_caller]
fn check_keeps_every_byte(code: &str) {
    for language in languages::all() {
        let mut html = String::new();
        write(language.names[0], code, &mut html);
        assert_eq!(unspan(&html), code, "as {}", language.names[0]);
    }
}

#[test]
fn code_in_any_language_keeps_every_byte() {
    for file in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/compile"))
        .expect("the fixtures")
    {
        if let Ok(text) = std::fs::read_to_string(file.expect("a fixture").path()) {
            check_keeps_every_byte(&text);
        }
    }
}

#[test]
fn code_that_ends_early_keeps_every_byte() {
    let code = "r#\"é\\\"' /* <!-- <a b='é ${x $(y 'é' '\\u{e9}' \"\\é\" #[x] {- [[ `字 &é; <script>let 'é";
    for (end, _) in code.char_indices() {
        check_keeps_every_byte(&code[..end]);
    }
    for (start, _) in code.char_indices() {
        check_keeps_every_byte(&code[start..]);
    }
}

/// Of a scanner that takes quadratic time, this would not see the end.
#[test]
fn hostile_code_takes_linear_time() {
    for piece in [
        "${", "'", "\"", "r#", "<", "&", "/*", "a ", "<script>", "<!", "`", "[[", "#[", "a:",
        "${\n",
    ] {
        let code = piece.repeat(50_000);
        for language in languages::all() {
            write(language.names[0], &code, &mut String::new());
        }
    }
}
