//! One exchange: a request handed to an instance, and the response that comes back.
//!
//! The instance runs in the task that reads the response, first for the head, then whenever
//! the body is read. So a reader who goes away ends the instance, and a slow reader slows it
//! down, without a channel or a signal between them.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use hyper::header::CONTENT_LENGTH;
use hyper::{Method, Request, Response, StatusCode};
use tokio::sync::oneshot;
use tokio::time::{Instant, Sleep, sleep};
use wasmtime_wasi_http::Error;
use wasmtime_wasi_http::p2::body::HyperOutgoingBody;

use super::call::{Answer, instantiate};
use super::instance::{Done, Instance};
use super::slots::Slot;
use super::{Clock, End, Shared};

/// The body of a response, and the instance that writes it.
pub struct ResponseBody {
    written: HyperOutgoingBody,
    run: Run,
    left: Left,
    /// When the reader got the last piece.
    handed: Option<Instant>,
}

/// What is known of an exchange besides what its instance knows.
pub(super) struct Progress {
    pub(super) clock: Clock,
    pub(super) status: OnceLock<u16>,
    /// Whether the reader has got the head, or will: a failure can no longer change it.
    pub(super) committed: AtomicBool,
    pub(super) end: OnceLock<End>,
}

/// An instance that runs, within the time limit.
struct Run {
    running: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
    progress: Arc<Progress>,
    limit: Duration,
    deadline: Pin<Box<Sleep>>,
}

/// How much of a body its reader has not got yet.
enum Left {
    Nothing,
    Bytes(u64),
    Unknown,
}

/// Makes an instance and runs it until it answers or ends.
pub(super) async fn start<B>(
    shared: Arc<Shared>,
    request: Request<B>,
    slot: Slot,
    done: Done,
) -> Result<Response<ResponseBody>, End>
where
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Error>,
{
    let (method, limit) = (request.method().clone(), shared.limits.wall);
    run(&method, limit, move |progress, answer| async move {
        let store = Instance::store(&shared, Arc::clone(&progress), done);
        match instantiate(&shared, store).await {
            Ok(mut alive) => {
                let end = alive.call(&shared, request, answer).await;
                // An error that the component answered with is in there already.
                let _ = progress.end.set(end);
            }
            Err((end, store)) => {
                let _ = progress.end.set(end);
                drop(store);
            }
        }
        drop(slot);
    })
    .await
}

/// Runs an instance, as `instance` says, until it answers or ends.
pub(super) async fn run<F>(
    method: &Method,
    limit: Duration,
    instance: impl FnOnce(Arc<Progress>, Answer) -> F,
) -> Result<Response<ResponseBody>, End>
where
    F: Future<Output = ()> + Send + 'static,
{
    let (sender, mut receiver) = oneshot::channel();
    let progress = Arc::new(Progress {
        clock: Clock::start(),
        status: OnceLock::new(),
        committed: AtomicBool::new(false),
        end: OnceLock::new(),
    });
    let mut run = Run {
        limit,
        deadline: Box::pin(sleep(limit)),
        progress: Arc::clone(&progress),
        running: Some(Box::pin(instance(progress, sender))),
    };
    let response = poll_fn(|context| {
        let polled = run.poll(context);
        // An answer comes only from the instance, so there is nothing else to be woken by.
        match receiver.try_recv() {
            Ok(response) => Poll::Ready(Some(response)),
            Err(_) => polled.map(|()| None),
        }
    })
    .await;
    match (response, run.progress.end.get()) {
        (Some(response), None | Some(End::Done)) => {
            run.progress.committed.store(true, Relaxed);
            let left = Left::of(method, &response);
            Ok(response.map(|written| ResponseBody {
                written,
                run,
                left,
                handed: None,
            }))
        }
        (_, end) => Err(end.cloned().unwrap_or(End::Disconnected)),
    }
}

impl Run {
    fn poll(&mut self, context: &mut Context) -> Poll<()> {
        let Some(running) = &mut self.running else {
            return Poll::Ready(());
        };
        if self
            .progress
            .clock
            .poll(running.as_mut(), context)
            .is_pending()
        {
            ready!(self.deadline.as_mut().poll(context));
            let _ = self.progress.end.set(End::Wall(self.limit));
        }
        self.running = None;
        Poll::Ready(())
    }

    fn extend(&mut self, time: Duration) {
        let deadline = self.deadline.deadline() + time;
        self.deadline.as_mut().reset(deadline);
    }

    fn failed(&self) -> bool {
        self.progress.end.get().is_some_and(|end| *end != End::Done)
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
        let complete = self.is_end_stream() || matches!(self.left, Left::Nothing | Left::Bytes(0));
        let Some(running) = self.run.running.take().filter(|_| complete) else {
            return;
        };
        let mut rest = Run {
            running: Some(running),
            progress: Arc::clone(&self.run.progress),
            limit: self.run.limit,
            deadline: Box::pin(sleep(self.run.limit)),
        };
        tokio::spawn(poll_fn(move |context| rest.poll(context)));
    }
}
