//! One edit on its way through a batch, from the request to what became of it.

use super::WriteError;
use super::edit::{Edit, Expected, Outcome, Status};
use crate::compile::{Options, Source};
use crate::document::{DocId, Kind};
use crate::error::ReadError;
use crate::index::{List, Position};
use crate::key::Key;
use crate::post::{self, Card, Footprint, NewDocument, PageRecord};
use crate::problem::Problem;
use crate::record;
use crate::site::Site;
use crate::store::Store;
use crate::theme;
use std::collections::BTreeMap;

/// How many records are read at once: together they stay far below an instance's memory.
pub(super) const RECORDS_AT_ONCE: usize = 16;

/// One edit on its way.
pub(super) struct PendingEdit<'a> {
    pub(super) id: DocId,
    pub(super) expected: Option<Expected>,
    /// What shall stand there; `None` removes it.
    pub(super) new: Option<NewDocument<'a>>,
    /// Where the former version stands.
    pub(super) old: Footprint,
    pub(super) outcome: Outcome,
}

impl<'a> PendingEdit<'a> {
    fn new(id: DocId, file: &str, expected: Option<Expected>) -> Self {
        Self {
            expected,
            new: None,
            old: Footprint::default(),
            outcome: Outcome {
                file: file.to_owned(),
                slug: Some(id.slug.clone()),
                status: Status::Missing,
                hash: None,
                problems: Vec::new(),
            },
            id,
        }
    }

    /// Whether it changes anything.
    pub(super) fn changes_something(&self) -> bool {
        matches!(
            self.outcome.status,
            Status::Created | Status::Updated | Status::Deleted
        )
    }

    /// Whether what was asked for is there afterwards.
    pub(super) fn holds_afterwards(&self) -> bool {
        self.changes_something() || self.outcome.status == Status::Unchanged
    }

    fn is_possible(&self) -> bool {
        self.outcome.status != Status::Refused && self.id.slug.len() <= post::MAX_SLUG_BYTES
    }

    pub(super) fn refuse(&mut self, problems: Vec<Problem>) {
        self.outcome.status = Status::Refused;
        self.outcome.problems = problems;
        self.new = None;
    }

    pub(super) fn page_key(&self) -> String {
        Key::Document(self.id.clone()).into()
    }

    /// Where both versions may stand: whoever finishes this does not know how far it came.
    pub(super) fn footprint(&self) -> Footprint {
        let mut footprint = self.old.clone();
        if let Some(new) = &self.new {
            footprint.join(new.footprint());
        }
        footprint
    }

    /// The keys of the new version with their values.
    pub(super) fn entries(&self) -> Vec<(String, Vec<u8>)> {
        let mut entries = self
            .new
            .as_ref()
            .map_or_else(Vec::new, NewDocument::entries);
        entries.extend(self.alias_entries());
        entries
    }

    /// The keys of the aliases with their values.
    pub(super) fn alias_entries(&self) -> Vec<(String, Vec<u8>)> {
        let target = self.id.url().into_bytes();
        self.aliases()
            .iter()
            .map(|path| (Key::alias(path).into(), target.clone()))
            .collect()
    }

    pub(super) fn aliases(&self) -> &[String] {
        self.new.as_ref().map_or(&[], |new| &new.document.aliases)
    }

    /// The keys that the former version wrote and the new one does not.
    pub(super) fn obsolete_keys(&self, store: &impl Store) -> Result<Vec<String>, WriteError> {
        let dropped = self.old.aliases.iter();
        let dropped = dropped.filter(|path| !self.aliases().contains(path));
        let mut obsolete = own_aliases(store, &self.id, dropped)?;
        let entries = self.new.as_ref().map_or_else(Vec::new, NewDocument::keys);
        let keys = post::keys_of(&self.id);
        obsolete.extend(keys.into_iter().filter(|key| !entries.contains(key)));
        Ok(obsolete)
    }
}

/// The keys of those aliases that lead to this document: another one may have taken a path over.
pub(super) fn own_aliases<'p>(
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

