//! Pauses between attempts, each longer than the one before, up to a limit on their sum.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::observer::{Notice, Observer};
use crate::request::ApiRequest;

/// The pauses of one request that is sent again and again.
pub(crate) struct Backoff<'a> {
    observer: &'a dyn Observer,
    max_wait: Duration,
    since: Instant,
    next_pause: Duration,
    was_noticed: bool,
}

const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(8);

impl<'a> Backoff<'a> {
    pub(crate) fn new(observer: &'a dyn Observer, max_wait: Duration) -> Self {
        Self {
            observer,
            max_wait,
            since: Instant::now(),
            next_pause: FIRST_PAUSE,
            was_noticed: false,
        }
    }

    /// Begins again, after an attempt that succeeded.
    pub(crate) fn reset(&mut self) {
        *self = Self::new(self.observer, self.max_wait);
    }

    /// Waits before the next attempt, as long as the blog asked for in `retry_after`; returns false
    /// if there is no time left for another one.
    pub(crate) async fn pause(
        &mut self,
        request: &ApiRequest<'_>,
        reason: &str,
        retry_after: Option<Duration>,
    ) -> bool {
        // Some proxies ask for a pause of 0 s, which would keep a busy blog busy.
        let asked = retry_after.filter(|asked| *asked >= FIRST_PAUSE);
        let pause = asked.unwrap_or(self.next_pause);
        self.next_pause = LONGEST_PAUSE.min(self.next_pause * 2);
        if self.since.elapsed() + pause > self.max_wait {
            return false;
        }
        // What is over after the first pause is not worth a notice.
        if pause > FIRST_PAUSE && !std::mem::replace(&mut self.was_noticed, true) {
            self.observer.notice(&Notice::Retrying {
                request: &request.to_string(),
                reason,
                max_wait: self.max_wait,
            });
        }
        sleep(pause + jitter(pause)).await;
        true
    }
}

/// Up to a quarter more, so that several clients that were sent away together do not all come back
/// together. Without random numbers they do, and nothing worse happens.
fn jitter(pause: Duration) -> Duration {
    let random = getrandom::u32().unwrap_or_default();
    pause.mul_f64(f64::from(random) / f64::from(u32::MAX) / 4.0)
}
