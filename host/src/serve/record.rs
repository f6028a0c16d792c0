//! The record: everything that the debug pages know of the requests that were served.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, SystemTime};

use hyper::{Method, StatusCode, Uri};

use super::recent::{Ended, Recent};
use super::routes::{Routes, target};
use crate::metrics::Metrics;
use instance::{Live, Runtime, Sample};

/// What is known of all requests.
pub(super) struct Record {
    pub(super) metrics: Metrics,
    pub(super) routes: Routes,
    pub(super) recent: Recent,
    requests: AtomicU64,
}

impl Record {
    pub(super) fn new(runtime: Runtime) -> Self {
        Self {
            metrics: Metrics::new(runtime),
            routes: Routes::default(),
            recent: Recent::default(),
            requests: AtomicU64::new(0),
        }
    }

    /// The number of a request that comes in.
    pub(super) fn number(&self) -> u64 {
        self.requests.fetch_add(1, Relaxed) + 1
    }

    /// How many requests came in.
    pub(super) fn requests(&self) -> u64 {
        self.requests.load(Relaxed)
    }

    /// A request was turned away before there could be an instance.
    pub(super) fn turned_away(&self, uri: &Uri, status: StatusCode, took: Duration) {
        self.number();
        let route = self.routes.name(uri);
        self.metrics.add_turned_away(&route, status.as_u16(), took);
    }

    /// The instance of a request is about to be made.
    pub(super) fn begin(&self, number: u64, method: &Method, uri: &Uri, live: Live) {
        self.recent.begin(number, line(method, uri), live);
    }

    /// A request is over, and its client saw `status`.
    pub(super) fn end(
        &self,
        number: u64,
        (method, uri): (&Method, &Uri),
        status: u16,
        sample: &Sample,
    ) {
        let route = self.routes.add(method, uri, status, sample);
        self.metrics.add(&route, status, sample);
        let ended = Ended {
            at: SystemTime::now(),
            request: line(method, uri),
            status,
            sample: sample.clone(),
        };
        self.recent.end(number, ended);
    }
}

fn line(method: &Method, uri: &Uri) -> String {
    format!("{method} {}", target(uri))
}
