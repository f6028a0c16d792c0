//! What one instance may use, and how many may run at once.

use std::time::Duration;

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
