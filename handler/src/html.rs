//! Escaping: text, attributes and addresses as HTML writes them.

use std::fmt::Write;

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
    for byte in address.bytes() {
        match byte {
            b'&' => out.push_str("&amp;"),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => out.push(char::from(byte)),
            _ if b"-_.~!*'();:@=+$,/?#%[]".contains(&byte) => out.push(char::from(byte)),
            _ => {
                // Writing to a string cannot fail.
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
}
