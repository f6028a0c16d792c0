//! What a component prints: its standard output and error become lines of the host's log.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use tokio::io::AsyncWrite;
use wasmtime_wasi::async_trait;
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};
use wasmtime_wasi::p2::{OutputStream, Pollable, StreamResult};

/// One of the two streams of one instance.
#[derive(Clone, Debug)]
pub(super) struct Output(Arc<Mutex<Lines>>);

#[derive(Debug)]
struct Lines {
    stream: &'static str,
    partial: Vec<u8>,
    left_bytes: usize,
}

/// How much of one stream of one instance is logged.
const LOGGED_BYTES: usize = 64 * 1024;
/// A longer line is broken into several.
const LINE_BYTES: usize = 4 * 1024;

impl Output {
    pub(super) fn new(stream: &'static str) -> Self {
        Self(Arc::new(Mutex::new(Lines {
            stream,
            partial: Vec::new(),
            left_bytes: LOGGED_BYTES,
        })))
    }

    fn push(&self, bytes: &[u8]) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(bytes);
    }
}

impl Lines {
    fn push(&mut self, bytes: &[u8]) {
        if self.left_bytes == 0 {
            return;
        }
        let kept = &bytes[..bytes.len().min(self.left_bytes)];
        self.left_bytes -= kept.len();
        for &byte in kept {
            match byte {
                b'\n' => self.log(),
                _ => self.partial.push(byte),
            }
            if self.partial.len() == LINE_BYTES {
                self.log();
            }
        }
        if self.left_bytes == 0 {
            self.log();
            tracing::warn!(target: "guest", "{}: more output than {LOGGED_BYTES} bytes is dropped", self.stream);
        }
    }

    fn log(&mut self) {
        if !self.partial.is_empty() {
            let line = String::from_utf8_lossy(&self.partial);
            tracing::info!(target: "guest", "{}: {line}", self.stream);
            self.partial.clear();
        }
    }
}

impl Drop for Lines {
    fn drop(&mut self) {
        self.log();
    }
}

impl IsTerminal for Output {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdoutStream for Output {
    fn async_stream(&self) -> Box<dyn AsyncWrite + Send + Sync> {
        Box::new(self.clone())
    }

    fn p2_stream(&self) -> Box<dyn OutputStream> {
        Box::new(self.clone())
    }
}

#[async_trait]
impl Pollable for Output {
    async fn ready(&mut self) {}
}

impl OutputStream for Output {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        self.push(&bytes);
        Ok(())
    }

    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        Ok(LOGGED_BYTES)
    }
}

impl AsyncWrite for Output {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.push(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
