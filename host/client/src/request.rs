//! One request to a blog's publishing interface.

use std::fmt;

use bytes::Bytes;
use hyper::Method;
use hyper::header::{HeaderName, IF_MATCH, IF_NONE_MATCH};

/// A request, which may be sent several times.
pub struct ApiRequest<'a> {
    pub(crate) method: Method,
    pub(crate) path: &'a str,
    pub(crate) content_type: &'a str,
    pub(crate) body: Bytes,
    pub(crate) precondition: Option<Precondition>,
    pub(crate) is_divisible: bool,
}

/// What the blog must have under a path, so that nobody's work is overwritten unseen.
#[derive(Clone, Debug, PartialEq)]
pub enum Precondition {
    /// Bytes with this hash.
    HasHash(String),
    /// Nothing.
    IsAbsent,
}

impl Precondition {
    /// One that never holds: a blog looks at what is sent, and writes nothing.
    pub(crate) fn never() -> Self {
        Self::HasHash("0".repeat(32))
    }
}

impl<'a> ApiRequest<'a> {
    /// Reads what is at `path`.
    pub fn get(path: &'a str) -> Self {
        Self::new(Method::GET, path, "text/plain", Bytes::new())
    }

    /// Writes a body of a media type to `path`.
    pub fn put(path: &'a str, content_type: &'a str, body: impl Into<Bytes>) -> Self {
        Self::new(Method::PUT, path, content_type, body.into())
    }

    /// Sends JSON to `path`.
    pub fn post(path: &'a str, json: impl Into<Bytes>) -> Self {
        Self::new(Method::POST, path, "application/json", json.into())
    }

    /// Removes what is at `path`.
    pub fn delete(path: &'a str) -> Self {
        Self::new(Method::DELETE, path, "text/plain", Bytes::new())
    }

    /// The same, which the blog refuses with 412 if the precondition does not hold.
    #[must_use]
    pub fn with_precondition(self, precondition: Option<Precondition>) -> Self {
        Self {
            precondition,
            ..self
        }
    }

    /// The same. The sender of a divisible request can send it in parts, so one that is too much
    /// for the blog is not sent again as a whole.
    #[must_use]
    pub fn divisible(self, is_divisible: bool) -> Self {
        Self {
            is_divisible,
            ..self
        }
    }

    fn new(method: Method, path: &'a str, content_type: &'a str, body: Bytes) -> Self {
        Self {
            method,
            path,
            content_type,
            body,
            precondition: None,
            is_divisible: false,
        }
    }
}

impl fmt::Display for ApiRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

impl Precondition {
    pub(crate) fn header(&self) -> (HeaderName, String) {
        match self {
            Self::HasHash(hash) => (IF_MATCH, format!("\"{hash}\"")),
            Self::IsAbsent => (IF_NONE_MATCH, "*".to_owned()),
        }
    }

    /// The value of `expected` in an edit of a batch.
    pub(crate) fn expected(&self) -> &str {
        match self {
            Self::HasHash(hash) => hash,
            Self::IsAbsent => "none",
        }
    }
}
