//! Former paths of documents on their way through a batch: one path leads to one document.

use super::WriteError;
use crate::document::DocId;
use crate::key::Key;
use crate::problem::Problem;
use crate::store::Store;

/// The keys of those aliases that lead to this document: another one may have taken a path over.
pub(super) fn own<'p>(
    store: &impl Store,
    id: &DocId,
    paths: impl Iterator<Item = &'p String>,
) -> Result<Vec<String>, WriteError> {
    let keys: Vec<String> = paths.map(|path| Key::alias(path).into()).collect();
    if keys.is_empty() {
        return Ok(keys);
    }
    let found = store.get_many(&keys)?;
    let target = id.url().into_bytes();
    let own = keys.into_iter().zip(found);
    let own = own.filter(|(_, to)| to.as_ref() == Some(&target));
    Ok(own.map(|(key, _)| key).collect())
}

pub(super) fn alias_is_taken(path: &str, other: &str) -> Vec<Problem> {
    let message = format!("the alias {path} already leads to {other}: remove it from one of them");
    problem(Some("aliases"), message)
}

/// What is wrong with a document as a whole.
pub(super) fn problem(field: Option<&str>, message: String) -> Vec<Problem> {
    vec![Problem {
        line: 1,
        field: field.map(str::to_owned),
        message,
    }]
}
