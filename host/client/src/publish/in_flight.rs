//! Batches that are on their way: while the component writes one, it compiles the next.

use std::collections::VecDeque;
use std::sync::Arc;

use anyhow::{Context, Result};
use tokio::task::JoinHandle;

use super::batch::{Batch, Outcome};
use crate::blog_client::BlogClient;
use crate::content::Document;

/// Documents, each with what became of it.
pub(super) type Outcomes = Vec<(Document, Outcome)>;

/// Batches without an answer, the oldest in front.
#[derive(Debug, Default)]
pub(super) struct InFlight(VecDeque<JoinHandle<Result<Outcomes>>>);

const AT_ONCE: usize = 2;

impl InFlight {
    /// Whether no further batch may be sent before one is answered.
    pub(super) fn is_full(&self) -> bool {
        self.0.len() >= AT_ONCE
    }

    pub(super) fn send(&mut self, client: &Arc<BlogClient>, batch: Batch) {
        let client = Arc::clone(client);
        let sending = tokio::spawn(async move { batch.send(&client).await });
        self.0.push_back(sending);
    }

    /// Waits for the answer to the oldest batch; there is none if no batch is on its way.
    pub(super) async fn next(&mut self) -> Result<Option<Outcomes>> {
        let Some(sending) = self.0.pop_front() else {
            return Ok(None);
        };
        let outcomes = sending.await.context("a batch was given up")?;
        if outcomes.is_err() {
            // The others come to their end, too: the next run would take what they write
            // meanwhile for the work of someone else.
            for sending in self.0.drain(..) {
                let _ = sending.await;
            }
        }
        outcomes.map(Some)
    }
}
