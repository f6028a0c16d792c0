//! The way back: whether everything that the index names is there. Counting is enough for
//! that, unless the numbers differ or the index moved meanwhile.

use super::{About, KEYS, REINDEX, Step, Tally, broken};
use crate::document;
use crate::index::{self, Index, IndexError, Listed, Placed};
use crate::post::{self, Stored};
use crate::store::Store;
use crate::write::{Failure, Name};

/// The cursors of this part begin with it; those of the keys begin with a number.
pub(super) const PREFIX: &str = "entries:";

/// How many records are read at once.
const TOGETHER: usize = 16;

/// Where to go on once all keys were looked at.
pub(super) fn needed(
    store: &impl Store,
    index: &Index,
    tally: &Tally,
    now: u64,
    step: &mut Step,
) -> Option<String> {
    match index.counts(store) {
        Ok((documents, tags)) if now == tally.head => {
            // Some stores name a key twice while they grow or shrink. More documents than the
            // index has are such, or each of them has been told.
            if tags != tally.tags && tally.documents <= documents {
                let problem = format!(
                    "{tags} posts stand under tags, and posts have {} tags",
                    tally.tags
                );
                step.find(index::HEAD_KEY, &problem, REINDEX, About::Documents);
            }
            (documents != tally.documents).then(|| PREFIX.to_owned())
        }
        Ok(_) => Some(PREFIX.to_owned()),
        Err(error) => {
            step.findings.extend(broken(&error).findings);
            None
        }
    }
}

/// Looks at some entries of the index.
pub(super) fn step(
    store: &impl Store,
    index: &Index,
    cursor: Option<&str>,
) -> Result<Step, Failure> {
    let listing = match index.listing(store, cursor, KEYS) {
        Err(IndexError::Store(error)) => return Err(error.into()),
        Err(error) => return Ok(broken(&error)),
        Ok(listing) => listing,
    };
    let mut step = Step {
        looked_at: listing.entries.len(),
        cursor: listing.cursor.map(|cursor| format!("{PREFIX}{cursor}")),
        ..Step::default()
    };
    for some in listing.entries.chunks(TOGETHER) {
        let keys = some.iter().map(|entry| post::key(kind(entry), &entry.slug));
        let keys: Vec<String> = keys.collect();
        for ((entry, key), record) in some.iter().zip(&keys).zip(store.get_each(&keys)?) {
            // One that cannot be read is told with the documents.
            if record.is_ok_and(|record| !stands(entry, record.as_deref())) {
                let problem = "the index has it where it is not";
                step.find(key, problem, REINDEX, About::Document(name(entry)));
            }
        }
    }
    Ok(step)
}

/// Whether the document is there, and belongs where the entry stands.
fn stands(entry: &Listed<'static>, record: Option<&[u8]>) -> bool {
    let Some(record) = record else { return false };
    let entry = Placed {
        listed: entry.clone(),
        tags: Vec::new(),
    };
    let at = entry.place();
    match Stored::parse(kind(&entry.listed), &entry.listed.slug, record) {
        Ok(stored) => {
            let place = stored.traces.place;
            (place.kind, place.date) == (at.kind, at.date)
        }
        // Told with the documents.
        Err(_) => true,
    }
}

fn kind(entry: &Listed<'_>) -> document::Kind {
    match entry.kind {
        index::Kind::Page => document::Kind::Page,
        index::Kind::Post | index::Kind::Draft => document::Kind::Post,
    }
}

fn name(entry: &Listed<'_>) -> Name {
    (entry.kind == index::Kind::Page, entry.slug.to_string())
}
