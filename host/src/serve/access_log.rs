//! The access log: one line for each request, written when its instance is gone.

use std::time::Instant;

use hyper::{Method, Request, StatusCode, Uri};

use instance::{End, Sample};

/// A request that is to be logged.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) method: Method,
    pub(super) uri: Uri,
    pub(super) start: Instant,
}

impl Entry {
    /// Notes what the line will say of `request`.
    pub(super) fn new<B>(request: &Request<B>) -> Self {
        Self {
            method: request.method().clone(),
            uri: request.uri().clone(),
            start: Instant::now(),
        }
    }

    /// Logs a request for which there was no instance.
    pub(super) fn log_refused(&self, status: StatusCode) {
        let (method, path, status) = (&self.method, self.uri.path(), status.as_u16());
        let us = self.start.elapsed().as_micros() as u64;
        tracing::info!(target: "access", %method, path, status, us);
    }

    /// Logs a request that an instance has answered, or failed to.
    pub(super) fn log(&self, status: u16, sample: &Sample) {
        let (method, path) = (&self.method, self.uri.path());
        let Sample {
            total_us: us,
            queue_us,
            peak_memory_bytes,
            end,
            ..
        } = sample;
        match end {
            End::Done => {
                tracing::info!(target: "access", %method, path, status, us, queue_us, peak_memory_bytes);
            }
            End::Disconnected | End::BadRequest(_) => {
                tracing::info!(target: "access", %method, path, status, us, queue_us, peak_memory_bytes, %end);
            }
            _ => {
                tracing::warn!(target: "access", %method, path, status, us, queue_us, peak_memory_bytes, %end);
            }
        }
    }
}
