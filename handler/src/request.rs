//! A request as the blog sees it: parsed once at the edge, with the few headers that matter.

/// An HTTP request with its body read to the end.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// What is asked.
    pub method: Method,
    /// The path as it was sent, percent-encoded, without the query.
    pub path: String,
    /// The query without its `?`; empty where there is none.
    pub query: String,
    /// The headers that the blog knows, in the order in which they came.
    pub headers: Vec<(String, String)>,
    /// The body; empty for GET and HEAD.
    pub body: Vec<u8>,
}

/// The methods that any route answers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Method {
    /// Read.
    #[default]
    Get,
    /// Read, without the body.
    Head,
    /// Create or replace one thing.
    Put,
    /// Remove one thing.
    Delete,
    /// Do several things at once.
    Post,
    /// What may be asked of a path?
    Options,
    /// Whatever else was sent; no route allows it.
    Other,
}

impl Request {
    /// The first header of this name, which must be given in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// The decoded value of a query parameter.
    pub fn parameter(&self, name: &str) -> Option<String> {
        self.query.split('&').find_map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (key == name).then(|| percent::decode(&value.replace('+', " ")))?
        })
    }
}

/// Percent-encoding of one path segment or query value.
pub mod percent {
    use std::fmt::Write;

    /// The text behind `%XX` escapes; `None` where they do not give UTF-8 or hide a NUL.
    pub fn decode(encoded: &str) -> Option<String> {
        let mut bytes = Vec::with_capacity(encoded.len());
        let mut rest = encoded.as_bytes();
        while let [first, tail @ ..] = rest {
            rest = tail;
            if *first != b'%' {
                bytes.push(*first);
                continue;
            }
            let digits = tail
                .get(..2)
                .and_then(|two| std::str::from_utf8(two).ok())?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = &tail[2..];
        }
        let text = String::from_utf8(bytes).ok()?;
        (!text.contains('\0')).then_some(text)
    }

    /// Appends `segment` to a path, escaping all but RFC 3986's `pchar`.
    pub fn encode_into(path: &mut String, segment: &str) {
        for byte in segment.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@".contains(&byte) {
                path.push(char::from(byte));
            } else {
                // Writing to a String cannot fail.
                let _ = write!(path, "%{byte:02X}");
            }
        }
    }
}

impl Method {
    /// The method of this name; names are case-sensitive (RFC 9110, 9.1).
    pub fn parse(name: &str) -> Self {
        match name {
            "GET" => Self::Get,
            "HEAD" => Self::Head,
            "PUT" => Self::Put,
            "DELETE" => Self::Delete,
            "POST" => Self::Post,
            "OPTIONS" => Self::Options,
            _ => Self::Other,
        }
    }
}
