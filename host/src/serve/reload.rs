//! Pages that reload themselves when their content changes: only with `--watch`.
//!
//! A small script in each page listens to an event stream of the host. Pages are never
//! cached in this mode, or a browser would show what it had before.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Body, Frame};
use hyper::header::{self, HeaderName, HeaderValue};
use hyper::{HeaderMap, Method, Request, Response, StatusCode};
use tokio::sync::{oneshot, watch};
use wasmtime_wasi_http::Error;

use super::refusal::{self, Answer, AnswerBody};
use super::shutdown::Shutdown;

/// Tells open pages to reload.
#[derive(Debug)]
pub(super) struct Reload {
    generation: watch::Receiver<u64>,
    shutdown: Shutdown,
    /// One for each open page, the oldest first; without it the page is told no more.
    pages: Mutex<VecDeque<oneshot::Sender<()>>>,
}

/// The largest page into which the script is put; it is held in memory for that.
const PAGE_BYTES: usize = 16 << 20;
/// Pages that are told: each holds a connection for as long as it is open.
const PAGES: usize = 64;

const SCRIPT: &str = "let lost = false;
const events = new EventSource('/.mayfly/events');
events.onmessage = () => location.reload();
events.onerror = () => { lost = true; };
events.onopen = () => { if (lost) location.reload(); };
events.addEventListener('enough', () => events.close());
";
const TAG: &str = "<script src=\"/.mayfly/reload.js\"></script>";

/// What a client knows already, and what would hide the end of a page from us.
const CONDITIONS: [HeaderName; 3] = [
    header::IF_NONE_MATCH,
    header::IF_MODIFIED_SINCE,
    header::ACCEPT_ENCODING,
];

impl Reload {
    /// Pages that reload with each new `generation`, until shutdown.
    pub(super) fn new(generation: watch::Receiver<u64>, shutdown: Shutdown) -> Self {
        Self {
            generation,
            shutdown,
            pages: Mutex::default(),
        }
    }

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
        let Ok(page) = Limited::new(body, PAGE_BYTES).collect().await else {
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
        let page = Page {
            generation,
            shutdown: self.shutdown.clone(),
            enough: self.place(),
        };
        Events(Some(Box::pin(page.next())))
    }

    /// A place for one more page; the oldest loses its own if there are too many.
    fn place(&self) -> oneshot::Receiver<()> {
        let (sender, receiver) = oneshot::channel();
        let mut pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        pages.retain(|page| !page.is_closed());
        if pages.len() >= PAGES {
            pages.pop_front();
        }
        pages.push_back(sender);
        receiver
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

/// A stream with an event for each change, until the program ends or there are too many of them.
struct Events(Option<Pin<Box<dyn Future<Output = Told> + Send>>>);

/// An event, and the page that may get another one after it; without an event the stream ends.
type Told = (Option<&'static str>, Option<Page>);

struct Page {
    generation: watch::Receiver<u64>,
    shutdown: Shutdown,
    /// Ready when the page loses its place.
    enough: oneshot::Receiver<()>,
}

impl Page {
    async fn next(mut self) -> Told {
        tokio::select! {
            changed = self.generation.changed() => match changed {
                Ok(()) => (Some("data: changed\n\n"), Some(self)),
                Err(_) => (None, None),
            },
            _ = &mut self.enough => (Some("event: enough\ndata:\n\n"), None),
            _ = self.shutdown.requested() => (None, None),
        }
    }
}

impl Body for Events {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let Some(next) = &mut self.0 else {
            return Poll::Ready(None);
        };
        let (event, page) = ready!(next.as_mut().poll(context));
        self.0 = page
            .map(|page| -> Pin<Box<dyn Future<Output = Told> + Send>> { Box::pin(page.next()) });
        Poll::Ready(event.map(|event| Ok(Frame::data(Bytes::from_static(event.as_bytes())))))
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
