//! A limit on the keys that are written in a second: hosts have one, too.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// How fast keys may be written.
#[derive(Debug)]
pub(super) struct RateLimit {
    /// `None` for no limit.
    keys_per_second: Option<u32>,
    /// When the next request may be sent.
    next: Instant,
}

/// What a request writes beside documents and parts of files: the lock, the index's upper nodes.
const KEYS_PER_REQUEST: usize = 12;

/// A document with its card, and nodes of the index that it shares with few others.
const KEYS_PER_DOCUMENT: usize = 4;

/// Files are stored in parts of this size, each under a key.
const PART_BYTES: usize = 384 * 1024;

impl RateLimit {
    pub(super) fn new(keys_per_second: Option<u32>) -> Self {
        Self {
            keys_per_second,
            next: Instant::now(),
        }
    }

    /// How many documents one request may have: it must write no more than a second's worth,
    /// for a component writes them all at once.
    pub(super) fn documents_at_once(&self) -> usize {
        let keys = self.keys_per_second.map(|keys| keys as usize);
        keys.map_or(usize::MAX, |keys| {
            (keys.saturating_sub(KEYS_PER_REQUEST) / KEYS_PER_DOCUMENT).max(1)
        })
    }

    /// Waits for the turn of a request with these documents.
    pub(super) async fn documents(&mut self, documents: usize) {
        self.keys(KEYS_PER_REQUEST + documents * KEYS_PER_DOCUMENT)
            .await;
    }

    /// Waits for the turn of a request with a file of this size.
    pub(super) async fn file(&mut self, bytes: usize) {
        self.keys(1 + bytes.div_ceil(PART_BYTES)).await;
    }

    async fn keys(&mut self, keys: usize) {
        if let Some(keys_per_second) = self.keys_per_second {
            sleep_until(self.next).await;
            let time = Duration::from_secs_f64(keys as f64 / f64::from(keys_per_second));
            self.next = Instant::now() + time;
        }
    }
}
