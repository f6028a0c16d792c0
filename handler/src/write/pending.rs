//! One edit on its way through a batch, from the request to what became of it.

use super::WriteError;
use super::aliases::{self, alias_is_taken, problem};
use super::edit::{Edit, Expected, Outcome, Status};
use crate::compile::{Options, Source};
use crate::document::{DocId, Kind};
use crate::key::Key;
use crate::post::{self, Footprint, NewDocument};
use crate::problem::Problem;
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

    pub(super) fn is_possible(&self) -> bool {
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

    /// Goes on calling a post in feeds what the former version was called.
    pub(super) fn keep_feed_id(
        &mut self,
        store: &impl Store,
        site_url: &str,
    ) -> Result<(), WriteError> {
        if let Some(new) = self.new.as_mut().filter(|_| self.id.kind == Kind::Post)
            && let Some(known) = post::feed_id(store, &self.id, site_url)?
        {
            new.source.feed_id = known;
        }
        Ok(())
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
        let mut obsolete = aliases::own(store, &self.id, dropped)?;
        let entries = self.new.as_ref().map_or_else(Vec::new, NewDocument::keys);
        let keys = post::keys_of(&self.id);
        obsolete.extend(keys.into_iter().filter(|key| !entries.contains(key)));
        Ok(obsolete)
    }
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

fn prepare_one<'a>(site: &Site, options: &Options, edit: &'a Edit<'_>) -> PendingEdit<'a> {
    let (kind, name, slug, file, text, expected) = match *edit {
        Edit::Delete { ref id, expected } => return PendingEdit::new(id.clone(), "", expected),
        Edit::Put {
            kind,
            name,
            slug,
            file,
            source,
            expected,
        } => (kind, name, slug, file, source, expected),
    };
    let mut pending = PendingEdit::new(DocId::new(kind, name), file, expected);
    let compiled = NewDocument::compile(&Source { kind, name, text }, file, options);
    let checked = compiled.and_then(|new| {
        has_slug(slug, &new)?;
        has_template(site, &new)?;
        Ok(new)
    });
    match checked {
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

/// A document is not written under another slug than the one that it was sent for.
fn has_slug(wanted: Option<&str>, new: &NewDocument<'_>) -> Result<(), Vec<Problem>> {
    let DocId { kind, slug } = &new.id;
    if wanted.is_none_or(|wanted| wanted == slug) {
        return Ok(());
    }
    let folder = kind.folder();
    let message = format!(
        "the front matter names the slug {slug:?}: send it to /api/{folder}/{slug}, or leave the field out"
    );
    Err(problem(Some("slug"), message))
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
