//! What keeps a store in order. The component does the work, in steps that each fit into a request.

use anyhow::{Context, Result};
use bytes::Bytes;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::blog_client::{BlogClient, ReindexStep};
use crate::observer::{Progress, Task};
use crate::request::ApiRequest;

/// What one pass of garbage collection came to.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Collected {
    /// How many keys were deleted.
    pub deleted: usize,
    /// How many more are unused; the next pass deletes those that still are.
    pub marked: usize,
    /// When the next pass may delete them, in seconds from now.
    pub again_seconds: u64,
}

/// Brings the index in line with the documents; returns how many records were looked at.
///
/// # Errors
///
/// The blog does not answer, or refuses.
pub async fn reindex(client: &BlogClient) -> Result<usize> {
    let mut progress = Progress::start(client.observer(), Task::Reindex, None);
    loop {
        let step: ReindexStep = post(client, "/api/reindex").await?;
        if step.done {
            return Ok(step.handled);
        }
        progress.set(step.handled);
    }
}

/// Deletes what nothing has referred to for a while.
///
/// # Errors
///
/// The blog does not answer, or refuses.
pub async fn collect_garbage(client: &BlogClient) -> Result<Collected> {
    let _progress = Progress::start(client.observer(), Task::CollectGarbage, None);
    post(client, "/api/gc").await
}

async fn post<T: DeserializeOwned>(client: &BlogClient, path: &str) -> Result<T> {
    let reply = client.send(ApiRequest::post(path, Bytes::new())).await?;
    let body = reply.success().with_context(|| format!("POST {path}"))?;
    serde_json::from_slice(&body)
        .with_context(|| format!("POST {path}: the answer is not what a blog answers"))
}
