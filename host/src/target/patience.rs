//! Patience with a blog that is busy or has gone: pauses that grow, for so long and no longer.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::Call;
use crate::print;
use instance::units::show_time;

/// The patience that is left for one request.
pub(super) struct Patience {
    wait: Duration,
    since: Instant,
    pause: Duration,
    was_told: bool,
}

const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(8);

impl Patience {
    pub(super) fn of(wait: Duration) -> Self {
        Self {
            wait,
            since: Instant::now(),
            pause: FIRST_PAUSE,
            was_told: false,
        }
    }

    /// Lets a pause pass, as long as the blog `asked` for; whether there is patience for another
    /// attempt.
    pub(super) async fn waits(
        &mut self,
        call: &Call<'_>,
        trouble: &str,
        asked: Option<Duration>,
    ) -> bool {
        // Some proxies ask for a pause of 0 s, which is none.
        let pause = asked.filter(|asked| *asked >= FIRST_PAUSE);
        let pause = pause.unwrap_or(self.pause);
        self.pause = LONGEST_PAUSE.min(self.pause * 2);
        if self.since.elapsed() + pause > self.wait {
            return false;
        }
        // What is over with the first pause is not worth a word.
        if pause > FIRST_PAUSE && !std::mem::replace(&mut self.was_told, true) {
            let wait = show_time(self.wait);
            print::note(format_args!("{call}: {trouble}: trying again for {wait}"));
        }
        sleep(pause + jitter(pause)).await;
        true
    }
}

/// Up to a quarter more: of several who were sent away together, not all come back together.
fn jitter(pause: Duration) -> Duration {
    // Without random numbers they do.
    let random = getrandom::u32().unwrap_or_default();
    pause.mul_f64(f64::from(random) / f64::from(u32::MAX) / 4.0)
}