/// Compiles what is to be put, and refuses what cannot be published before anything is written.
/// Of two edits of one document, or of two documents with one alias, the second is refused.
pub(super) fn prepare<'a>(
    site: &Site,
    options: &Options,
    edits: &'a [Edit<'_>],
) -> Vec<PendingEdit<'a>> {
    let mut slugs: BTreeMap<DocId, String> = BTreeMap::new();
    let mut aliases: BTreeMap<String, String> = BTreeMap::new();
    let mut prepared = Vec::with_capacity(edits.len());
    for edit in edits {
        let mut pending = prepare_one(site, options, edit);
        if pending.outcome.status != Status::Refused {
            let name = pending.outcome.file.clone();
            if let Some(other) = slugs.insert(pending.id.clone(), name.clone()) {
                let slug = &pending.id.slug;
                let other = named(&other);
                let message =
                    format!("the slug {slug:?} is taken by {other}: give one of them another");
                pending.refuse(problem(Some("slug"), message));
            }
        }
        let mut own = pending.aliases().iter();
        let taken = own.find_map(|path| Some((path, aliases.get(path)?)));
        let told = taken.map(|(path, other)| alias_is_taken(path, named(other)));
        match told {
            Some(told) => pending.refuse(told),
            None => {
                let name = pending.outcome.file.clone();
                let own = pending.aliases().iter();
                aliases.extend(own.map(|path| (path.clone(), name.clone())));
            }
        }
        prepared.push(pending);
    }
    prepared
}

fn named(file: &str) -> &str {
    if file.is_empty() {
        "another edit of this batch"
    } else {
        file
    }
}

fn alias_is_taken(path: &str, other: &str) -> Vec<Problem> {
    let message = format!("the alias {path} already leads to {other}: remove it from one of them");
    problem(Some("aliases"), message)
}

fn prepare_one<'a>(site: &Site, options: &Options, edit: &'a Edit<'_>) -> PendingEdit<'a> {
    let (kind, name, file, text, expected) = match *edit {
        Edit::Delete { ref id, expected } => return PendingEdit::new(id.clone(), "", expected),
        Edit::Put {
            kind,
            name,
            file,
            source,
            expected,
        } => (kind, name, file, source, expected),
    };
    let mut pending = PendingEdit::new(DocId::new(kind, name), file, expected);
    let compiled = NewDocument::compile(&Source { kind, name, text }, file, options);
    match compiled.and_then(|new| has_template(site, &new).map(|()| new)) {
        Ok(new) => {
            pending.id = new.id.clone();
            pending.outcome.slug = Some(new.id.slug.clone());
            pending.outcome.hash = Some(new.source.hash());
            pending.new = Some(new);
        }
        Err(problems) => pending.refuse(problems),
    }
    pending
}

/// A template that does not exist is found here, not by a visitor.
fn has_template(site: &Site, new: &NewDocument<'_>) -> Result<(), Vec<Problem>> {
    match new.document.template.as_deref() {
        Some(name) if !theme::exists(site, name) => {
            let message = format!(
                "there is no template {name:?}: add it as theme/{name}, or leave the field out"
            );
            Err(problem(Some("template"), message))
        }
        _ => Ok(()),
    }
}

fn problem(field: Option<&str>, message: String) -> Vec<Problem> {
    vec![Problem {
        line: 1,
        field: field.map(str::to_owned),
        message,
    }]
}

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
    if let Some(new) = edit.new.as_mut().filter(|_| edit.id.kind == Kind::Post) {
        let known = match edit.outcome.status {
            Status::Updated => post::feed_id(store, &edit.id, context.site_url)?,
            _ => None,
        };
        new.source.feed_id =
            known.unwrap_or_else(|| post::new_feed_id(context.site_url, &edit.id, context.now));
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

/// Whether a document in the store has this alias.
pub(super) fn names_alias(store: &impl Store, id: &DocId, path: &str) -> Result<bool, WriteError> {
    let Some(record) = store.get(&Key::Document(id.clone()).to_string())? else {
        return Ok(false);
    };
    let footprint = PageRecord::parse(id, &record).and_then(|page| page.footprint());
    Ok(footprint.is_ok_and(|footprint| footprint.aliases.iter().any(|alias| alias == path)))
}
