//! The tokens of HTML, split as a browser splits them (html.spec.whatwg.org, 13.2.5), as far as
//! an author's raw HTML needs it.

/// A token; together they are the whole input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    Text(&'a str),
    Start(StartTag<'a>),
    End {
        name: &'a str,
        source: &'a str,
    },
    Comment {
        source: &'a str,
        is_closed: bool,
    },
    /// A document type or an instruction, which browsers ignore within a page.
    Ignored(&'a str),
    /// A tag or an instruction that has no end.
    Open(&'a str),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct StartTag<'a> {
    pub(super) name: &'a str,
    /// What stands between the name and the end of the tag.
    attributes: &'a str,
    pub(super) source: &'a str,
}

/// An attribute; one without a value has an empty one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Attribute<'a> {
    pub(super) name: &'a str,
    pub(super) value: &'a str,
}

/// Elements whose content is text up to their end tag.
const RAW_TEXT: [&str; 8] = [
    "script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes",
];

/// The tokens of `html`, each with its offset.
pub(super) fn tokens(html: &str) -> impl Iterator<Item = (usize, Token<'_>)> {
    let mut at = 0;
    let mut raw_text = None;
    std::iter::from_fn(move || {
        let rest = html.get(at..).filter(|rest| !rest.is_empty())?;
        let (token, length) = match raw_text.take() {
            Some(name) => match raw_text_length(rest, name) {
                0 => markup(rest),
                length => (Token::Text(&rest[..length]), length),
            },
            None => next(rest),
        };
        if let Token::Start(tag) = token {
            raw_text = RAW_TEXT
                .into_iter()
                .find(|name| name.eq_ignore_ascii_case(tag.name));
        }
        let offset = at;
        at += length;
        Some((offset, token))
    })
}

fn next(rest: &str) -> (Token<'_>, usize) {
    let text = text_length(rest);
    if text > 0 {
        (Token::Text(&rest[..text]), text)
    } else {
        markup(rest)
    }
}

fn is_markup(rest: &str) -> bool {
    match rest.as_bytes() {
        [b'<', b'!' | b'?', ..] => true,
        [b'<', b'/', after, ..] => *after != b'>' && !after.is_ascii_whitespace(),
        [b'<', after, ..] => after.is_ascii_alphabetic(),
        _ => false,
    }
}

fn text_length(rest: &str) -> usize {
    rest.match_indices('<')
        .map(|(at, _)| at)
        .find(|at| is_markup(&rest[*at..]))
        .unwrap_or(rest.len())
}

/// How much of `rest` lies before the end tag of `name`.
fn raw_text_length(rest: &str, name: &str) -> usize {
    let is_end = |at: &usize| {
        let after = &rest.as_bytes()[*at + 2..];
        after
            .get(..name.len())
            .is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
            && after
                .get(name.len())
                .is_some_and(|end| end.is_ascii_whitespace() || b"/>".contains(end))
    };
    rest.match_indices("</")
        .map(|(at, _)| at)
        .find(is_end)
        .unwrap_or(rest.len())
}

/// The token that begins with `<`.
fn markup(rest: &str) -> (Token<'_>, usize) {
    if let Some(inner) = rest.strip_prefix("<!--") {
        return comment(rest, inner);
    }
    let is_end = rest.starts_with("</");
    let name_at = 1 + usize::from(is_end);
    let begins_name = rest
        .as_bytes()
        .get(name_at)
        .is_some_and(u8::is_ascii_alphabetic);
    if !begins_name {
        let length = rest.find('>').map_or(rest.len(), |end| end + 1);
        let token = match rest[..length].ends_with('>') {
            true => Token::Ignored(&rest[..length]),
            false => Token::Open(rest),
        };
        return (token, length);
    }
    let Some(length) = tag_length(rest) else {
        return (Token::Open(rest), rest.len());
    };
    let source = &rest[..length];
    let inner = &source[name_at..length - 1];
    let end_of_name = inner
        .find(|c: char| c.is_ascii_whitespace() || c == '/')
        .unwrap_or(inner.len());
    let (name, attributes) = inner.split_at(end_of_name);
    let token = match is_end {
        true => Token::End { name, source },
        false => Token::Start(StartTag {
            name,
            attributes,
            source,
        }),
    };
    (token, length)
}

fn comment<'a>(rest: &'a str, inner: &str) -> (Token<'a>, usize) {
    let end = match inner {
        inner if inner.starts_with('>') => Some(1),
        inner if inner.starts_with("->") => Some(2),
        inner => inner.find("-->").map(|end| end + 3),
    };
    let length = end.map_or(rest.len(), |end| 4 + end);
    let token = Token::Comment {
        source: &rest[..length],
        is_closed: end.is_some(),
    };
    (token, length)
}

/// Where a tag ends: at the first `>` outside of the quotes of a value.
fn tag_length(rest: &str) -> Option<usize> {
    let mut quote = None;
    let mut is_before_value = false;
    for (at, byte) in rest.bytes().enumerate() {
        match (quote, byte) {
            (Some(open), byte) if byte == open => quote = None,
            (Some(_), _) => continue,
            (None, b'>') => return Some(at + 1),
            (None, b'"' | b'\'') if is_before_value => quote = Some(byte),
            _ => {}
        }
        is_before_value = byte == b'=' || is_before_value && byte.is_ascii_whitespace();
    }
    None
}

impl<'a> StartTag<'a> {
    pub(super) fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    pub(super) fn closes_itself(&self) -> bool {
        self.attributes.ends_with('/')
    }

    /// The attributes in order; of two with one name a browser takes the first.
    pub(super) fn attributes(&self) -> impl Iterator<Item = Attribute<'a>> {
        let mut rest = self.attributes;
        std::iter::from_fn(move || {
            rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
            let first = rest.chars().next()?.len_utf8();
            let name_end = rest[first..]
                .find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '='))
                .map_or(rest.len(), |end| first + end);
            let (name, after) = rest.split_at(name_end);
            rest = after;
            let value = match after.trim_ascii_start().strip_prefix('=') {
                Some(after) => {
                    let (value, after) = value(after.trim_ascii_start());
                    rest = after;
                    value
                }
                None => "",
            };
            Some(Attribute { name, value })
        })
    }

    pub(super) fn attribute(&self, name: &str) -> Option<&'a str> {
        self.attributes()
            .find(|attribute| attribute.name.eq_ignore_ascii_case(name))
            .map(|attribute| attribute.value)
    }
}

fn value(rest: &str) -> (&str, &str) {
    if let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        return rest[1..].split_once(quote).unwrap_or((&rest[1..], ""));
    }
    rest.split_at(
        rest.find(|c: char| c.is_ascii_whitespace())
            .unwrap_or(rest.len()),
    )
}

#[cfg(test)]
mod tests;
