//! Escaping: text, attributes and addresses as HTML writes them. It is short enough to be written
//! here; of the crates that escape, each differs in the quotes that it escapes.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What no URL may hold. Brackets and percent signs stay as their author wrote them.
const NOT_IN_URLS: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b'!')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b';')
    .remove(b':')
    .remove(b'@')
    .remove(b'&')
    .remove(b'=')
    .remove(b'+')
    .remove(b'$')
    .remove(b',')
    .remove(b'/')
    .remove(b'?')
    .remove(b'#')
    .remove(b'%')
    .remove(b'[')
    .remove(b']');

/// Appends text between tags.
pub(crate) fn text(out: &mut String, text: &str) {
    escape(out, text, &['&', '<', '>']);
}

/// Appends text within a quoted attribute.
pub(crate) fn attribute(out: &mut String, text: &str) {
    escape(out, text, &['&', '<', '>', '"']);
}

fn escape(out: &mut String, text: &str, special: &[char]) {
    let mut rest = text;
    while let Some(at) = rest.find(special) {
        out.push_str(&rest[..at]);
        out.push_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            _ => "&quot;",
        });
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
}

/// Appends an address as the value of an attribute; what no URL may hold is percent-encoded.
pub(crate) fn href(out: &mut String, address: &str) {
    for part in utf8_percent_encode(address, NOT_IN_URLS) {
        attribute(out, part);
    }
}
