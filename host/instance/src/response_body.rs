//! The body of a response, whose reading drives the instance that writes it, and that instance at
//! work within the time limit.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use hyper::header::CONTENT_LENGTH;
use hyper::{Method, Response, StatusCode};
use tokio::time::{Instant, Sleep, sleep};
use wasmtime_wasi_http::{Error, WasiBody};

use super::progress::Progress;
use super::{End, Live};

/// The body of a response, and the instance that writes it.
pub struct ResponseBody {
    written: WasiBody,
    run: Run,
    left: Left,
    /// When the reader got the last piece.
    handed: Option<Instant>,
}

/// How much of a body its reader has not got yet.
enum Left {
    Nothing,
    Bytes(u64),
    Unknown,
}

impl ResponseBody {
    /// Makes `response` one whose body drives `run`.
    pub(super) fn of(method: &Method, response: Response<WasiBody>, run: Run) -> Response<Self> {
        let left = Left::of(method, &response);
        response.map(|written| Self {
            written,
            run,
            left,
            handed: None,
        })
    }

    /// Whether its instance has nothing to do with it any more, so that nobody need care how fast
    /// it is read.
    pub fn is_free(&self) -> bool {
        self.run.is_over() || self.is_complete()
    }

    /// Ends the instance, whose reader is too slow.
    pub fn give_up(mut self) {
        self.run.end_late();
    }

    fn is_complete(&self) -> bool {
        self.is_end_stream() || matches!(self.left, Left::Nothing | Left::Bytes(0))
    }

    /// What the request has used until now.
    pub fn live(&self) -> Live {
        self.run.live()
    }
}

impl Left {
    fn of<B>(method: &Method, response: &Response<B>) -> Self {
        let without_body = [StatusCode::NO_CONTENT, StatusCode::NOT_MODIFIED];
        if method == Method::HEAD || without_body.contains(&response.status()) {
            return Self::Nothing;
        }
        let length = response.headers().get(CONTENT_LENGTH);
        let length = length.and_then(|length| length.to_str().ok()?.parse().ok());
        length.map_or(Self::Unknown, Self::Bytes)
    }

    fn take(&mut self, bytes: u64) {
        if let Self::Bytes(left) = self {
            *left = left.saturating_sub(bytes);
        }
    }
}

impl Body for ResponseBody {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        if let Some(handed) = self.handed.take() {
            self.run.extend(handed.elapsed());
        }
        let _ = self.run.poll(context);
        let frame = ready!(Pin::new(&mut self.written).poll_frame(context));
        match &frame {
            // The end of what an instance wrote before it failed must not look like the end
            // of the body: an error makes the connection break off.
            None if self.run.failed() => {
                return Poll::Ready(Some(Err(Error::HttpResponseIncomplete)));
            }
            None => self.left = Left::Nothing,
            Some(Ok(frame)) => {
                self.left
                    .take(frame.data_ref().map_or(0, Bytes::len) as u64);
                self.handed = Some(Instant::now());
            }
            Some(Err(_)) => {}
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.written.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.written.size_hint()
    }
}

impl Drop for ResponseBody {
    /// A reader who has got everything lets the instance come to its own end.
    fn drop(&mut self) {
        if self.is_complete()
            && let Some(mut rest) = self.run.take()
        {
            tokio::spawn(poll_fn(move |context| rest.poll(context)));
        }
    }
}

/// An instance that runs, or has run.
pub(super) struct Run {
    running: Option<Running>,
    progress: Arc<Progress>,
    limit: Duration,
    deadline: Pin<Box<Sleep>>,
}

type Running = Pin<Box<dyn Future<Output = ()> + Send>>;

impl Run {
    pub(super) fn new(running: Running, progress: Arc<Progress>, limit: Duration) -> Self {
        Self {
            running: Some(running),
            progress,
            limit,
            deadline: Box::pin(sleep(limit)),
        }
    }

    /// Lets the instance work; ready when it is gone.
    pub(super) fn poll(&mut self, context: &mut Context) -> Poll<()> {
        let Some(running) = &mut self.running else {
            return Poll::Ready(());
        };
        let clock = &self.progress.clock;
        if clock.poll(running.as_mut(), context).is_pending() {
            ready!(self.deadline.as_mut().poll(context));
            self.end_late();
        }
        self.running = None;
        Poll::Ready(())
    }

    /// Whether the instance is gone.
    pub(super) fn is_over(&self) -> bool {
        self.running.is_none()
    }

    /// Ends the instance as one that took too long.
    pub(super) fn end_late(&mut self) {
        let _ = self.progress.end.set(End::Wall(self.limit));
        self.running = None;
    }

    /// Gives the instance more time, for what it could do nothing about.
    pub(super) fn extend(&mut self, time: Duration) {
        let deadline = self.deadline.deadline() + time;
        self.deadline.as_mut().reset(deadline);
    }

    /// Whether the instance has ended badly.
    pub(super) fn failed(&self) -> bool {
        let end = self.progress.end.get();
        end.is_some_and(|end| *end != End::Done)
    }

    pub(super) fn live(&self) -> Live {
        Live::of(&self.progress)
    }

    /// Takes what still runs out of here, with a time limit of its own.
    pub(super) fn take(&mut self) -> Option<Self> {
        let running = self.running.take()?;
        Some(Self::new(running, Arc::clone(&self.progress), self.limit))
    }
}
