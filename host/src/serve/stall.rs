//! A stream whose writes fail when the other side takes too little for too long.
//!
//! Reading has its time-outs in HTTP; nothing there limits a client that asks for a page and never
//! reads it. What counts is what the other side has acknowledged: the kernel takes megabytes from
//! us at once, and then nothing for as long as a slow reader needs for them.

use std::io::{Error, ErrorKind, IoSlice, Result};
use std::os::fd::AsFd;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use rustix::ioctl::{Getter, ioctl};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep_until};

use super::connections::Pulse;
use super::pace::Pace;

/// A stream with a least rate of what is read at its other end.
pub(super) struct Stall {
    stream: TcpStream,
    pulse: Arc<Pulse>,
    patience: Duration,
    pace: Pace,
    /// Bytes that the kernel has taken from us.
    written: u64,
    /// There while a write waits.
    look: Option<Look>,
}

/// A look at what the other side has acknowledged.
struct Look {
    acknowledged: u64,
    next: Pin<Box<Sleep>>,
}

/// How many times within the patience with a client it is looked at.
const LOOKS: u32 = 8;

impl Stall {
    pub(super) fn new(stream: TcpStream, patience: Duration, pulse: Arc<Pulse>) -> Self {
        Self {
            stream,
            pulse,
            patience,
            pace: Pace::of_client(patience),
            written: 0,
            look: None,
        }
    }

    fn limit<T>(&mut self, context: &mut Context, written: Poll<Result<T>>) -> Poll<Result<T>> {
        if written.is_ready() {
            if self.look.take().is_some() {
                self.pace.go_on();
            }
            return written;
        }
        self.poll_looks(context);
        ready!(self.pace.poll_wait(context));
        Poll::Ready(Err(Error::new(
            ErrorKind::TimedOut,
            "the client reads too slowly",
        )))
    }

    /// Looks, and is woken for the next look.
    fn poll_looks(&mut self, context: &mut Context) {
        let pause = (self.patience / LOOKS).max(Duration::from_millis(10));
        let acknowledged = acknowledged(&self.stream, self.written);
        let look = self.look.get_or_insert_with(|| {
            self.pace.at_least(self.patience);
            Look {
                acknowledged,
                next: Box::pin(sleep_until(Instant::now() + pause)),
            }
        });
        if acknowledged > look.acknowledged {
            self.pace.earn(acknowledged - look.acknowledged);
            self.pulse.beat();
            look.acknowledged = acknowledged;
        }
        while look.next.as_mut().poll(context).is_ready() {
            look.next.as_mut().reset(Instant::now() + pause);
        }
    }

    fn count(&mut self, written: &Poll<Result<usize>>) {
        if let Poll::Ready(Ok(bytes)) = written {
            self.written += *bytes as u64;
            self.pulse.beat();
        }
    }
}

/// How many of the bytes that were written the other side has. Where the kernel does not tell,
/// it is as if it had taken them.
fn acknowledged(stream: &TcpStream, written: u64) -> u64 {
    const SIOCOUTQ: u32 = 0x5411;
    // Safety: this request writes one int, here and on every socket of Linux.
    let waiting = unsafe { ioctl(stream.as_fd(), Getter::<SIOCOUTQ, i32>::new()) };
    let waiting = waiting.ok().and_then(|bytes| u64::try_from(bytes).ok());
    written.saturating_sub(waiting.unwrap_or(0))
}

impl AsyncRead for Stall {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context,
        buffer: &mut ReadBuf,
    ) -> Poll<Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        if buffer.filled().len() > before {
            self.pulse.beat();
            self.pulse.set_asking(true);
        }
        read
    }
}

impl AsyncWrite for Stall {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context,
        bytes: &[u8],
    ) -> Poll<Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.count(&written);
        self.limit(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context,
        pieces: &[IoSlice],
    ) -> Poll<Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, pieces);
        self.count(&written);
        self.limit(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context) -> Poll<Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(context);
        self.limit(context, flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
