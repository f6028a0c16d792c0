//! Paths of former times: each leads to a post or a page by a key of its own.

use crate::document::{DocId, Kind};
use crate::key::Key;
use crate::store::{Store, StoreError};

/// The key of a canonical path.
pub fn key(path: &str) -> String {
    Key::alias(path).to_string()
}

/// Where an alias of a document leads: its percent-encoded path.
pub fn target(kind: Kind, slug: &str) -> String {
    DocId::new(kind, slug).url()
}

/// The document (is it a page? and its slug) to which the value of an alias leads.
pub fn document(target: &[u8]) -> Option<(bool, String)> {
    let id = DocId::from_url(str::from_utf8(target).ok()?)?;
    Some((id.kind == Kind::Page, id.slug))
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
