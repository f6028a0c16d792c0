//! Pages that reload themselves when their content changes: only with `--watch`.
//!
//! A small script in each page listens to an event stream of the host. Pages are never
//! cached in this mode, or a browser would show what it had before.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Frame};
use hyper::header::{self, HeaderName, HeaderValue};
use hyper::{HeaderMap, Method, Request, Response, StatusCode};
use tokio::sync::watch;
use wasmtime_wasi_http::Error;

use super::refusal::{self, Answer, AnswerBody};
use super::shutdown::Shutdown;

/// Tells open pages to reload.
#[derive(Debug)]
pub(super) struct Reload {
    pub(super) generation: watch::Receiver<u64>,
    pub(super) shutdown: Shutdown,
}

const SCRIPT: &str = "let lost = false;
const events = new EventSource('/.mayfly/events');
events.onmessage = () => location.reload();
events.onerror = () => { lost = true; };
events.onopen = () => { if (lost) location.reload(); };
";
const TAG: &str = "<script src=\"/.mayfly/reload.js\"></script>";

/// What a client knows already, and what would hide the end of a page from us.
const CONDITIONS: [HeaderName; 3] = [
    header::IF_NONE_MATCH,
    header::IF_MODIFIED_SINCE,
    header::ACCEPT_ENCODING,
];

impl Reload {
    /// Answers the requests of the script; takes from all others what might hide a change.
    pub(super) fn intercept<B>(&self, request: &mut Request<B>) -> Option<Answer> {
        match request.uri().path() {
            "/.mayfly/events" => Some(typed("text/event-stream", self.events().boxed_unsync())),
            "/.mayfly/reload.js" => {
                let script = Full::from(SCRIPT).map_err(|never| match never {});
                Some(typed("text/javascript", script.boxed_unsync()))
            }
            _ => {
                for condition in CONDITIONS {
                    request.headers_mut().remove(condition);
                }
                None
            }
        }
    }

    /// Puts the script into a page.
    pub(super) async fn inject(&self, method: &Method, answer: Answer) -> Answer {
        if method == Method::HEAD || !is_html(answer.headers()) {
            return answer;
        }
        let (mut head, body) = answer.into_parts();
        let Ok(page) = body.collect().await else {
            return refusal::answer(StatusCode::INTERNAL_SERVER_ERROR);
        };
        let page = with_tag(&page.to_bytes());
        // A policy of the page would forbid the script.
        for name in [header::ETAG, header::CONTENT_SECURITY_POLICY] {
            head.headers.remove(name);
        }
        head.headers
            .insert(header::CONTENT_LENGTH, HeaderValue::from(page.len()));
        head.headers
            .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        let body = Full::from(page).map_err(|never| match never {});
        Response::from_parts(head, body.boxed_unsync())
    }

    fn events(&self) -> Events {
        let mut generation = self.generation.clone();
        // The page that asks is of the present generation.
        generation.mark_unchanged();
        Events {
            next: Box::pin(next(generation, self.shutdown.clone())),
        }
    }
}

fn typed(kind: &'static str, body: AnswerBody) -> Answer {
    let mut answer = Response::new(body);
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}

fn is_html(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE);
    kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

fn with_tag(page: &[u8]) -> Bytes {
    let end = page
        .windows(7)
        .rposition(|tag| tag.eq_ignore_ascii_case(b"</body>"));
    let (before, after) = page.split_at(end.unwrap_or(page.len()));
    let mut tagged = BytesMut::with_capacity(page.len() + TAG.len());
    for piece in [before, TAG.as_bytes(), after] {
        tagged.extend_from_slice(piece);
    }
    tagged.freeze()
}

/// A stream with an event for each change, until the program ends.
struct Events {
    next: Pin<Box<dyn Future<Output = Option<Next>> + Send>>,
}

type Next = (watch::Receiver<u64>, Shutdown);

async fn next(mut generation: watch::Receiver<u64>, shutdown: Shutdown) -> Option<Next> {
    tokio::select! {
        changed = generation.changed() => changed.is_ok().then_some(())?,
        _ = shutdown.requested() => return None,
    }
    Some((generation, shutdown))
}

impl Body for Events {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let changed = ready!(self.next.as_mut().poll(context));
        Poll::Ready(changed.map(|(generation, shutdown)| {
            self.next = Box::pin(next(generation, shutdown));
            Ok(Frame::data(Bytes::from_static(b"data: changed\n\n")))
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn script_goes_before_the_end_of_the_body() {
        let page = with_tag(b"<body>text</BODY></html>");
        assert_eq!(page, format!("<body>text{TAG}</BODY></html>"));
        assert_eq!(with_tag(b"text"), format!("text{TAG}"));
    }
}
