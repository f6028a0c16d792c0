//! A moment to kill at: after some commits to the store, and a little later, both drawn.

use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime};

use fastrand::Rng;

/// When to kill.
#[derive(Debug)]
pub struct Moment {
    commits: u32,
    later: Duration,
}

/// A publisher may end before it commits so often.
const PATIENCE: Duration = Duration::from_secs(2);

impl Moment {
    /// Half of all moments are counted in commits, which strikes into the writing itself however
    /// slow the machine is; the others come at any time.
    pub fn draw(random: &mut Rng) -> Self {
        let (commits, most_us) = match random.bool() {
            true => (random.u32(1..12), 8_000),
            false => (0, 300_000),
        };
        Self {
            commits,
            later: Duration::from_micros(random.u64(..most_us)),
        }
    }

    /// Waits for it, looking at the write-ahead log of a store.
    pub fn wait(&self, log: &Path) {
        let start = Instant::now();
        let (mut seen, mut commits) = (changed(log), 0);
        while commits < self.commits && start.elapsed() < PATIENCE {
            sleep(Duration::from_micros(300));
            let now = changed(log);
            commits += u32::from(now != seen);
            seen = now;
        }
        sleep(self.later);
    }
}

fn changed(log: &Path) -> Option<(SystemTime, u64)> {
    let metadata = log.metadata().ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}
