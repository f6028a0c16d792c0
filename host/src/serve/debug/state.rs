//! What the debug pages show, and what they make.

use std::sync::Arc;

use instance::Runtime;

use super::answer::{Answer, Failure, profile};
use super::heap::{self, Heap};
use super::query::Query;
use crate::serve::record::Record;
use crate::serve::shutdown::Shutdown;

/// What the pages show.
pub(super) struct Debug {
    pub(super) record: Arc<Record>,
    pub(super) runtime: Runtime,
    pub(super) shutdown: Shutdown,
    pub(super) heap: Heap,
    /// Whether only this machine can reach the address.
    pub(super) local: bool,
}

impl Debug {
    /// Makes a heap profile, of which readers show `sample_type` first.
    pub(super) async fn heap(&self, query: &Query, sample_type: &str) -> Result<Answer, Failure> {
        let wanted = heap::wanted(query, &self.record.routes)?;
        let made = self
            .heap
            .make(wanted, &self.runtime, &self.shutdown)
            .await?;
        Ok(profile(made.pprof(sample_type)?, sample_type))
    }
}
