//! A measurement in steps: as many requests as are asked for at a time, and no verdict. What
//! measuring costs can be compared with this, request by request.

use std::sync::Arc;

use instance::Runtime;

use super::drive::{lanes, send};
use super::lane::Lane;
use super::plan::Plan;
use super::run::Run;

/// A measurement that waits to be asked for requests.
pub struct Steps {
    run: Arc<Run>,
    lanes: Vec<Lane>,
}

impl Steps {
    /// Prepares a measurement.
    pub fn new(runtime: &Runtime, plan: &Plan) -> Self {
        Self {
            run: Arc::new(Run::new(runtime, plan, Box::new(|_, _| {}))),
            lanes: lanes(plan),
        }
    }

    /// Puts and records `count` requests more.
    pub async fn step(&mut self, count: u64) {
        self.run.plan(self.run.begun() + count);
        self.lanes = send(&self.run, std::mem::take(&mut self.lanes)).await;
    }
}
