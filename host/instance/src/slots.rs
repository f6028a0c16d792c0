//! Slots: how many instances may run at once, and how long a request waits for one.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::Limits;

/// All slots.
#[derive(Debug)]
pub(super) struct Slots {
    free: Arc<Semaphore>,
    all: usize,
    patience: Duration,
}

/// The right to run one instance, until it is dropped.
pub(super) type Slot = OwnedSemaphorePermit;

impl Slots {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            free: Arc::new(Semaphore::new(limits.instances as usize)),
            all: limits.instances as usize,
            patience: limits.queue,
        }
    }

    /// A slot, unless all stay taken for too long.
    pub(super) async fn take(&self) -> Option<Slot> {
        if let Ok(slot) = Arc::clone(&self.free).try_acquire_owned() {
            return Some(slot);
        }
        let slot = Arc::clone(&self.free).acquire_owned();
        tokio::time::timeout(self.patience, slot).await.ok()?.ok()
    }

    /// How many are taken now.
    pub(super) fn taken(&self) -> usize {
        self.all - self.free.available_permits()
    }
}
