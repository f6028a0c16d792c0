//! The scanners of what is written in lines: differences and Markdown.

use super::{Class, Spans};

/// Colours whole lines by how they begin.
pub(super) fn scan_diff(code: &str, spans: &mut Spans<'_>) {
    for line in code.split_inclusive('\n') {
        let (text, end) = split_end(line);
        let heads = ["@@", "diff ", "index ", "--- ", "+++ "];
        let class = match text.as_bytes().first() {
            _ if heads.iter().any(|head| text.starts_with(head)) => Some(Class::Heading),
            Some(b'+' | b'>') => Some(Class::Inserted),
            Some(b'-' | b'<') => Some(Class::Deleted),
            _ => None,
        };
        spans.push(class, text);
        spans.push(None, end);
    }
}

/// Colours headings, quotes, the marks of lists, and code.
pub(super) fn scan_markdown(code: &str, spans: &mut Spans<'_>) {
    let mut inside_fence = false;
    for line in code.split_inclusive('\n') {
        let (text, end) = split_end(line);
        let trimmed = text.trim_start();
        let is_fence = trimmed.starts_with("```") || trimmed.starts_with("~~~");
        if is_fence || inside_fence {
            spans.push(Some(Class::String), text);
            inside_fence ^= is_fence;
        } else if trimmed.starts_with('#') {
            spans.push(Some(Class::Heading), text);
        } else if trimmed.starts_with('>') || trimmed.starts_with("<!--") {
            spans.push(Some(Class::Comment), text);
        } else {
            let (indent, rest) = text.split_at(text.len() - trimmed.len());
            let mark = list_mark(rest);
            spans.push(None, indent);
            spans.push(Some(Class::Keyword), &rest[..mark]);
            code_spans(&rest[mark..], spans);
        }
        spans.push(None, end);
    }
}

fn split_end(line: &str) -> (&str, &str) {
    line.split_at(line.trim_end_matches('\n').len())
}

/// The length of `-`, `*`, `+` or `1.` before a space.
fn list_mark(text: &str) -> usize {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (length, is_mark) = match text.as_bytes().get(digits) {
        Some(b'-' | b'*' | b'+') => (1, digits == 0),
        Some(b'.' | b')') => (digits + 1, digits > 0),
        _ => (0, false),
    };
    if is_mark && text[length..].starts_with(' ') {
        length
    } else {
        0
    }
}

fn code_spans(text: &str, spans: &mut Spans<'_>) {
    for (number, part) in text.split_inclusive('`').enumerate() {
        match part.strip_suffix('`') {
            Some(before) if number % 2 == 0 => {
                spans.push(None, before);
                spans.push(Some(Class::String), "`");
            }
            _ if number % 2 == 1 => spans.push(Some(Class::String), part),
            _ => spans.push(None, part),
        }
    }
}
