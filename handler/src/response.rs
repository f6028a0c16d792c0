//! A response: status, headers, body, and the rules of HTTP caching that hold for all of them.

use crate::media::{self, PART_BYTES};
use crate::request::{Method, Request};
use crate::sitemap::Urls;
use crate::store::{Store, StoreError};
use std::borrow::Cow;
use std::ops::Range;
use xxhash_rust::xxh3::xxh3_64;

/// A response to a visitor or to a publisher.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// Header names, in lower case, and values.
    pub headers: Vec<(&'static str, String)>,
    /// What is sent after the head.
    pub body: Body,
}

/// The body of a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// All of it.
    Bytes(Cow<'static, [u8]>),
    /// Bytes that lie in the store, read part by part while they are sent: a file may be larger
    /// than an instance.
    Stored {
        /// The keys of the parts, each but the last of [`PART_BYTES`](crate::media::PART_BYTES).
        parts: Vec<String>,
        /// Which of the bytes are sent.
        range: Range<u64>,
    },
    /// A file of the sitemap, written while it is sent.
    Urls(Box<Urls>),
}

impl Body {
    /// Its length, in bytes, where it is known before it is sent.
    pub fn length(&self) -> Option<u64> {
        match self {
            Self::Bytes(bytes) => Some(bytes.len() as u64),
            Self::Stored { range, .. } => Some(range.end - range.start),
            Self::Urls(_) => None,
        }
    }

    /// Gives the bytes, in pieces that each fit into an instance; stops at the first error.
    pub fn pieces(self, store: &impl Store, mut send: impl FnMut(&[u8])) -> Result<(), StoreError> {
        let (parts, range) = match self {
            Self::Bytes(bytes) => {
                send(&bytes);
                return Ok(());
            }
            Self::Stored { parts, range } => (parts, range),
            Self::Urls(urls) => return urls.pieces(store, send),
        };
        for (n, key) in parts.iter().enumerate() {
            let first = (n * PART_BYTES) as u64;
            let from = range.start.max(first);
            let to = range.end.min(first + PART_BYTES as u64);
            if from >= to {
                continue;
            }
            let part = store.get(key)?.unwrap_or_default();
            let within = (from - first) as usize..(to - first) as usize;
            match part.get(within) {
                Some(piece) if media::is_intact(key, &part) => send(piece),
                // Better an answer that breaks off than one with other bytes.
                _ => return Err(StoreError(format!("{key} is missing or damaged"))),
            }
        }
        Ok(())
    }
}

/// For how long a copy may be used without asking again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cache {
    /// Kept, but asked for each time: the answer is mostly a 304.
    Revalidate,
    /// For these many seconds.
    Seconds(u32),
    /// For ever: the name changes with the content.
    Immutable,
    /// Not at all.
    Never,
}

impl Response {
    /// A response with a body of a media type (given with its charset where it is text).
    pub fn new(status: u16, media_type: &str, body: impl Into<Cow<'static, [u8]>>) -> Self {
        Self {
            status,
            headers: vec![
                ("content-type", media_type.to_owned()),
                // A post may hold anything its author uploaded: no guessing at types.
                ("x-content-type-options", "nosniff".to_owned()),
            ],
            body: Body::Bytes(body.into()),
        }
    }

    /// A page of HTML.
    pub fn html(status: u16, page: Vec<u8>) -> Self {
        Self::new(status, "text/html; charset=utf-8", page)
            .with("referrer-policy", "strict-origin-when-cross-origin")
    }

    /// A permanent redirect to a path, which must be percent-encoded.
    pub fn moved(location: String) -> Self {
        Self::new(301, "text/plain; charset=utf-8", b"moved\n".as_slice())
            .with("location", location)
            .cached(Cache::Seconds(3600))
    }

    /// The answer to a method that the path does not allow.
    pub fn method_not_allowed(allow: &str) -> Self {
        let text = format!("this address answers to {allow}\n");
        Self::new(405, "text/plain; charset=utf-8", text.into_bytes()).with("allow", allow)
    }

    /// Adds a header; the name must be in lower case.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Says how long a copy may be kept.
    #[must_use]
    pub fn cached(self, cache: Cache) -> Self {
        let value = match cache {
            Cache::Revalidate => "no-cache".to_owned(),
            Cache::Seconds(seconds) => format!("public, max-age={seconds}"),
            Cache::Immutable => "public, max-age=31536000, immutable".to_owned(),
            Cache::Never => "no-store".to_owned(),
        };
        self.with("cache-control", value)
    }

    /// Keeps a page out of every cache and every search engine.
    #[must_use]
    pub fn kept_from_others(mut self) -> Self {
        let kept = ["cache-control", "etag", "last-modified"];
        self.headers.retain(|(name, _)| !kept.contains(name));
        self.cached(Cache::Never).with("x-robots-tag", "noindex")
    }

    /// Adds an entity tag over the body; with [`Response::conditional`] it saves sending it again.
    #[must_use]
    pub fn tagged(self) -> Self {
        match &self.body {
            Body::Bytes(bytes) => {
                let tag = format!("\"{:016x}\"", xxh3_64(bytes));
                self.with("etag", tag)
            }
            Body::Stored { .. } | Body::Urls(_) => self,
        }
    }

    /// The header of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value.as_str())
    }

    /// Answers 304 where the client holds this very entity. Only `if-none-match` is looked at:
    /// a page changes when a scheduled post comes due, which no modification time tells.
    #[must_use]
    pub fn conditional(mut self, request: &Request) -> Self {
        let reading = matches!(request.method, Method::Get | Method::Head);
        let fresh = match (request.header("if-none-match"), self.header("etag")) {
            (Some(held), Some(tag)) => held == "*" || held.split(',').any(|one| weak(one) == tag),
            _ => false,
        };
        if reading && fresh && self.status == 200 {
            self.status = 304;
            self.headers.retain(|(name, _)| *name != "content-type");
            self.body = Body::Bytes(Cow::Borrowed(&[]));
        }
        self
    }
}

/// If-None-Match compares weakly (RFC 9110, 13.1.2): `W/` does not count.
fn weak(tag: &str) -> &str {
    let tag = tag.trim();
    tag.strip_prefix("W/").unwrap_or(tag)
}
