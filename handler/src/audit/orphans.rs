//! Keys whose document is gone, or does not require them.

use crate::document::DocId;
use crate::error::ReadError;
use crate::key::Key;
use crate::post::PageRecord;
use crate::store::Store;

/// How many records are read at once.
const RECORDS_AT_ONCE: usize = 16;

/// Whether an alias leads to a document that names it: of several that do, one has to win.
pub fn is_shared(store: &impl Store, key: &str) -> Result<bool, ReadError> {
    Ok(orphans(store, &[key.to_owned()])?.is_empty())
}

/// The orphans among the keys, with the document that each pretends to belong to. What a
/// document itself requires or not is told with the document.
pub fn orphans(store: &impl Store, keys: &[String]) -> Result<Vec<(String, DocId)>, ReadError> {
    let mut claims: Vec<(&String, DocId)> = Vec::new();
    let mut aliases: Vec<String> = Vec::new();
    for key in keys {
        match Key::parse(key) {
            Some(Key::Card(slug) | Key::FeedItem(slug)) => claims.push((key, DocId::post(slug))),
            Some(Key::Alias(_)) => aliases.push(key.clone()),
            _ => {}
        }
    }
    if !aliases.is_empty() {
        for (key, target) in aliases.iter().zip(store.get_many(&aliases)?) {
            let target = target.and_then(|target| String::from_utf8(target).ok());
            claims.extend(target.and_then(|to| Some((key, DocId::from_url(&to)?))));
        }
    }
    let mut orphans = Vec::new();
    for claims in claims.chunks(RECORDS_AT_ONCE) {
        let pages = claims
            .iter()
            .map(|(_, id)| Key::Document(id.clone()).into());
        let mut pages: Vec<String> = pages.collect();
        pages.dedup();
        let records: Vec<(String, Option<Vec<u8>>)> =
            pages.iter().cloned().zip(store.get_many(&pages)?).collect();
        for (key, id) in claims {
            let page = Key::Document(id.clone()).to_string();
            let record = records.iter().find(|(found, _)| *found == page);
            let record = record.and_then(|(_, record)| record.as_deref());
            if !is_known(key, id, record) {
                orphans.push(((*key).clone(), id.clone()));
            }
        }
    }
    Ok(orphans)
}

fn is_known(key: &str, id: &DocId, record: Option<&[u8]>) -> bool {
    let Some(record) = record else { return false };
    if !matches!(Key::parse(key), Some(Key::Alias(_))) {
        return true;
    }
    match PageRecord::parse(id, record).and_then(|page| page.footprint()) {
        Ok(footprint) => {
            let mut aliases = footprint.aliases.iter();
            aliases.any(|path| Key::alias(path).to_string() == key)
        }
        // What hangs on a record that cannot be read is told with the record.
        Err(_) => true,
    }
}

/// The documents that some keys are about, each with the key that told of it: every document has
/// a page, and one that lost it still has its source.
pub fn documents(store: &impl Store, keys: &[String]) -> Result<Vec<(String, DocId)>, ReadError> {
    let mut documents: Vec<(String, DocId)> = Vec::new();
    let mut sources: Vec<(&String, DocId)> = Vec::new();
    for key in keys {
        match Key::parse(key) {
            Some(Key::Document(id)) => documents.push((key.clone(), id)),
            Some(Key::Source(id)) => sources.push((key, id)),
            _ => {}
        }
    }
    for sources in sources.chunks(RECORDS_AT_ONCE) {
        let pages: Vec<String> = sources
            .iter()
            .map(|(_, id)| Key::Document(id.clone()).into())
            .collect();
        for ((key, id), page) in sources.iter().zip(store.get_each(&pages)?) {
            if page == Ok(None) {
                documents.push(((*key).clone(), id.clone()));
            }
        }
    }
    let place = |(key, _): &(String, DocId)| keys.iter().position(|known| known == key);
    documents.sort_by_key(place);
    Ok(documents)
}
