//! Paths of former times: each leads to a post or a page by a key of its own.

use crate::document::Kind;
use crate::route::{self, Resolved, Route};
use crate::store::{Store, StoreError};
use xxhash_rust::xxh3::xxh3_128;

/// The key of a decoded path. A long one is hashed: keys have at most 256 bytes.
pub fn key(path: &str) -> String {
    if path.len() <= 200 {
        format!("alias{path}")
    } else {
        format!("alias#{:032x}", xxh3_128(path.as_bytes()))
    }
}

/// Where an alias of a document leads: its percent-encoded path.
pub fn target(kind: Kind, slug: &str) -> String {
    match kind {
        Kind::Post => route::encode(&["posts", slug]),
        Kind::Page => route::encode(&[slug]),
    }
}

/// The document (is it a page? and its slug) to which the value of an alias leads.
pub fn document(target: &[u8]) -> Option<(bool, String)> {
    match route::resolve(str::from_utf8(target).ok()?) {
        Resolved::Here(Route::Post { slug }) => Some((false, slug)),
        Resolved::Here(Route::Page { slug }) => Some((true, slug)),
        _ => None,
    }
}

/// The keys of those paths that lead to this document: another one may have taken a path over.
pub fn owned<'p>(
    store: &impl Store,
    kind: Kind,
    slug: &str,
    paths: impl Iterator<Item = &'p String>,
) -> Result<Vec<String>, StoreError> {
    let keys: Vec<String> = paths.map(|path| key(path)).collect();
    if keys.is_empty() {
        return Ok(keys);
    }
    let target = target(kind, slug).into_bytes();
    let found = store.get_many(&keys)?;
    let leading = keys.into_iter().zip(found);
    Ok(leading
        .filter(|(_, to)| to.as_ref() == Some(&target))
        .map(|(key, _)| key)
        .collect())
}
