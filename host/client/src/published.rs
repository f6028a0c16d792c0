//! What a blog has already: paths with the hashes of their sources.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::blog_client::BlogClient;
use crate::percent;
use crate::request::{ApiRequest, Precondition};

/// Hashes by path; the path of a document is that of its slug (`posts/<slug>`), the path of a file
/// is its name.
#[derive(Debug, Default)]
pub(crate) struct Published(BTreeMap<String, String>);

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
    /// Asks the blog.
    pub(crate) async fn fetch(client: &BlogClient) -> Result<Self> {
        let mut published = Self::default();
        let mut path = "/api/manifest".to_owned();
        loop {
            let reply = client.send(ApiRequest::get(&path)).await?;
            let body = reply.success().context("cannot ask what is published")?;
            let part: Part = serde_json::from_slice(&body)
                .context("GET /api/manifest: the answer is not what a blog answers")?;
            let items = part.items.into_iter().map(|item| (item.path, item.hash));
            published.0.extend(items);
            match part.cursor {
                Some(cursor) => path = format!("/api/manifest?cursor={}", percent::encode(&cursor)),
                None => return Ok(published),
            }
        }
    }

    /// Whether the source with `hash` is there under `path`.
    pub(crate) fn has(&self, path: &str, hash: &str) -> bool {
        self.0.get(path).is_some_and(|known| known == hash)
    }

    /// Whether there is anything under `path`.
    pub(crate) fn knows(&self, path: &str) -> bool {
        self.0.contains_key(path)
    }

    /// What the blog must still have under `path` when that is written or removed.
    pub(crate) fn precondition(&self, path: &str) -> Precondition {
        let hash = self.0.get(path).cloned();
        hash.map_or(Precondition::IsAbsent, Precondition::HasHash)
    }

    /// Notes that the source with `hash` is there.
    pub(crate) fn add(&mut self, path: String, hash: String) {
        self.0.insert(path, hash);
    }

    /// Notes that nothing is there.
    pub(crate) fn remove(&mut self, path: &str) {
        self.0.remove(path);
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// All paths with their hashes, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let items = self.0.iter();
        items.map(|(path, hash)| (path.as_str(), hash.as_str()))
    }
}
