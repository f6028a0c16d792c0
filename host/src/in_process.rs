//! The way to a blog whose component runs in this process.

use anyhow::Result;
use bytes::Bytes;
use client::{Reply, Sending, Transport};
use http_body_util::Full;
use hyper::header::HOST;
use hyper::http::HeaderValue;
use hyper::{HeaderMap, Request};
use instance::Runtime;

/// Hands requests to fresh instances. What the owner of a blog publishes has no limit on processor
/// time.
pub(crate) struct InProcess(pub(crate) Runtime);

impl Transport for InProcess {
    fn send(&self, request: Request<Bytes>) -> Sending<'_> {
        Box::pin(answer(&self.0, request))
    }

    fn is_on_other_machine(&self) -> bool {
        false
    }
}

async fn answer(runtime: &Runtime, request: Request<Bytes>) -> Result<Reply> {
    let mut request = request.map(Full::new);
    let host = HeaderValue::from_static("localhost");
    request.headers_mut().insert(HOST, host);
    match runtime.handle_unhurried(request).await {
        Ok(response) => Reply::read(response).await,
        // As a host on the network answers, but with the reason.
        Err(end) => Ok(Reply {
            status: end.status(),
            headers: HeaderMap::new(),
            body: format!("the component failed: {end}").into(),
        }),
    }
}
