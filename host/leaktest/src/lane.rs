//! A lane: requests one after the other, each in a fresh instance or all in one.

use super::record::Entry;
use super::run::Run;
use instance::{End, ReusedInstance};

/// One of the requests at a time.
pub struct Lane {
    /// The instance, if it is reused.
    kept: Option<ReusedInstance>,
    /// Calls that its instance has had.
    calls: u64,
    /// Live bytes after the last call.
    live: Option<i64>,
    /// Which kind comes next.
    turn: usize,
}

impl Lane {
    pub fn new(number: usize, reuse: bool) -> Self {
        Self {
            kept: reuse.then(ReusedInstance::default),
            calls: 0,
            live: None,
            turn: number,
        }
    }

    /// Sends requests until the run has none left.
    pub async fn drive(mut self, run: &Run) -> Self {
        while let Some(number) = run.take() {
            let Some(kind) = run.choose(&mut self.turn) else {
                break;
            };
            if self.calls >= run.requests_per_instance() {
                self.renew();
            }
            let request = run
                .kind(kind)
                .request(number)
                .expect("the plan made one of this kind");
            let sample = run.runtime().sample(self.kept.as_ref(), request).await;
            let reused = self.calls > 0;
            self.calls += 1;
            run.add(
                number,
                &Entry {
                    kind,
                    place: if self.kept.is_some() {
                        self.calls
                    } else {
                        number
                    },
                    kept: self.kept.is_some(),
                    reused,
                    live_before: self.live,
                    sample: &sample,
                },
            );
            self.live = sample.live_bytes;
            // A failed call leaves no instance behind, and a fresh one never stays.
            if self.kept.is_none() || sample.end != End::Done {
                self.calls = 0;
            }
        }
        self
    }

    /// Drops the instance; the next request gets a new one.
    pub fn renew(&mut self) {
        if let Some(kept) = &self.kept {
            kept.clear();
        }
        self.calls = 0;
        self.live = None;
    }
}
