//! Where content goes: to a component in this process, or to a host on the network.

use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST, RETRY_AFTER};
use hyper::{HeaderMap, Method, Request, Response, StatusCode};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

use super::problem::Described;
use crate::application::Application;
use crate::runtime::{End, Runtime};

/// A component that takes content, and the right to send it.
pub struct Target {
    way: Way,
    token: String,
}

enum Way {
    InProcess(Runtime),
    Remote {
        client: Client<HttpConnector, Full<Bytes>>,
        base: String,
    },
}

/// What the component says to a request.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: StatusCode,
    pub(super) body: Bytes,
}

/// How often a request is sent again that the component was too busy for.
const ATTEMPTS: u32 = 5;

impl Target {
    /// The component of an application in this process.
    pub fn in_process(application: &Application) -> Result<Self> {
        let token = application.admin_token.as_ref().context(
            "the manifest has no variable admin_token: declare it and give it to the component",
        )?;
        Ok(Self {
            way: Way::InProcess(application.runtime.clone()),
            token: token.secret().to_owned(),
        })
    }

    /// The blog at `url`.
    pub fn remote(url: &str, token: String) -> Result<Self> {
        if url.starts_with("https://") {
            bail!(
                "{url}: https is not built in: publish through a tunnel, such as ssh -L, to http"
            );
        }
        if !url.starts_with("http://") {
            bail!("{url}: expected an address that begins with http://");
        }
        let client = Client::builder(TokioExecutor::new()).build_http();
        let base = url.trim_end_matches('/').to_owned();
        Ok(Self {
            way: Way::Remote { client, base },
            token,
        })
    }

    /// Sends one request; what the component does not do for lack of time is asked again.
    pub(super) async fn send(
        &self,
        method: Method,
        path: &str,
        kind: &str,
        body: Bytes,
    ) -> Result<Reply> {
        let mut attempt = 1;
        loop {
            let sent = self.attempt(method.clone(), path, kind, body.clone()).await;
            let (reply, headers) = sent.with_context(|| format!("{method} {path}"))?;
            if reply.status != StatusCode::SERVICE_UNAVAILABLE || attempt == ATTEMPTS {
                return Ok(reply);
            }
            let seconds = headers
                .get(RETRY_AFTER)
                .and_then(|value| value.to_str().ok()?.parse().ok());
            tokio::time::sleep(Duration::from_secs(seconds.unwrap_or(1).min(10))).await;
            attempt += 1;
        }
    }

    async fn attempt(
        &self,
        method: Method,
        path: &str,
        kind: &str,
        body: Bytes,
    ) -> Result<(Reply, HeaderMap)> {
        let base = match &self.way {
            Way::InProcess(_) => "",
            Way::Remote { base, .. } => base,
        };
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{base}{path}"));
        if base.is_empty() {
            request = request.header(HOST, "localhost");
        }
        let request = request
            .header(AUTHORIZATION, format!("Bearer {}", self.token))
            .header(CONTENT_TYPE, kind)
            .header("content-length", body.len())
            .body(Full::new(body))
            .context("the address is not valid")?;
        match &self.way {
            Way::InProcess(runtime) => match runtime.handle(request, |_| {}).await {
                Ok(response) => collect(response).await,
                Err(End::Refused) => bail!("the host is too busy"),
                Err(end) => Err(anyhow!("the component failed: {end}")),
            },
            Way::Remote { client, .. } => collect(client.request(request).await?).await,
        }
    }
}

impl Reply {
    /// Fails with what the component says, unless the request succeeded.
    pub(super) fn success(self) -> Result<Bytes> {
        if self.status.is_success() {
            return Ok(self.body);
        }
        let detail = self.refusal().detail;
        Err(anyhow!("{}: {detail}", self.status))
    }

    /// What the component says to a request that it refuses (RFC 9457).
    pub(super) fn refusal(&self) -> Refusal {
        let text = || Refusal {
            detail: String::from_utf8_lossy(&self.body).trim().to_owned(),
            problems: Vec::new(),
        };
        serde_json::from_slice(&self.body).unwrap_or_else(|_| text())
    }
}

/// The parts of a problem document that matter here.
#[derive(Debug, serde::Deserialize)]
pub(super) struct Refusal {
    pub(super) detail: String,
    #[serde(default)]
    pub(super) problems: Vec<Described>,
}

async fn collect<B>(response: Response<B>) -> Result<(Reply, HeaderMap)>
where
    B: hyper::body::Body,
    B::Error: std::error::Error + Send + Sync + 'static,
{
    let (head, body) = response.into_parts();
    let body = body
        .collect()
        .await
        .context("the answer broke off")?
        .to_bytes();
    Ok((
        Reply {
            status: head.status,
            body,
        },
        head.headers,
    ))
}

/// A path with everything escaped that means something in an address.
pub(super) fn percent_encode(path: &str) -> String {
    let mut encoded = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded += &format!("%{byte:02X}");
        }
    }
    encoded
}

/// The opposite; what is no escape stays as it is.
pub(super) fn percent_decode(path: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = path.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let escape = after.split_at_checked(2).filter(|_| first == b'%');
        let escaped = escape.and_then(|(digits, after)| {
            let digits = std::str::from_utf8(digits).ok()?;
            Some((u8::from_str_radix(digits, 16).ok()?, after))
        });
        let (byte, after) = escaped.unwrap_or((first, after));
        bytes.push(byte);
        rest = after;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
