//! Cards and aliases whose document is gone, or does not know of them.

use super::Failure;
use super::journal::{Name, kind};
use super::work::READ_TOGETHER;
use crate::alias;
use crate::post::{self, Stored};
use crate::store::Store;

/// Whether an alias leads to a document that names it: of several that do, one has to win.
pub(super) fn is_shared(store: &impl Store, key: &str) -> Result<bool, Failure> {
    let is_there = key.starts_with("alias") && store.get(key)?.is_some();
    Ok(is_there && strays(store, &[key.to_owned()])?.is_empty())
}

/// The strays among the keys, with the document that each pretends to belong to.
pub fn strays(store: &impl Store, keys: &[String]) -> Result<Vec<(String, Name)>, Failure> {
    let cards = keys.iter().filter(|key| key.starts_with("card/"));
    let mut claims: Vec<(&String, Name)> = cards
        .map(|key| (key, (false, key["card/".len()..].to_owned())))
        .collect();
    let aliases = keys.iter().filter(|key| key.starts_with("alias"));
    let aliases: Vec<String> = aliases.cloned().collect();
    if !aliases.is_empty() {
        let targets = store.get_many(&aliases)?;
        for (key, target) in aliases.iter().zip(targets) {
            claims.extend(target.and_then(|to| Some((key, alias::document(&to)?))));
        }
    }
    let mut strays = Vec::new();
    for some in claims.chunks(READ_TOGETHER) {
        let records = some.iter().map(|(_, name)| post::key(kind(name), &name.1));
        let records = store.get_many(&records.collect::<Vec<_>>())?;
        for ((key, name), record) in some.iter().zip(records) {
            if !is_known(key, name, record.as_deref()) {
                strays.push(((*key).clone(), name.clone()));
            }
        }
    }
    Ok(strays)
}

fn is_known(key: &str, name: &Name, record: Option<&[u8]>) -> bool {
    let Some(record) = record else { return false };
    match Stored::parse(kind(name), &name.1, record) {
        Ok(stored) if key.starts_with("alias") => {
            let mut aliases = stored.traces.aliases.iter();
            aliases.any(|path| alias::key(path) == key)
        }
        // A card that a document does not want is told with the document.
        _ => true,
    }
}
