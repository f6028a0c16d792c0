//! A relay: takes a body from the side that has it, and hands it to the side that wants it, each
//! as fast as it likes; what lies between them is in a spool.
//!
//! So a slow reader holds a socket and some bytes of a disk, and the instance that wrote them is
//! gone. If a spool is full the instance waits, at a rate that is not every reader's.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use http_body_util::BodyExt;
use hyper::body::{Body, Bytes, Frame};
use tokio::sync::mpsc::{self, Receiver, Sender};
use wasmtime_wasi_http::Error;

use super::pace::Pace;
use super::spool::{Room, Spool};
use instance::ResponseBody;

/// The body at the other end of a relay.
pub(super) struct Relayed(Receiver<Piece>);

/// What goes through; none is the end. Without it the body has broken off.
type Piece = Option<Result<Frame<Bytes>, Error>>;

/// The least rate of a reader for whom an instance has to wait.
const HELD_BYTES_PER_SECOND: u64 = 64 << 10;

impl Body for Relayed {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        match ready!(self.0.poll_recv(context)) {
            Some(piece) => Poll::Ready(piece),
            None => Poll::Ready(Some(Err(Error::HttpResponseIncomplete))),
        }
    }
}

/// Takes over what `body` still has to write; its instance may be held up for `patience`.
pub(super) fn take_over(body: ResponseBody, room: &Arc<Room>, patience: Duration) -> Relayed {
    let (sender, receiver) = mpsc::channel(1);
    let response = Response {
        body: Some(body),
        spool: Spool::of(room),
        waiting: None,
        last: None,
        pace: Pace::new(HELD_BYTES_PER_SECOND, patience, patience),
    };
    tokio::spawn(response.relay(sender));
    Relayed(receiver)
}

/// Hands `spool` on, then the bytes that it had no room for, then what is still to come.
pub(super) fn pour<B>(spool: Spool, next: Bytes, rest: B) -> Relayed
where
    B: Body<Data = Bytes, Error = Error> + Send + Unpin + 'static,
{
    let (sender, receiver) = mpsc::channel(1);
    tokio::spawn(pour_into(sender, spool, next, rest));
    Relayed(receiver)
}

async fn pour_into<B>(sender: Sender<Piece>, mut spool: Spool, next: Bytes, mut rest: B)
where
    B: Body<Data = Bytes, Error = Error> + Unpin,
{
    let hand = async |frame| sender.send(Some(frame)).await.is_ok();
    while let Some(piece) = spool
        .pop()
        .await
        .map_err(|error| unreadable(&error))
        .transpose()
    {
        if !hand(piece.map(Frame::data)).await {
            return;
        }
    }
    drop(spool);
    if !next.is_empty() && !hand(Ok(Frame::data(next))).await {
        return;
    }
    while let Some(frame) = rest.frame().await {
        if !hand(frame).await {
            return;
        }
    }
    let _ = sender.send(None).await;
}

fn unreadable(error: &std::io::Error) -> Error {
    tracing::warn!("cannot read what was kept of a body: {error}");
    Error::InternalError(None)
}

/// A response on its way.
struct Response {
    /// There until the instance has written all.
    body: Option<ResponseBody>,
    spool: Spool,
    /// What did not fit into the spool: the instance has to wait.
    waiting: Option<Bytes>,
    /// What comes after all bytes: trailers, or the failure.
    last: Option<Result<Frame<Bytes>, Error>>,
    pace: Pace,
}

impl Response {
    async fn relay(mut self, reader: Sender<Piece>) {
        loop {
            let has_bytes = !self.spool.is_empty() || self.waiting.is_some();
            let writes = self.body.is_some() && self.waiting.is_none();
            tokio::select! {
                permit = reader.reserve(), if has_bytes || self.body.is_none() => {
                    let Ok(permit) = permit else { return };
                    let piece = self.next().await;
                    let is_end = !matches!(piece, Some(Ok(_)));
                    permit.send(piece);
                    if is_end {
                        return;
                    }
                }
                frame = next_of(&mut self.body), if writes => self.take(frame).await,
                () = reader.closed() => return,
                () = late(&mut self.pace), if self.waiting.is_some() => self.give_up(),
            }
        }
    }

    /// The next piece for the reader; room that this makes is filled.
    async fn next(&mut self) -> Piece {
        let bytes = match self.spool.pop().await.map_err(|error| unreadable(&error)) {
            Err(error) => return Some(Err(error)),
            Ok(None) => self.waiting.take(),
            Ok(bytes) => bytes,
        };
        let Some(bytes) = bytes else {
            return self.last.take();
        };
        self.pace.earn(bytes.len() as u64);
        if let Some(waiting) = self.waiting.take() {
            self.waiting = self.spool.push(waiting).await.err();
        }
        if self.waiting.is_none() {
            self.pace.go_on();
        }
        Some(Ok(Frame::data(bytes)))
    }

    async fn take(&mut self, frame: Option<Result<Frame<Bytes>, Error>>) {
        match frame.map(|frame| frame.map(Frame::into_data)) {
            Some(Ok(Ok(bytes))) => self.waiting = self.spool.push(bytes).await.err(),
            Some(Ok(Err(trailers))) => self.last = Some(Ok(trailers)),
            Some(Err(error)) => {
                self.last = Some(Err(error));
                self.body = None;
            }
            None => self.body = None,
        }
    }

    /// Ends the instance, whose reader is too slow to be waited for.
    fn give_up(&mut self) {
        if let Some(body) = self.body.take() {
            body.give_up();
        }
        self.waiting = None;
        self.last = Some(Err(Error::HttpResponseIncomplete));
    }
}

async fn next_of(body: &mut Option<ResponseBody>) -> Option<Result<Frame<Bytes>, Error>> {
    match body {
        Some(body) => body.frame().await,
        None => None,
    }
}

async fn late(pace: &mut Pace) {
    std::future::poll_fn(|context| pace.poll_wait(context)).await;
}
