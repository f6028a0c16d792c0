//! The client of one blog.
//!
//! A blog that is busy or has gone for a while is waited for. Every request may be sent twice
//! without harm.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use bytes::Bytes;
use hyper::Request;
use hyper::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE};
use serde::Deserialize;
use tokio::time::timeout;

use crate::backoff::Backoff;
use crate::observer::{Notice, Observer, Progress, Silent, Task};
use crate::reply::Reply;
use crate::request::ApiRequest;
use crate::transport::{HttpTransport, Transport};

/// A blog, and the right to write to it.
pub struct BlogClient {
    transport: Box<dyn Transport>,
    token: String,
    max_wait: Duration,
    observer: Arc<dyn Observer>,
    /// Whether it has answered: the address of a blog that never did is probably wrong, so there is
    /// no use in waiting for it.
    was_reached: AtomicBool,
}

/// The answer to one step of a reindex.
#[derive(Deserialize)]
pub(crate) struct ReindexStep {
    /// How many documents and entries of the index were looked at, in this step and those before.
    pub(crate) handled: usize,
    /// Whether the index is as the documents require.
    pub(crate) done: bool,
}

/// For how long a blog that has gone is waited for, unless the caller says otherwise.
const DEFAULT_MAX_WAIT: Duration = Duration::from_secs(120);

/// The longest that one answer may take: hosts end a request well before.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(90);

impl BlogClient {
    /// The client of the blog that `transport` leads to, with the blog's admin token.
    pub fn new(transport: impl Transport + 'static, token: String) -> Self {
        Self {
            transport: Box::new(transport),
            token,
            max_wait: DEFAULT_MAX_WAIT,
            observer: Arc::new(Silent),
            was_reached: AtomicBool::new(false),
        }
    }

    /// The client of the blog at `url`.
    ///
    /// # Errors
    ///
    /// `url` does not begin with `http://`.
    pub fn remote(url: &str, token: String) -> Result<Self> {
        Ok(Self::new(HttpTransport::new(url)?, token))
    }

    /// The same, which waits for so long for a blog that is busy or has gone.
    #[must_use]
    pub fn with_max_wait(self, max_wait: Duration) -> Self {
        Self { max_wait, ..self }
    }

    /// The same, which tells `observer` what happens.
    #[must_use]
    pub fn with_observer(self, observer: Arc<dyn Observer>) -> Self {
        Self { observer, ..self }
    }

    /// Whether the blog is on another machine.
    pub fn is_on_other_machine(&self) -> bool {
        self.transport.is_on_other_machine()
    }

    /// Who is told what happens.
    pub(crate) fn observer(&self) -> &Arc<dyn Observer> {
        &self.observer
    }

    /// Sends one request; one that was lost, or that the blog is too busy for, is sent again.
    ///
    /// # Errors
    ///
    /// There is no answer within the time to wait. A refusal is a reply.
    pub async fn send(&self, request: ApiRequest<'_>) -> Result<Reply> {
        let mut backoff = Backoff::new(&*self.observer, self.max_wait);
        loop {
            let sent = match timeout(ANSWER_TIMEOUT, self.attempt(&request)).await {
                Ok(sent) => sent,
                Err(_) => Err(anyhow!("no answer within {} s", ANSWER_TIMEOUT.as_secs())),
            };
            let (reason, retry_after) = match &sent {
                Ok(reply) if reply.wants_reindex() => {
                    self.rebuild_index().await?;
                    continue;
                }
                Ok(reply)
                    if !reply.is_transient() || (request.is_divisible && reply.is_overload()) =>
                {
                    self.was_reached.store(true, Ordering::Relaxed);
                    return sent;
                }
                Ok(reply) => (reply.describe(), reply.retry_after()),
                Err(error) if self.was_reached.load(Ordering::Relaxed) => {
                    (format!("{error:#}"), None)
                }
                Err(_) => return sent.with_context(|| request.to_string()),
            };
            if !backoff.pause(&request, &reason, retry_after).await {
                return sent.with_context(|| request.to_string());
            }
        }
    }

    /// Rebuilds an index that another version of Mayfly wrote. Readers see the posts meanwhile,
    /// and no lists.
    async fn rebuild_index(&self) -> Result<()> {
        self.observer.notice(&Notice::RebuildingIndex);
        let mut progress = Progress::start(&self.observer, Task::RebuildIndex, None);
        let request = ApiRequest::post("/api/reindex", Bytes::new());
        let mut backoff = Backoff::new(&*self.observer, self.max_wait);
        loop {
            let reply = self.attempt(&request).await?;
            if reply.is_transient() || reply.is_overload() {
                // Each step that is stopped is followed by a smaller one.
                let (reason, retry_after) = (reply.describe(), reply.retry_after());
                if backoff.pause(&request, &reason, retry_after).await {
                    continue;
                }
            }
            let body = reply.success().context("cannot rebuild the index")?;
            let step: ReindexStep = serde_json::from_slice(&body)
                .context("POST /api/reindex: the answer is not what a blog answers")?;
            if step.done {
                drop(progress);
                self.observer.notice(&Notice::IndexRebuilt);
                return Ok(());
            }
            progress.set(step.handled);
            backoff.reset();
        }
    }

    async fn attempt(&self, request: &ApiRequest<'_>) -> Result<Reply> {
        let mut http = Request::builder()
            .method(request.method.clone())
            .uri(request.path)
            .header(AUTHORIZATION, format!("Bearer {}", self.token))
            .header(CONTENT_TYPE, request.content_type)
            .header(CONTENT_LENGTH, request.body.len());
        if let Some(precondition) = &request.precondition {
            let (name, value) = precondition.header();
            http = http.header(name, value);
        }
        let http = http.body(request.body.clone());
        self.transport
            .send(http.context("the address is not valid")?)
            .await
    }
}
