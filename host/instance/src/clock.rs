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
    /// When the last call to the store ended.
    store_ended: AtomicU64,
    /// What the limit on processor time counts.
    processor: Processor,
}

/// What was going on at a moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Activity {
    /// Nothing: the instance waited, or was not there.
    Waiting,
    /// A call to the store.
    Store,
    /// The instance ran.
    Running,
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
            store_ended: AtomicU64::new(0),
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

    /// What went on at `moment`, asked by the instance the next time that it runs. The poll in
    /// which it is asked may have had calls to the store; what came before the last one, and
    /// was not asked for then, is taken for a part of it.
    pub(super) fn activity_at(&self, moment: Instant) -> Activity {
        let moment = moment.saturating_duration_since(self.start).as_nanos() as u64;
        let began = self.poll_began.load(Relaxed);
        if moment == 0 || began == IDLE || moment < began {
            Activity::Waiting
        } else if moment < self.store_ended.load(Relaxed) {
            Activity::Store
        } else {
            Activity::Running
        }
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
        let ended = self.now();
        self.store.fetch_add(ended - began, Relaxed);
        self.store_ended.store(ended, Relaxed);
        result
    }

    fn now(&self) -> u64 {
        self.start.elapsed().as_nanos() as u64
    }
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use super::*;

    fn moment() -> Instant {
        let moment = Instant::now();
        std::thread::sleep(Duration::from_micros(10));
        moment
    }

    #[test]
    fn what_went_on_at_a_moment() {
        let early = moment();
        let clock = Clock::start(Instant::now());
        let waiting = moment();
        assert_eq!(clock.activity_at(waiting), Activity::Waiting);
        let instance = pin!(async {
            assert_eq!(clock.activity_at(early), Activity::Waiting);
            assert_eq!(clock.activity_at(waiting), Activity::Waiting);
            assert_eq!(clock.activity_at(moment()), Activity::Running);
            let in_store = clock.in_store(async { moment() }).await;
            assert_eq!(clock.activity_at(in_store), Activity::Store);
            assert_eq!(clock.activity_at(moment()), Activity::Running);
        });
        let mut context = Context::from_waker(Waker::noop());
        assert!(clock.poll(instance, &mut context).is_ready());
    }
}
