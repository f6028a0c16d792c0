//! What a blog says to a request.

use std::time::Duration;

use anyhow::{Result, anyhow};
use bytes::Bytes;
use hyper::header::{CONTENT_TYPE, RETRY_AFTER};
use hyper::{HeaderMap, StatusCode};

/// An answer, read to its end.
#[derive(Debug)]
pub struct Reply {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Bytes,
}

/// What a blog says of a request that it refuses (RFC 9457).
#[derive(Debug, serde::Deserialize)]
pub struct Refusal {
    /// The kind of problem.
    #[serde(default, rename = "type")]
    pub kind: String,
    /// What is wrong.
    pub detail: String,
    /// What is wrong with the source, if it is that.
    #[serde(default)]
    pub problems: Vec<Described>,
}

/// A problem of a source.
#[derive(Debug, serde::Deserialize)]
pub struct Described {
    /// The line, from 1.
    pub line: Option<u32>,
    /// The field of the front matter or the settings.
    pub field: Option<String>,
    /// What is wrong and how to mend it.
    pub message: String,
}

/// What is told in place of a page, which is for browsers.
const NO_BLOG: &str = "a web page came back, and not what a blog answers to a publisher: correct \
     the address of the blog";

impl Reply {
    /// Fails with what the blog says, unless the request succeeded.
    pub fn success(self) -> Result<Bytes> {
        if self.status.is_success() {
            return Ok(self.body);
        }
        Err(anyhow!("{}", self.trouble()))
    }

    /// The header of this name, where it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// What the blog says to a request that it refuses.
    pub fn refusal(&self) -> Refusal {
        let is_page = self
            .header(CONTENT_TYPE.as_str())
            .is_some_and(|kind| kind.starts_with("text/html"));
        let detail = || match is_page {
            true => NO_BLOG.to_owned(),
            false => String::from_utf8_lossy(&self.body).trim().to_owned(),
        };
        let text = || Refusal {
            kind: String::new(),
            detail: detail(),
            problems: Vec::new(),
        };
        serde_json::from_slice(&self.body).unwrap_or_else(|_| text())
    }

    /// Whether the blog's index has to be rebuilt before it can answer.
    pub(super) fn wants_reindex(&self) -> bool {
        self.status == StatusCode::SERVICE_UNAVAILABLE
            && self.refusal().kind == "urn:mayfly:index-outdated"
    }

    /// Whether someone else holds what was to be written.
    pub fn is_conflict(&self) -> bool {
        self.status == StatusCode::PRECONDITION_FAILED
    }

    /// Whether a part of the request might be answered otherwise: an instance reached a limit, or
    /// a proxy takes no such body.
    pub fn is_too_much(&self) -> bool {
        match self.status {
            StatusCode::INTERNAL_SERVER_ERROR
            | StatusCode::PAYLOAD_TOO_LARGE
            | StatusCode::GATEWAY_TIMEOUT => true,
            // A blog that is only busy names no limit.
            StatusCode::SERVICE_UNAVAILABLE => {
                let detail = self.refusal().detail;
                detail.contains("memory limit") || detail.contains("cpu limit")
            }
            _ => false,
        }
    }

    /// Whether the same request may succeed in a while.
    pub(super) fn is_for_now(&self) -> bool {
        matches!(
            self.status,
            StatusCode::TOO_MANY_REQUESTS
                | StatusCode::BAD_GATEWAY
                | StatusCode::SERVICE_UNAVAILABLE
                | StatusCode::GATEWAY_TIMEOUT
        )
    }

    /// The status, and what the blog says to it.
    pub fn trouble(&self) -> String {
        match self.refusal().detail.as_str() {
            "" => self.status.to_string(),
            detail => format!("{}: {detail}", self.status),
        }
    }

    /// For how long the blog asks to be left alone.
    pub(super) fn retry_after(&self) -> Option<Duration> {
        let seconds = self.header(RETRY_AFTER.as_str())?.parse().ok()?;
        Some(Duration::from_secs(seconds))
    }
}
