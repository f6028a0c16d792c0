//! What a blog has already: paths with the hashes of their sources.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde::Deserialize;
use xxhash_rust::xxh3::Xxh3Default;

use super::{Call, Guard, Target, percent};

/// Hashes by path; documents go by their slug (`posts/<slug>`), files by their name.
#[derive(Debug, Default)]
pub struct Published(BTreeMap<String, String>);

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
    pub async fn fetch(target: &Target) -> Result<Self> {
        let mut published = Self::default();
        let mut path = "/api/manifest".to_owned();
        loop {
            let reply = target.send(Call::get(&path)).await?;
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
    pub fn has(&self, path: &str, hash: &str) -> bool {
        self.0.get(path).is_some_and(|known| known == hash)
    }

    /// Whether there is anything under `path`.
    pub fn knows(&self, path: &str) -> bool {
        self.0.contains_key(path)
    }

    /// What must still stand under `path`, so that nobody's work is lost.
    pub fn guard(&self, path: &str) -> Guard {
        let hash = self.0.get(path).cloned();
        hash.map_or(Guard::Nothing, Guard::Hash)
    }

    /// Notes that the source with `hash` is there.
    pub fn add(&mut self, path: String, hash: String) {
        self.0.insert(path, hash);
    }

    /// Notes that nothing is there.
    pub fn remove(&mut self, path: &str) {
        self.0.remove(path);
    }

    /// All paths with their hashes, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let items = self.0.iter();
        items.map(|(path, hash)| (path.as_str(), hash.as_str()))
    }
}

/// The hash of a file as blogs write it.
pub fn hash(bytes: &[u8]) -> String {
    let mut hash = Xxh3Default::new();
    hash.update(bytes);
    format!("{:032x}", hash.digest128())
}

/// The hash of the source of the document at `path` (`posts/<slug>`) that comes from `file`:
/// the name of a file may tell its date, so it counts where the slug does not imply it.
pub fn document_hash(path: &str, file: &str, source: &[u8]) -> String {
    let mut hash = Xxh3Default::new();
    hash.update(source);
    if file.strip_suffix(".md") != Some(path) {
        hash.update(b"\0");
        hash.update(file.as_bytes());
    }
    format!("{:032x}", hash.digest128())
}
