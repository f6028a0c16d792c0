//! What a blog answers to a request.

use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::Body;
use hyper::header::{CONTENT_TYPE, RETRY_AFTER};
use hyper::{HeaderMap, Response, StatusCode};

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

/// What a blog says about a request that it refuses (RFC 9457).
#[derive(Debug, serde::Deserialize)]
pub struct ProblemDetails {
    /// The kind of problem.
    #[serde(default, rename = "type")]
    pub kind: String,
    /// What is wrong.
    pub detail: String,
    /// What is wrong with the source, where the source is refused.
    #[serde(default)]
    pub problems: Vec<SourceProblem>,
}

/// A problem of a source.
#[derive(Debug, serde::Deserialize)]
pub struct SourceProblem {
    /// The line, from 1.
    pub line: Option<u32>,
    /// The field of the front matter or the settings.
    pub field: Option<String>,
    /// What is wrong, and how to correct it.
    pub message: String,
}

/// The detail in place of a web page, which is for browsers.
const NOT_A_BLOG: &str = "a web page came back, and not what a blog answers to a publisher: correct \
     the address of the blog";

impl Reply {
    /// Reads a response to its end.
    ///
    /// # Errors
    ///
    /// The body breaks off.
    pub async fn read<B>(response: Response<B>) -> Result<Self>
    where
        B: Body,
        B::Error: std::error::Error + Send + Sync + 'static,
    {
        let (head, body) = response.into_parts();
        let body = body.collect().await.context("the answer broke off")?;
        Ok(Self {
            status: head.status,
            headers: head.headers,
            body: body.to_bytes(),
        })
    }

    /// The body of a request that succeeded.
    ///
    /// # Errors
    ///
    /// The blog refused the request; the error is what it says.
    pub fn success(self) -> Result<Bytes> {
        if self.status.is_success() {
            return Ok(self.body);
        }
        Err(anyhow!("{}", self.describe()))
    }

    /// The header of this name, where it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// What the blog says about a request that it refuses; of another answer, its text.
    pub fn refusal(&self) -> ProblemDetails {
        let is_page = self
            .header(CONTENT_TYPE.as_str())
            .is_some_and(|kind| kind.starts_with("text/html"));
        let detail = || match is_page {
            true => NOT_A_BLOG.to_owned(),
            false => String::from_utf8_lossy(&self.body).trim().to_owned(),
        };
        let text = || ProblemDetails {
            kind: String::new(),
            detail: detail(),
            problems: Vec::new(),
        };
        serde_json::from_slice(&self.body).unwrap_or_else(|_| text())
    }

    /// Whether the blog's index has to be rebuilt before it can answer.
    pub(crate) fn wants_reindex(&self) -> bool {
        self.status == StatusCode::SERVICE_UNAVAILABLE
            && self.refusal().kind == "urn:mayfly:index-outdated"
    }

    /// Whether the precondition of the request did not hold: someone else has written meanwhile.
    pub(crate) fn is_conflict(&self) -> bool {
        self.status == StatusCode::PRECONDITION_FAILED
    }

    /// Whether a part of the request might be answered otherwise: an instance reached a limit, or
    /// a proxy takes no such body.
    pub(crate) fn is_overload(&self) -> bool {
        match self.status {
            StatusCode::INTERNAL_SERVER_ERROR
            | StatusCode::PAYLOAD_TOO_LARGE
            | StatusCode::GATEWAY_TIMEOUT => true,
            _ => self.names_limit(),
        }
    }

    /// Whether the same request may succeed a little later.
    pub(crate) fn is_transient(&self) -> bool {
        let is_busy = matches!(
            self.status,
            StatusCode::TOO_MANY_REQUESTS
                | StatusCode::BAD_GATEWAY
                | StatusCode::SERVICE_UNAVAILABLE
                | StatusCode::GATEWAY_TIMEOUT
        );
        // The same request would reach the limit again.
        is_busy && !self.names_limit()
    }

    /// Whether an instance was stopped by one of its limits. A host that is only busy names none.
    fn names_limit(&self) -> bool {
        let may_name = matches!(
            self.status,
            StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT
        );
        may_name && {
            let detail = self.refusal().detail;
            ["memory limit", "cpu limit", "time limit"]
                .iter()
                .any(|limit| detail.contains(limit))
        }
    }

    /// The status, and what the blog says about it.
    pub(crate) fn describe(&self) -> String {
        match self.refusal().detail.as_str() {
            "" => self.status.to_string(),
            detail => format!("{}: {detail}", self.status),
        }
    }

    /// How long the blog asks to wait before the next attempt.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        let seconds = self.header(RETRY_AFTER.as_str())?.parse().ok()?;
        Some(Duration::from_secs(seconds))
    }
}
