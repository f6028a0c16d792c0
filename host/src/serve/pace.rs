//! A pace: the least rate at which a client has to move bytes while the server waits for it.
//!
//! Each byte buys time, so one who goes on is waited for however slow his line is, and one who
//! sends or takes a byte now and then is not waited for without end.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep_until};

/// How long the other side will be waited for.
pub(super) struct Pace {
    bytes_per_second: u64,
    /// The longest wait, whatever was bought.
    most: Duration,
    /// How long the next wait may be.
    credit: Duration,
    waiting: Option<Waiting>,
}

struct Waiting {
    since: Instant,
    until: Pin<Box<Sleep>>,
}

/// The least that a client moves in a second, far below the slowest mobile network.
const CLIENT_BYTES_PER_SECOND: u64 = 250;
/// What has come at once may be read at leisure: a receiver of much memory tells of what it took
/// only when a good part of that is free again.
const LONGEST: u32 = 8;

impl Pace {
    /// A pace of a client who may let `patience` pass before the first byte.
    pub(super) fn of_client(patience: Duration) -> Self {
        Self::new(
            CLIENT_BYTES_PER_SECOND,
            patience,
            patience.saturating_mul(LONGEST),
        )
    }

    pub(super) fn new(bytes_per_second: u64, first: Duration, most: Duration) -> Self {
        Self {
            bytes_per_second,
            most,
            credit: first,
            waiting: None,
        }
    }

    /// Bytes were moved, whether they were waited for or not.
    pub(super) fn earn(&mut self, bytes: u64) {
        let earned = Duration::from_micros(bytes.saturating_mul(1_000_000) / self.bytes_per_second);
        self.credit = self.credit.saturating_add(earned).min(self.most);
        if let Some(waiting) = &mut self.waiting {
            let longest = Instant::now() + self.most;
            let until = waiting.until.deadline() + earned.min(self.most);
            waiting.until.as_mut().reset(until.min(longest));
        }
    }

    /// Waits on; ready when the wait has been too long.
    pub(super) fn poll_wait(&mut self, context: &mut Context) -> Poll<()> {
        let credit = self.credit;
        let waiting = self.waiting.get_or_insert_with(|| {
            let since = Instant::now();
            Waiting {
                since,
                until: Box::pin(sleep_until(since + credit)),
            }
        });
        waiting.until.as_mut().poll(context)
    }

    /// The wait is over.
    pub(super) fn go_on(&mut self) {
        if let Some(waiting) = self.waiting.take() {
            self.credit = self.credit.saturating_sub(waiting.since.elapsed());
        }
    }

    /// The wait that begins is the first one of something new.
    pub(super) fn at_least(&mut self, patience: Duration) {
        self.credit = self.credit.max(patience);
    }
}
