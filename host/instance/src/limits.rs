//! What one instance may use, how many may run at once, and how a request waits for its turn.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Limits on instances.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Bytes of memory that one instance may use, all its linear memories together.
    pub memory_bytes: usize,
    /// Processor time that one instance may use, waiting and the store excluded.
    pub cpu: Duration,
    /// Time that one request may take, the queue and waiting for a slow reader excluded.
    pub wall: Duration,
    /// Instances that may run at once.
    pub instances: u32,
    /// Time that a request may wait for an instance when all run.
    pub queue: Duration,
}

/// What an instance may do with data that outlives it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Access {
    /// Read and change it.
    ReadWrite,
    /// Only read it: the instance runs a second time, to be looked into.
    ReadOnly,
}

/// Admits as many requests at once as there may be instances.
#[derive(Debug)]
pub(super) struct Admission {
    free: Arc<Semaphore>,
    all: usize,
    queue: Duration,
}

/// The right to run one instance, until it is dropped.
pub(super) type Permit = OwnedSemaphorePermit;

impl Admission {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            free: Arc::new(Semaphore::new(limits.instances as usize)),
            all: limits.instances as usize,
            queue: limits.queue,
        }
    }

    /// A permit, unless all stay taken for too long.
    pub(super) async fn take(&self) -> Option<Permit> {
        if let Ok(permit) = Arc::clone(&self.free).try_acquire_owned() {
            return Some(permit);
        }
        let permit = Arc::clone(&self.free).acquire_owned();
        tokio::time::timeout(self.queue, permit).await.ok()?.ok()
    }

    /// How many are taken now.
    pub(super) fn taken(&self) -> usize {
        self.all - self.free.available_permits()
    }
}
