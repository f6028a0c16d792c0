//! The way back: entries of the index, and posts under tags, without a document that confirms
//! them.

use crate::document::DocId;
use crate::error::ReadError;
use crate::index::{Index, IndexCursor, IndexPart, List, Position};
use crate::key::Key;
use crate::post::{self, Card, PageRecord};
use crate::record;
use crate::store::Store;

/// How many records are read at once.
const RECORDS_AT_ONCE: usize = 16;

/// A place of the index that no document confirms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    pub id: DocId,
    pub position: Position,
}

/// Looks at some entries of the index; what is doubtful, how many there were, and where the next
/// begin.
pub fn doubts(
    store: &impl Store,
    index: &Index,
    cursor: &IndexCursor,
    limit: usize,
) -> Result<(Vec<Doubt>, usize, Option<IndexCursor>), ReadError> {
    let IndexPart { positions, next } = index.part(store, cursor, limit)?;
    let mut doubts = Vec::new();
    for chunk in positions.chunks(RECORDS_AT_ONCE) {
        let keys: Vec<String> = chunk
            .iter()
            .map(|(id, position)| witness(id, position))
            .collect();
        for ((id, position), record) in chunk.iter().zip(store.get_each(&keys)?) {
            let is_confirmed = record.is_ok_and(|record| confirms(id, position, record.as_deref()));
            if !is_confirmed && !is_required(store, id, position)? {
                doubts.push(Doubt {
                    id: id.clone(),
                    position: position.clone(),
                });
            }
        }
    }
    Ok((doubts, positions.len(), next))
}

/// The smallest value that tells where a document belongs: a card where there is one.
fn witness(id: &DocId, position: &Position) -> String {
    match position.list {
        List::Posts => Key::Card(id.slug.clone()).into(),
        List::Drafts | List::Pages => Key::Document(id.clone()).into(),
    }
}

fn confirms(id: &DocId, position: &Position, record: Option<&[u8]>) -> bool {
    let Some(record) = record else { return false };
    if position.list == List::Posts {
        let key = Key::Card(id.slug.clone()).to_string();
        let card = record::decode::<Card>(post::CARD_VERSION, &key, record);
        return card.is_ok_and(|card| {
            let has = |tag: &String| card.tags.iter().any(|known| known.slug == *tag);
            card.date.unix == position.date && position.tags.iter().all(has)
        });
    }
    belongs_to(PageRecord::parse(id, record), position)
}

/// Whether the document itself says so. One that cannot be read is told with the documents.
fn is_required(store: &impl Store, id: &DocId, position: &Position) -> Result<bool, ReadError> {
    match store.get(&Key::Document(id.clone()).to_string()) {
        Ok(Some(record)) => Ok(belongs_to(PageRecord::parse(id, &record), position)),
        Ok(None) => Ok(false),
        Err(_unreadable) => Ok(true),
    }
}

fn belongs_to(page: Result<PageRecord<'_>, ReadError>, position: &Position) -> bool {
    let Ok(footprint) = page.and_then(|page| page.footprint()) else {
        return true;
    };
    footprint.positions.iter().any(|known| {
        let is_there = known.list == position.list && known.date == position.date;
        is_there && position.tags.iter().all(|tag| known.tags.contains(tag))
    })
}
