//! Writes in the order that a crash asks for: the source of a document is there before anything
//! that is made of it, and goes last.

use super::WriteError;
use crate::key::Key;
use crate::store::Store;

/// Sets keys, sources first: nothing lies in the store whose source does not.
pub(super) fn set(store: &impl Store, entries: Vec<(String, Vec<u8>)>) -> Result<(), WriteError> {
    let is_source = |key: &str| matches!(Key::parse(key), Some(Key::Source(_)));
    let (sources, others): (Vec<_>, Vec<_>) =
        entries.into_iter().partition(|(key, _)| is_source(key));
    for entries in [sources, others] {
        if !entries.is_empty() {
            store.set_many(&entries)?;
        }
    }
    Ok(())
}

/// Deletes keys, sources last.
pub(super) fn delete(store: &impl Store, keys: Vec<String>) -> Result<(), WriteError> {
    let is_source = |key: &String| matches!(Key::parse(key), Some(Key::Source(_)));
    let (sources, others): (Vec<_>, Vec<_>) = keys.into_iter().partition(is_source);
    for keys in [others, sources] {
        if !keys.is_empty() {
            store.delete_many(&keys)?;
        }
    }
    Ok(())
}
