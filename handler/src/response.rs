//! A response: status, headers, body, and the rules of HTTP caching that hold for all of them.

use crate::etag::{self, ETag};
use crate::request::Request;
use crate::store::{Store, StoreError};
use std::borrow::Cow;
use std::fmt;
use std::ops::ControlFlow;

/// A response to a visitor or to a publisher.
#[derive(Debug)]
pub struct Response {
    pub status: u16,
    /// Names, in lower case and each at most once, and values.
    pub headers: Vec<(&'static str, Cow<'static, str>)>,
    pub body: Body,
}

/// What is sent after the head.
pub enum Body {
    Bytes(Cow<'static, [u8]>),
    /// Made while it is sent: it may be larger than an instance.
    Stream {
        /// In bytes, where it is known before.
        length: Option<u64>,
        pieces: Pieces,
    },
}

/// Gives the pieces of a body to the sink until it breaks off.
pub type Pieces = Box<dyn FnOnce(&dyn Store, Sink<'_>) -> Result<(), StoreError>>;

/// Takes a piece of a body; breaks off where nobody waits for more of it.
pub type Sink<'a> = &'a mut dyn FnMut(&[u8]) -> ControlFlow<()>;

impl Body {
    pub fn stream(
        length: Option<u64>,
        pieces: impl FnOnce(&dyn Store, Sink<'_>) -> Result<(), StoreError> + 'static,
    ) -> Self {
        Self::Stream {
            length,
            pieces: Box::new(pieces),
        }
    }

    /// Its length, in bytes, where it is known before it is sent.
    pub fn length(&self) -> Option<u64> {
        match self {
            Self::Bytes(bytes) => Some(bytes.len() as u64),
            Self::Stream { length, .. } => *length,
        }
    }

    /// Gives all pieces to the sink, each of which fits into an instance; stops at the first
    /// error, and where the sink breaks off.
    pub fn send(self, store: &dyn Store, sink: Sink<'_>) -> Result<(), StoreError> {
        match self {
            Self::Bytes(bytes) => {
                // Nothing more is to come, whether it breaks off or not.
                let _: ControlFlow<()> = sink(&bytes);
                Ok(())
            }
            Self::Stream { pieces, .. } => pieces(store, sink),
        }
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Body({:?} bytes)", self.length())
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes.into())
    }
}

/// For how long a copy may be used without asking again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cache {
    /// Kept, but asked for each time: the answer is mostly a 304.
    Revalidate,
    Seconds(u32),
    /// For ever: the name changes with the content.
    Immutable,
    Never,
}

/// The built-in pages have no script and no inline style. Authors show pictures and films of
/// other sites, but no visitor is told to run code of another site, or shown the blog in a frame.
const PAGE_POLICY: &str = "default-src 'none'; img-src 'self' https: data:; \
     media-src 'self' https:; style-src 'self'; font-src 'self'; base-uri 'none'; \
     form-action 'self'; frame-ancestors 'none'";

const POLICY: &str = "content-security-policy";

impl Response {
    /// A response with a body of a media type (given with its charset where it is text).
    pub fn new(
        status: u16,
        media_type: impl Into<Cow<'static, str>>,
        body: impl Into<Cow<'static, [u8]>>,
    ) -> Self {
        Self {
            status,
            headers: vec![
                ("content-type", media_type.into()),
                // A post may hold anything its author uploaded: no guessing at types.
                ("x-content-type-options", "nosniff".into()),
            ],
            body: Body::Bytes(body.into()),
        }
    }

    /// A response that has no body.
    pub fn empty(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Body::Bytes(Cow::Borrowed(&[])),
        }
    }

    /// A page of HTML.
    pub fn html(status: u16, page: Vec<u8>) -> Self {
        Self::new(status, "text/html; charset=utf-8", page)
            .with("referrer-policy", "strict-origin-when-cross-origin")
            .with(POLICY, PAGE_POLICY)
    }

    /// Says what a page may load, run and be shown in.
    #[must_use]
    pub fn with_content_security_policy(self, policy: impl Into<Cow<'static, str>>) -> Self {
        self.with(POLICY, policy)
    }

    /// A permanent redirect to a path, which must be percent-encoded.
    pub fn moved(location: String) -> Self {
        Self::new(301, "text/plain; charset=utf-8", b"moved\n".as_slice())
            .with("location", location)
            .cached(Cache::Seconds(3600))
    }

    /// The answer to a method that the path does not allow.
    pub fn method_not_allowed(allow: &'static str) -> Self {
        let text = format!("this address answers to {allow}\n");
        Self::new(405, "text/plain; charset=utf-8", text.into_bytes()).with("allow", allow)
    }

    /// Sets a header; the name must be in lower case.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Cow<'static, str>>) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, value.into()));
        self
    }

    /// Says how long a copy may be kept.
    #[must_use]
    pub fn cached(self, cache: Cache) -> Self {
        let value = match cache {
            Cache::Revalidate => "no-cache".into(),
            Cache::Seconds(seconds) => format!("public, max-age={seconds}").into(),
            Cache::Immutable => "public, max-age=31536000, immutable".into(),
            Cache::Never => Cow::Borrowed("no-store"),
        };
        self.with("cache-control", value)
    }

    /// Keeps a page out of every cache and every search engine.
    #[must_use]
    pub fn private(mut self) -> Self {
        let kept = ["cache-control", "etag", "last-modified"];
        self.headers.retain(|(name, _)| !kept.contains(name));
        self.cached(Cache::Never).with("x-robots-tag", "noindex")
    }

    /// Adds an entity tag; with [`Response::conditional`] it saves sending the entity again.
    #[must_use]
    pub fn with_tag(self, tag: ETag) -> Self {
        self.with("etag", tag.to_string())
    }

    /// Adds an entity tag over the bytes of the body.
    #[must_use]
    pub fn with_etag(self) -> Self {
        match &self.body {
            Body::Bytes(bytes) => {
                let tag = ETag::of(bytes);
                self.with_tag(tag)
            }
            Body::Stream { .. } => self,
        }
    }

    /// The header of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value.as_ref())
    }

    /// Whether the client holds this very entity. A date counts only where there is no tag, and
    /// only the one that was sent with the entity (RFC 9110, 13.2.2).
    pub fn is_held(&self, request: &Request) -> bool {
        if !request.method.is_read() || self.status != 200 {
            return false;
        }
        if let Some(held) = request.header("if-none-match") {
            return self
                .header("etag")
                .is_some_and(|tag| etag::is_held(held, tag));
        }
        let since = request.header("if-modified-since");
        since.is_some() && since == self.header("last-modified")
    }

    /// Answers 304 where the client holds this very entity.
    #[must_use]
    pub fn conditional(mut self, request: &Request) -> Self {
        if self.is_held(request) {
            self.status = 304;
            self.headers.retain(|(name, _)| *name != "content-type");
            self.body = Body::Bytes(Cow::Borrowed(&[]));
        }
        self
    }
}
