//! One exchange: a request handed to an instance, and the response that comes back, within the
//! time limit.
//!
//! The instance runs in the task that reads the response, first for the head, then whenever
//! the body is read. So a reader who goes away ends the instance, and a slow reader slows it
//! down, without a channel or a signal between them.

use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;
use hyper::body::Body;
use hyper::{Method, Request, Response};
use tokio::sync::oneshot;
use wasmtime_wasi_http::Error;

use super::call::instantiate;
use super::handler::Answer;
use super::instance::{Done, Instance};
use super::limits::Permit;
use super::progress::Progress;
use super::response_body::{ResponseBody, Run};
use super::{Clock, End, Live, Shared};

/// Gets a view of the exchange when its instance is about to be made.
pub(super) type Begun = Box<dyn FnOnce(Live) + Send>;

/// Makes an instance, which may use that much processor time, and runs it until it answers or ends.
pub(super) async fn start<B>(
    shared: Arc<Shared>,
    request: Request<B>,
    (permit, clock): (Permit, Clock),
    processor: Duration,
    begun: Begun,
    done: Done,
) -> Result<Response<ResponseBody>, End>
where
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Error>,
{
    let (method, limit) = (request.method().clone(), shared.limits.wall);
    run(&method, clock, limit, move |progress, answer| async move {
        begun(Live::of(&progress));
        let store = Instance::store(&shared, Arc::clone(&progress), done);
        match instantiate(&shared, store, processor).await {
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
        drop(permit);
    })
    .await
}

/// Runs an instance, as `instance` says, until it answers or ends.
pub(super) async fn run<F>(
    method: &Method,
    clock: Clock,
    limit: Duration,
    instance: impl FnOnce(Arc<Progress>, Answer) -> F,
) -> Result<Response<ResponseBody>, End>
where
    F: Future<Output = ()> + Send + 'static,
{
    let (sender, mut receiver) = oneshot::channel();
    let progress = Arc::new(Progress::start(clock));
    let running = Box::pin(instance(Arc::clone(&progress), sender));
    let mut run = Run::new(running, Arc::clone(&progress), limit);
    let response = poll_fn(|context| {
        let polled = run.poll(context);
        // An answer comes only from the instance, so there is nothing else to be woken by.
        match receiver.try_recv() {
            Ok(response) => Poll::Ready(Some(response)),
            Err(_) => polled.map(|()| None),
        }
    })
    .await;
    match (response, progress.end.get()) {
        (Some(response), None | Some(End::Done)) => {
            progress.committed.store(true, Relaxed);
            Ok(ResponseBody::of(method, response, run))
        }
        (_, end) => Err(end.cloned().unwrap_or(End::Disconnected)),
    }
}
