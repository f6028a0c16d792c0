//! One request to a blog.

use std::fmt;

use bytes::Bytes;
use hyper::Method;
use hyper::header::{HeaderName, IF_MATCH, IF_NONE_MATCH};

/// A request, which may be sent several times.
pub struct Call<'a> {
    pub(super) method: Method,
    pub(super) path: &'a str,
    pub(super) kind: &'a str,
    pub(super) body: Bytes,
    pub(super) guard: Option<Guard>,
    pub(super) divisible: bool,
}

/// What must stand in the blog, so that nobody's work is overwritten unseen.
#[derive(Clone, Debug, PartialEq)]
pub enum Guard {
    /// Bytes with this hash.
    Hash(String),
    /// Nothing.
    Nothing,
}

impl<'a> Call<'a> {
    /// Reads what is at `path`.
    pub fn get(path: &'a str) -> Self {
        Self::new(Method::GET, path, "text/plain", Bytes::new())
    }

    /// Writes a body of a media type to `path`.
    pub fn put(path: &'a str, kind: &'a str, body: impl Into<Bytes>) -> Self {
        Self::new(Method::PUT, path, kind, body.into())
    }

    /// Sends JSON to `path`.
    pub fn post(path: &'a str, json: impl Into<Bytes>) -> Self {
        Self::new(Method::POST, path, "application/json", json.into())
    }

    /// Removes what is at `path`.
    pub fn delete(path: &'a str) -> Self {
        Self::new(Method::DELETE, path, "text/plain", Bytes::new())
    }

    /// The same, done only if what stands there is what the guard says.
    #[must_use]
    pub fn guarded(self, guard: Option<Guard>) -> Self {
        Self { guard, ..self }
    }

    /// The same; where it is `divisible`, who sends it can do so in parts, and what is too much
    /// for the blog is not sent again as a whole.
    #[must_use]
    pub fn divisible(self, divisible: bool) -> Self {
        Self { divisible, ..self }
    }

    fn new(method: Method, path: &'a str, kind: &'a str, body: Bytes) -> Self {
        Self {
            method,
            path,
            kind,
            body,
            guard: None,
            divisible: false,
        }
    }
}

impl fmt::Display for Call<'_> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

impl Guard {
    pub(super) fn header(&self) -> (HeaderName, String) {
        match self {
            Self::Hash(hash) => (IF_MATCH, format!("\"{hash}\"")),
            Self::Nothing => (IF_NONE_MATCH, "*".to_owned()),
        }
    }

    /// The word for it in a batch.
    pub fn word(&self) -> &str {
        match self {
            Self::Hash(hash) => hash,
            Self::Nothing => "none",
        }
    }
}
