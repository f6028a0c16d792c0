//! The scanner of HTML and XML: elements, attributes, entities, and programs within a page.

use super::{Class, Spans, languages, scanner};

/// Splits markup into tokens; every byte is in exactly one.
pub(super) fn scan(code: &str, spans: &mut Spans<'_>) {
    let mut rest = code;
    while let Some(at) = rest.find(['<', '&']) {
        spans.push(None, &rest[..at]);
        rest = &rest[at..];
        rest = if rest.starts_with('&') {
            entity(rest, spans)
        } else {
            element(rest, spans)
        };
    }
    spans.push(None, rest);
}

fn entity<'a>(rest: &'a str, spans: &mut Spans<'_>) -> &'a str {
    let length = rest[1..]
        .find(|c: char| c != '#' && !c.is_ascii_alphanumeric())
        .map(|end| end + 1);
    match length {
        Some(end) if end > 1 && rest[end..].starts_with(';') => {
            take(rest, end + 1, Some(Class::Literal), spans)
        }
        _ => take(rest, 1, None, spans),
    }
}

fn element<'a>(rest: &'a str, spans: &mut Spans<'_>) -> &'a str {
    for (open, close, class) in [
        ("<!--", "-->", Class::Comment),
        ("<![CDATA[", "]]>", Class::String),
        ("<!", ">", Class::Attribute),
        ("<?", "?>", Class::Attribute),
    ] {
        if rest.starts_with(open) {
            let end = rest.find(close).map_or(rest.len(), |end| end + close.len());
            return take(rest, end, Some(class), spans);
        }
    }
    let slash = 1 + usize::from(rest[1..].starts_with('/'));
    let name = rest[slash..]
        .find(|c: char| !is_name(c))
        .map_or(rest.len(), |end| slash + end);
    let after = take(
        take(rest, slash, None, spans),
        name - slash,
        Some(Class::Keyword),
        spans,
    );
    if name == slash {
        return after;
    }
    let inner = attributes(after, spans);
    match &rest[1..name] {
        "script" => program(inner, "</script", "javascript", spans),
        "style" => program(inner, "</style", "css", spans),
        _ => inner,
    }
}

/// The attributes up to the end of the tag.
fn attributes<'a>(mut rest: &'a str, spans: &mut Spans<'_>) -> &'a str {
    while let Some(c) = rest.chars().next() {
        let (class, length) = match c {
            '>' => return take(rest, 1, None, spans),
            '<' => return rest,
            '"' | '\'' => (
                Some(Class::String),
                rest[1..].find(c).map_or(rest.len(), |end| end + 2),
            ),
            c if is_name(c) => (
                Some(Class::Attribute),
                rest.find(|c| !is_name(c)).unwrap_or(rest.len()),
            ),
            c => (None, c.len_utf8()),
        };
        rest = take(rest, length, class, spans);
    }
    rest
}

/// A program within a page, up to its closing tag.
fn program<'a>(rest: &'a str, close: &str, language: &str, spans: &mut Spans<'_>) -> &'a str {
    let (code, after) = rest.split_at(rest.find(close).unwrap_or(rest.len()));
    if let Some(language) = languages::find(language) {
        scanner::scan(language, code, spans);
    }
    after
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_' | ':' | '.')
}

fn take<'a>(rest: &'a str, length: usize, class: Option<Class>, spans: &mut Spans<'_>) -> &'a str {
    let (token, after) = rest.split_at(length);
    spans.push(class, token);
    after
}
