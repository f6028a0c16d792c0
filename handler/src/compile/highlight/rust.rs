//! What only Rust has: attributes, raw strings, and lifetimes, which look like characters.

use super::{Class, Token};

/// The token that `rest` begins with, if it is one that other languages do not have.
pub(super) fn quote(rest: &str, before: Option<char>) -> Option<Token> {
    match rest.as_bytes() {
        [b'#', b'[', ..] | [b'#', b'!', b'[', ..] => {
            let end = rest.find([']', '\n']).map_or(rest.len(), |end| {
                end + usize::from(rest[end..].starts_with(']'))
            });
            Some((Some(Class::Attribute), end))
        }
        [b'r', b'"' | b'#', ..] if !before.is_some_and(|c| c.is_alphanumeric() || c == '_') => {
            raw_string(rest)
        }
        [b'\'', ..] => Some(character_or_lifetime(rest)),
        _ => None,
    }
}

fn raw_string(rest: &str) -> Option<Token> {
    let hashes = rest[1..].bytes().take_while(|&byte| byte == b'#').count();
    let inner = rest[1 + hashes..].strip_prefix('"')?;
    let close = format!("\"{}", "#".repeat(hashes));
    let length = inner
        .find(&close)
        .map_or(rest.len(), |end| 2 + hashes + end + close.len());
    Some((Some(Class::String), length))
}

fn character_or_lifetime(rest: &str) -> Token {
    let mut inner = rest[1..].char_indices();
    let length = match inner.next() {
        Some((_, '\\')) => rest[1..]
            .char_indices()
            .skip(2)
            .take(10)
            .find(|(_, c)| *c == '\'')
            .map(|(end, _)| end + 2),
        Some((_, c)) if c != '\n' => inner
            .next()
            .filter(|(_, c)| *c == '\'')
            .map(|(end, _)| end + 2),
        _ => None,
    };
    if let Some(length) = length {
        return (Some(Class::String), length);
    }
    let name = rest[1..]
        .find(|c: char| c != '_' && !c.is_alphanumeric())
        .unwrap_or(rest.len() - 1);
    (Some(Class::Variable).filter(|_| name > 0), 1 + name)
}
