//! What the component has already: paths with the hashes of their sources.

use std::collections::HashMap;

use anyhow::{Context, Result};
use bytes::Bytes;
use hyper::Method;
use serde::Deserialize;
use xxhash_rust::xxh3::xxh3_128;

use super::target::{Target, percent_encode};

/// Hashes by path; documents go by their slug (`posts/<slug>`), files by their name.
#[derive(Debug, Default)]
pub(super) struct Published(HashMap<String, String>);

/// A hash as the component writes it.
pub(super) fn hash(bytes: &[u8]) -> String {
    format!("{:032x}", xxh3_128(bytes))
}

#[derive(Deserialize)]
struct Part {
    items: Vec<Item>,
    cursor: Option<String>,
}

#[derive(Deserialize)]
struct Item {
    path: String,
    hash: String,
}

impl Published {
    /// Asks the component.
    pub(super) async fn fetch(target: &Target) -> Result<Self> {
        let mut published = Self::default();
        let mut path = "/api/manifest".to_owned();
        loop {
            let reply = target
                .send(Method::GET, &path, "application/json", Bytes::new())
                .await?;
            let body = reply.success().context("cannot ask what is published")?;
            let part: Part = serde_json::from_slice(&body)
                .context("GET /api/manifest: the answer is not what a blog answers")?;
            let items = part.items.into_iter().map(|item| (item.path, item.hash));
            published.0.extend(items);
            match part.cursor {
                Some(cursor) => path = format!("/api/manifest?cursor={}", percent_encode(&cursor)),
                None => return Ok(published),
            }
        }
    }

    /// Whether the source with `hash` is there under `path`.
    pub(super) fn has(&self, path: &str, hash: &str) -> bool {
        self.0.get(path).is_some_and(|known| known == hash)
    }

    pub(super) fn add(&mut self, path: String, hash: String) {
        self.0.insert(path, hash);
    }

    pub(super) fn remove(&mut self, path: &str) {
        self.0.remove(path);
    }
}
