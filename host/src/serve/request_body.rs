//! The body of a request, as it comes from a client: not too large and not too slow.
//!
//! The host receives all of it before there is an instance, which then never waits for a client.
//! Only what the spool has no room for is still to come when an instance reads.

use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Empty};
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::{Request, StatusCode};
use wasmtime_wasi_http::Error;

use super::client_limits::ClientLimits;
use super::pace::Pace;
use super::relay;
use super::spool::{Room, Spool};

/// A body within limits.
struct Limited {
    incoming: Incoming,
    left_bytes: usize,
    pace: Pace,
    fault: Arc<Fault>,
}

/// A body for an instance.
pub(super) type Received = UnsyncBoxBody<Bytes, Error>;

/// What was wrong with a body, for the one who answers the request.
#[derive(Debug, Default)]
pub(super) struct Fault(OnceLock<StatusCode>);

impl Fault {
    /// The status to answer with; none if nothing was wrong.
    pub(super) fn status(&self) -> Option<StatusCode> {
        self.0.get().copied()
    }
}

/// Receives the body of `request`; the status says what is wrong with it, or will if something
/// turns out to be wrong with what is still to come.
pub(super) async fn receive(
    request: Request<Incoming>,
    limits: &ClientLimits,
    room: &Arc<Room>,
) -> Result<(Request<Received>, Arc<Fault>), StatusCode> {
    let fault = Arc::new(Fault::default());
    let (head, incoming) = request.into_parts();
    let body = if incoming.is_end_stream() {
        Empty::new().map_err(|never| match never {}).boxed_unsync()
    } else {
        let limited = Limited {
            incoming,
            left_bytes: limits.body_bytes,
            pace: Pace::of_client(limits.client),
            fault: Arc::clone(&fault),
        };
        let received = limited.receive(Spool::of(room)).await;
        received.map_err(|_broken| fault.status().unwrap_or(StatusCode::BAD_REQUEST))?
    };
    Ok((Request::from_parts(head, body), fault))
}

impl Limited {
    async fn receive(mut self, mut spool: Spool) -> Result<Received, Error> {
        let mut trailers = None;
        while let Some(frame) = self.frame().await {
            match frame?.into_data() {
                Ok(bytes) => {
                    if let Err(bytes) = spool.push(bytes).await {
                        return Ok(relay::pour(spool, bytes, self).boxed_unsync());
                    }
                }
                Err(frame) => trailers = frame.into_trailers().ok(),
            }
        }
        if spool.is_in_memory() && trailers.is_none() {
            return Ok(Kept(spool).boxed_unsync());
        }
        let rest = Empty::new().map_err(|never| match never {});
        let rest = rest.with_trailers(std::future::ready(trailers.map(Ok)));
        Ok(relay::pour(spool, Bytes::new(), rest.boxed_unsync()).boxed_unsync())
    }

    fn fail(&self, status: StatusCode, error: Error) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        // The first fault is the one to report.
        let _ = self.fault.0.set(status);
        Poll::Ready(Some(Err(error)))
    }
}

impl Body for Limited {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let Poll::Ready(frame) = Pin::new(&mut self.incoming).poll_frame(context) else {
            ready!(self.pace.poll_wait(context));
            return self.fail(StatusCode::REQUEST_TIMEOUT, Error::ConnectionReadTimeout);
        };
        self.pace.go_on();
        match frame {
            Some(Ok(frame)) => {
                let bytes = frame.data_ref().map_or(0, Bytes::len);
                let Some(left) = self.left_bytes.checked_sub(bytes) else {
                    let error = Error::HttpRequestBodySize(None);
                    return self.fail(StatusCode::PAYLOAD_TOO_LARGE, error);
                };
                self.left_bytes = left;
                self.pace.earn(bytes as u64);
                Poll::Ready(Some(Ok(frame)))
            }
            Some(Err(error)) => self.fail(StatusCode::BAD_REQUEST, Error::from(error)),
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.incoming.is_end_stream()
    }
}

/// A body that is in memory as a whole.
struct Kept(Spool);

impl Body for Kept {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        Poll::Ready(self.0.pop_memory().map(|bytes| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.0.bytes())
    }
}
