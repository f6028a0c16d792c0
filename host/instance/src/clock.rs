//! The time of one request: how long its instance really ran, and how long the store took.
//!
//! Running time is the time inside `poll`, so that waiting (for the client, for other
//! requests, for a remote store) costs nothing; a wall clock around the calls would charge an
//! instance for the load of its neighbours. What the limit counts is in `processor`: a machine
//! that stops in the middle of a poll, or runs others, does not use up anybody's time.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use super::processor::Processor;

/// Times of one request. One task at a time touches it; the atomics only make it shareable.
#[derive(Debug)]
pub struct Clock {
    /// When the request arrived.
    start: Instant,
    /// How long it waited for its instance.
    queued: Duration,
    /// When the poll began that is going on, in nanoseconds since `start`, or [`IDLE`].
    poll_began: AtomicU64,
    /// Nanoseconds in polls that have ended.
    polled: AtomicU64,
    /// Nanoseconds of polls spent in the store.
    polled_store: AtomicU64,
    /// Nanoseconds from the start to the end of calls to the store.
    store: AtomicU64,
    /// What the limit on processor time counts.
    processor: Processor,
}

const IDLE: u64 = u64::MAX;

impl Clock {
    /// The clock of a request that arrived at `arrival`, and waited until now for its instance.
    pub(super) fn start(arrival: Instant) -> Self {
        Self {
            start: arrival,
            queued: arrival.elapsed(),
            poll_began: AtomicU64::new(IDLE),
            polled: AtomicU64::new(0),
            polled_store: AtomicU64::new(0),
            store: AtomicU64::new(0),
            processor: Processor::default(),
        }
    }

    /// Time for which the request waited for its instance.
    pub(super) fn queued(&self) -> Duration {
        self.queued
    }

    /// Time since the request arrived.
    pub(super) fn total(&self) -> Duration {
        self.start.elapsed()
    }

    /// Time that the store took, waiting included.
    pub(super) fn store(&self) -> Duration {
        Duration::from_nanos(self.store.load(Relaxed))
    }

    /// Time that the instance ran until now, the store excluded.
    pub(super) fn ran(&self) -> Duration {
        let poll = match self.poll_began.load(Relaxed) {
            IDLE => 0,
            began => self.now() - began,
        };
        let polled = self.polled.load(Relaxed) + poll;
        Duration::from_nanos(polled.saturating_sub(self.polled_store.load(Relaxed)))
    }

    /// Processor time that the instance used until now, the store excluded; asked by the instance
    /// at every tick while it runs.
    pub(super) fn processor_time(&self) -> Duration {
        self.processor.tick(self.ran())
    }

    /// Polls an instance and counts the time.
    pub(super) fn poll<F: Future + ?Sized>(
        &self,
        run: Pin<&mut F>,
        context: &mut Context,
    ) -> Poll<F::Output> {
        let began = self.now();
        self.poll_began.store(began, Relaxed);
        let polled = self.processor.count(|| run.poll(context));
        self.polled.fetch_add(self.now() - began, Relaxed);
        self.poll_began.store(IDLE, Relaxed);
        polled
    }

    /// Runs a call to the store and counts its time as the store's.
    pub async fn in_store<F: Future>(&self, call: F) -> F::Output {
        let mut call = pin!(call);
        let began = self.now();
        let result = poll_fn(|context| {
            let began = self.now();
            let polled = self.processor.leave_out(|| call.as_mut().poll(context));
            self.polled_store.fetch_add(self.now() - began, Relaxed);
            polled
        })
        .await;
        self.store.fetch_add(self.now() - began, Relaxed);
        result
    }

    fn now(&self) -> u64 {
        self.start.elapsed().as_nanos() as u64
    }
}
