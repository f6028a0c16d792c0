//! Where a blog is: in a component in this process, or behind a host on the network.
//!
//! Whoever writes to a blog or reads its sources goes through here. A blog that is busy or has
//! gone for a while is waited for; every request may be sent twice without harm.

mod call;
mod flags;
mod patience;
pub mod percent;
mod published;
mod reply;

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use hyper::{HeaderMap, Request, Response, Uri};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tokio::time::timeout;

use crate::application::Application;
use crate::print;
pub use call::{Call, Guard};
pub use flags::{Access, Flags};
use instance::Runtime;
use patience::Patience;
pub use published::{Published, document_hash, hash};
pub use reply::{Described, Reply};

/// A blog, and the right to write to it.
pub struct Target {
    way: Way,
    token: String,
    /// For how long a blog that has gone is waited for.
    wait: Duration,
    /// Whether it has answered: what never did is more likely to be mistyped than to come back.
    was_reached: AtomicBool,
}

/// How far a reindex has come.
#[derive(serde::Deserialize)]
pub struct Reindexed {
    /// How many documents and entries of the index were looked at.
    pub handled: usize,
    /// Whether the index is as the documents require.
    pub done: bool,
}

enum Way {
    InProcess(Runtime),
    Remote {
        client: Client<HttpConnector, Full<Bytes>>,
        base: String,
    },
}

/// For how long a blog that has gone is waited for, unless someone says otherwise.
const WAIT: Duration = Duration::from_secs(120);

/// The longest that one answer may take: hosts end a request well before.
const ANSWER: Duration = Duration::from_secs(90);

impl Target {
    /// The component of an application in this process.
    pub fn in_process(application: &Application) -> Result<Self> {
        let token = application.admin_token.as_ref().context(
            "the manifest has no variable admin_token: declare it and give it to the component",
        )?;
        Ok(Self {
            way: Way::InProcess(application.runtime.clone()),
            token: token.secret().to_owned(),
            wait: WAIT,
            was_reached: AtomicBool::new(false),
        })
    }

    /// The blog at `url`.
    pub fn remote(url: &str, token: String) -> Result<Self> {
        if url.starts_with("https://") {
            bail!("{url}: https is not built in: go through a tunnel, such as ssh -L, to http");
        }
        if !url.starts_with("http://") {
            bail!("{url}: expected an address that begins with http://");
        }
        let client = Client::builder(TokioExecutor::new()).build_http();
        let base = url.trim_end_matches('/').to_owned();
        Ok(Self {
            way: Way::Remote { client, base },
            token,
            wait: WAIT,
            was_reached: AtomicBool::new(false),
        })
    }

    /// The same, with another time to wait for a blog that has gone.
    #[must_use]
    pub fn waiting(self, wait: Duration) -> Self {
        Self { wait, ..self }
    }

    /// Whether it is on another machine.
    pub fn is_elsewhere(&self) -> bool {
        let Way::Remote { base, .. } = &self.way else {
            return false;
        };
        let host = base.parse::<Uri>().ok();
        let host = host.as_ref().and_then(Uri::host).unwrap_or_default();
        let address = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
        host != "localhost" && !address.is_ok_and(|address| address.is_loopback())
    }

    /// Sends one request; what the blog is too busy for, or what got lost, is sent again.
    pub async fn send(&self, call: Call<'_>) -> Result<Reply> {
        let mut patience = Patience::of(self.wait);
        loop {
            let sent = match timeout(ANSWER, self.attempt(&call)).await {
                Ok(sent) => sent,
                Err(_) => Err(anyhow!("no answer within {} s", ANSWER.as_secs())),
            };
            let (trouble, pause) = match &sent {
                Ok(reply) if reply.wants_reindex() => {
                    self.rebuild_index().await?;
                    continue;
                }
                Ok(reply) if !reply.is_for_now() || (call.divisible && reply.is_too_much()) => {
                    self.was_reached.store(true, Ordering::Relaxed);
                    return sent;
                }
                Ok(reply) => (reply.trouble(), reply.retry_after()),
                Err(error) if self.was_reached.load(Ordering::Relaxed) => {
                    (format!("{error:#}"), None)
                }
                Err(_) => return sent.with_context(|| call.to_string()),
            };
            if !patience.waits(&call, &trouble, pause).await {
                return sent.with_context(|| call.to_string());
            }
        }
    }

    /// Rebuilds an index that another version of Mayfly wrote. Readers see the posts meanwhile,
    /// and no lists.
    async fn rebuild_index(&self) -> Result<()> {
        print::note("rebuilding the index, which has the format of another version");
        let call = Call::post("/api/reindex", Bytes::new());
        let mut patience = Patience::of(self.wait);
        loop {
            let reply = self.attempt(&call).await?;
            if reply.is_for_now() || reply.is_too_much() {
                // Each step that is stopped is followed by a smaller one.
                if patience
                    .waits(&call, &reply.trouble(), reply.retry_after())
                    .await
                {
                    continue;
                }
            }
            let body = reply.success().context("cannot rebuild the index")?;
            let step: Reindexed = serde_json::from_slice(&body)
                .context("POST /api/reindex: the answer is not what a blog answers")?;
            if step.done {
                print::note("rebuilt the index");
                return Ok(());
            }
            patience = Patience::of(self.wait);
        }
    }

    async fn attempt(&self, call: &Call<'_>) -> Result<Reply> {
        let base = match &self.way {
            Way::InProcess(_) => "",
            Way::Remote { base, .. } => base,
        };
        let mut request = Request::builder()
            .method(call.method.clone())
            .uri(format!("{base}{}", call.path));
        if base.is_empty() {
            request = request.header(HOST, "localhost");
        }
        if let Some(guard) = &call.guard {
            let (name, value) = guard.header();
            request = request.header(name, value);
        }
        let request = request
            .header(AUTHORIZATION, format!("Bearer {}", self.token))
            .header(CONTENT_TYPE, call.kind)
            .header("content-length", call.body.len())
            .body(Full::new(call.body.clone()))
            .context("the address is not valid")?;
        match &self.way {
            Way::InProcess(runtime) => match runtime.handle_unhurried(request).await {
                Ok(response) => collect(response).await,
                // As a host on the network answers, but with the reason.
                Err(end) => Ok(Reply {
                    status: end.status(),
                    headers: HeaderMap::new(),
                    body: format!("the component failed: {end}").into(),
                }),
            },
            Way::Remote { client, .. } => {
                let response = client.request(request).await;
                collect(response.context("the blog cannot be reached")?).await
            }
        }
    }
}

async fn collect<B>(response: Response<B>) -> Result<Reply>
where
    B: hyper::body::Body,
    B::Error: std::error::Error + Send + Sync + 'static,
{
    let (head, body) = response.into_parts();
    let body = body.collect().await.context("the answer broke off")?;
    Ok(Reply {
        status: head.status,
        headers: head.headers,
        body: body.to_bytes(),
    })
}
