//! Edits compared with what stands in the store: what becomes of each.

use super::WriteError;
use super::aliases::{alias_is_taken, problem};
use super::edit::{Expected, Status};
use super::pending::{PendingEdit, RECORDS_AT_ONCE};
use crate::document::{DocId, Kind};
use crate::error::ReadError;
use crate::index::{List, Position};
use crate::key::Key;
use crate::post::{self, Card, Footprint, PageRecord};
use crate::record;
use crate::store::Store;

/// What documents are compared with and made for.
pub(super) struct Context<'a> {
    pub(super) site_url: &'a str,
    pub(super) fingerprint: u64,
    pub(super) now: i64,
}

/// Looks at what stands in the store, and decides what becomes of each edit.
pub(super) fn compare(
    store: &impl Store,
    context: &Context<'_>,
    edits: &mut [PendingEdit<'_>],
) -> Result<(), WriteError> {
    // What is refused may have a name that no store takes for a key.
    let mut possible: Vec<&mut PendingEdit<'_>> =
        edits.iter_mut().filter(|edit| edit.is_possible()).collect();
    for edits in possible.chunks_mut(RECORDS_AT_ONCE) {
        let keys: Vec<String> = edits.iter().map(|edit| edit.page_key()).collect();
        for (edit, record) in edits.iter_mut().zip(store.get_many(&keys)?) {
            decide(store, context, edit, record.as_deref())?;
        }
    }
    refuse_taken_aliases(store, edits)
}

fn decide(
    store: &impl Store,
    context: &Context<'_>,
    edit: &mut PendingEdit<'_>,
    record: Option<&[u8]>,
) -> Result<(), WriteError> {
    let page = match record.map(|record| PageRecord::parse(&edit.id, record)) {
        // What is damaged is replaced by what is whole.
        Some(Err(ReadError::Damaged { .. })) => None,
        other => other.transpose()?,
    };
    let found = page.as_ref().map(PageRecord::hash);
    let new = edit.new.as_ref().map(|new| new.source.hash());
    let is_expected = |expected: Expected| expected.holds(found, new);
    let is_current = page
        .as_ref()
        .is_some_and(|page| page.is_current(context.fingerprint));
    edit.outcome.status = match new {
        _ if !edit.expected.is_none_or(is_expected) => Status::Conflict,
        Some(new) if is_current && found == Some(new) => Status::Unchanged,
        Some(_) if record.is_some() => Status::Updated,
        Some(_) => Status::Created,
        None if record.is_some() => Status::Deleted,
        None => Status::Missing,
    };
    edit.old = match page {
        Some(page) => page.footprint()?,
        None if record.is_some() => of_damaged(store, &edit.id)?,
        None => Footprint::default(),
    };
    if edit.id.kind == Kind::Post {
        if let Some(new) = edit.new.as_mut() {
            new.source.feed_id = post::new_feed_id(context.site_url, &edit.id, context.now);
        }
        if edit.outcome.status == Status::Updated {
            edit.keep_feed_id(store, context.site_url)?;
        }
    }
    Ok(())
}

/// Where a damaged document may stand: its card still tells the place of a post.
fn of_damaged(store: &impl Store, id: &DocId) -> Result<Footprint, WriteError> {
    let at = |list, date, tags| Position { list, date, tags };
    let positions = match id.kind {
        Kind::Page => vec![at(List::Pages, 0, Vec::new())],
        Kind::Post => {
            let key = Key::Card(id.slug.clone()).to_string();
            let card = store.get(&key)?;
            let card =
                card.and_then(|card| record::decode::<Card>(post::CARD_VERSION, &key, &card).ok());
            let mut positions = vec![at(List::Drafts, 0, Vec::new())];
            positions.extend(card.map(|card| {
                let tags = card.tags.into_iter().map(|tag| tag.slug).collect();
                at(List::Posts, card.date.unix, tags)
            }));
            positions
        }
    };
    Ok(Footprint {
        positions,
        aliases: Vec::new(),
    })
}

/// Refuses documents with an alias that leads to another one, and will do so afterwards.
fn refuse_taken_aliases(
    store: &impl Store,
    edits: &mut [PendingEdit<'_>],
) -> Result<(), WriteError> {
    let mut wanted: Vec<(usize, String)> = Vec::new();
    for (at, edit) in edits.iter().enumerate() {
        if edit.changes_something() {
            wanted.extend(edit.aliases().iter().map(|path| (at, path.clone())));
        }
    }
    refuse_hidden_aliases(store, edits, &wanted)?;
    for wanted in wanted.chunks(RECORDS_AT_ONCE) {
        let keys: Vec<String> = wanted
            .iter()
            .map(|(_, path)| Key::alias(path).into())
            .collect();
        for ((at, path), target) in wanted.iter().zip(store.get_many(&keys)?) {
            let target = target.and_then(|target| String::from_utf8(target).ok());
            let Some(owner) = target.and_then(|target| DocId::from_url(&target)) else {
                continue;
            };
            let is_kept = match edits.iter().find(|edit| edit.id == owner) {
                _ if owner == edits[*at].id => false,
                Some(edit) if edit.changes_something() => edit.aliases().contains(path),
                _ => names_alias(store, &owner, path)?,
            };
            if is_kept {
                let other = format!("{}/{}", owner.kind.folder(), owner.slug);
                edits[*at].refuse(alias_is_taken(path, &other));
            }
        }
    }
    Ok(())
}

/// Refuses documents with an alias that is the address of another one: nobody would be led on.
fn refuse_hidden_aliases(
    store: &impl Store,
    edits: &mut [PendingEdit<'_>],
    wanted: &[(usize, String)],
) -> Result<(), WriteError> {
    let addresses = wanted.iter().filter_map(|(at, path)| {
        let hidden_by = DocId::from_url(path)?;
        Some((*at, path, hidden_by))
    });
    let addresses: Vec<(usize, &String, DocId)> = addresses.collect();
    for addresses in addresses.chunks(RECORDS_AT_ONCE) {
        let keys = addresses.iter().map(|(_, _, id)| Key::Document(id.clone()));
        let keys: Vec<String> = keys.map(String::from).collect();
        for ((at, path, id), found) in addresses.iter().zip(store.get_many(&keys)?) {
            let in_batch = edits.iter().find(|edit| edit.id == *id);
            let is_there = match in_batch.filter(|edit| edit.changes_something()) {
                Some(edit) => edit.new.is_some(),
                None => found.is_some(),
            };
            if is_there {
                let message = format!(
                    "the alias {path} is the address of another document: remove the alias, or the document"
                );
                edits[*at].refuse(problem(Some("aliases"), message));
            }
        }
    }
    Ok(())
}

/// Whether a document in the store has this alias.
fn names_alias(store: &impl Store, id: &DocId, path: &str) -> Result<bool, WriteError> {
    let Some(record) = store.get(&Key::Document(id.clone()).to_string())? else {
        return Ok(false);
    };
    let footprint = PageRecord::parse(id, &record).and_then(|page| page.footprint());
    Ok(footprint.is_ok_and(|footprint| footprint.aliases.iter().any(|alias| alias == path)))
}
