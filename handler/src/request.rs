//! A request as the blog sees it: the head alone, parsed once at the edge. Its body is read by
//! [`Host::body`](crate::host::Host::body) where a route wants one.

/// An HTTP request without its body.
#[derive(Debug, Clone, Default)]
pub struct Request {
    pub method: Method,
    /// The path as it was sent, percent-encoded, without the query.
    pub path: String,
    /// The query without its `?`; empty where there is none.
    pub query: String,
    /// Those of [`relevant_headers`] that were sent.
    pub headers: Vec<(&'static str, String)>,
}

/// The methods that any route answers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Method {
    #[default]
    Get,
    Head,
    Put,
    Delete,
    Post,
    Options,
    /// No route allows it.
    Other,
}

impl Request {
    /// The value of a header, whose name must be given in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| *known == name)
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

/// The headers that decide anything about a request: to ask for one costs a call to the host.
///
/// Only files have a date that tells whether they changed: a page also changes when a scheduled
/// post comes due.
pub fn relevant_headers(method: Method, path: &str) -> &'static [&'static str] {
    let is_file = ["/media/", "/theme/", "/favicon."]
        .iter()
        .any(|files| path.starts_with(files));
    match method {
        _ if path.starts_with("/api") => &["authorization", "if-match", "if-none-match"],
        Method::Get if is_file => &["if-none-match", "if-modified-since", "range", "if-range"],
        Method::Head if is_file => &["if-none-match", "if-modified-since"],
        Method::Get | Method::Head => &["if-none-match"],
        _ => &[],
    }
}

/// Percent-encoding of one path segment or query value.
pub mod percent {
    use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
    use std::borrow::Cow;

    /// All but RFC 3986's `pchar`.
    const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
        .remove(b'-')
        .remove(b'.')
        .remove(b'_')
        .remove(b'~')
        .remove(b'!')
        .remove(b'$')
        .remove(b'&')
        .remove(b'\'')
        .remove(b'(')
        .remove(b')')
        .remove(b'*')
        .remove(b'+')
        .remove(b',')
        .remove(b';')
        .remove(b'=')
        .remove(b':')
        .remove(b'@');

    /// The text behind `%XX` escapes; `None` where they do not give UTF-8 or hide a NUL.
    pub fn decode(encoded: &str) -> Option<String> {
        // The crate lets a broken escape stand for itself.
        let is_escape = |at: usize| {
            let digits = encoded.as_bytes().get(at + 1..at + 3);
            digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
        };
        if !encoded.match_indices('%').all(|(at, _)| is_escape(at)) {
            return None;
        }
        let text = percent_decode_str(encoded)
            .decode_utf8()
            .map(Cow::into_owned);
        text.ok().filter(|text| !text.contains('\0'))
    }

    /// Appends `segment` to a path.
    pub fn encode_into(path: &mut String, segment: &str) {
        path.extend(utf8_percent_encode(segment, ESCAPED));
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

    /// Whether it reads and changes nothing.
    pub fn is_read(self) -> bool {
        matches!(self, Self::Get | Self::Head)
    }
}
