//! A measurement in steps: as many requests as are asked for at a time, and no verdict. What
//! measuring costs can be compared with this, request by request.

use std::sync::Arc;

use anyhow::Result;

use super::Flags;
use super::drive::Run;
use super::lane::Lane;
use super::plan::Plan;
use super::subject::Subject;

/// A measurement that waits to be asked for requests.
pub struct Steps {
    run: Arc<Run>,
    lanes: Vec<Lane>,
}

impl Steps {
    /// Prepares the measurement that `flags` describe.
    ///
    /// # Errors
    ///
    /// As the command does, before the first request.
    pub fn new(flags: &Flags) -> Result<Self> {
        let plan = Plan::new(flags)?;
        let (run, lanes) = Run::new(&Subject::open(flags)?.runtime, &plan);
        Ok(Self { run, lanes })
    }

    /// Puts and records `count` requests more.
    pub async fn step(&mut self, count: u64) {
        self.run.plan(self.run.begun() + count);
        self.lanes = self.run.drive(std::mem::take(&mut self.lanes)).await;
    }
}
