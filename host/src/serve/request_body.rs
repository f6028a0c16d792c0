//! The body of a request, as it comes from a client: not too large and not too slow.

use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::{Request, StatusCode};
use tokio::time::{Instant, Sleep, sleep};
use wasmtime_wasi_http::Error;

use super::connection::Patience;

/// A body within limits.
pub(super) struct RequestBody {
    incoming: Incoming,
    left_bytes: usize,
    patience: Duration,
    deadline: Option<Pin<Box<Sleep>>>,
    fault: Arc<Fault>,
}

/// What was wrong with a body, for the one who answers the request.
#[derive(Debug, Default)]
pub(super) struct Fault(OnceLock<StatusCode>);

impl Fault {
    /// The status to answer with; none if nothing was wrong.
    pub(super) fn status(&self) -> Option<StatusCode> {
        self.0.get().copied()
    }
}

impl RequestBody {
    /// Puts the limits around the body of `request`.
    pub(super) fn wrap(
        request: Request<Incoming>,
        patience: &Patience,
    ) -> (Request<Self>, Arc<Fault>) {
        let fault = Arc::new(Fault::default());
        let request = request.map(|incoming| Self {
            incoming,
            left_bytes: patience.body_bytes,
            patience: patience.client,
            deadline: None,
            fault: Arc::clone(&fault),
        });
        (request, fault)
    }

    fn fail(&self, status: StatusCode, error: Error) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        // The first fault is the one to report.
        let _ = self.fault.0.set(status);
        Poll::Ready(Some(Err(error)))
    }

    fn poll_timeout(&mut self, context: &mut Context) -> Poll<()> {
        let patience = self.patience;
        let deadline = self
            .deadline
            .get_or_insert_with(|| Box::pin(sleep(patience)));
        deadline.as_mut().poll(context)
    }
}

impl Body for RequestBody {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let Poll::Ready(frame) = Pin::new(&mut self.incoming).poll_frame(context) else {
            ready!(self.poll_timeout(context));
            return self.fail(StatusCode::REQUEST_TIMEOUT, Error::ConnectionReadTimeout);
        };
        if let Some(Ok(frame)) = &frame {
            let bytes = frame.data_ref().map_or(0, Bytes::len);
            let Some(left) = self.left_bytes.checked_sub(bytes) else {
                return self.fail(
                    StatusCode::PAYLOAD_TOO_LARGE,
                    Error::HttpRequestBodySize(None),
                );
            };
            self.left_bytes = left;
        }
        let next = Instant::now() + self.patience;
        if let Some(deadline) = &mut self.deadline {
            deadline.as_mut().reset(next);
        }
        Poll::Ready(frame.map(|frame| frame.map_err(Error::from)))
    }

    fn is_end_stream(&self) -> bool {
        self.incoming.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.incoming.size_hint()
    }
}
