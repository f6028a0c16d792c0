//! A batch of edits, carried out under one lock with one move of the index.

use super::edit::{Edit, Expected, Outcome, Status};
use super::lock::{Intent, Lock};
use super::{Failure, recover};
use crate::compile::{Kind, Options, Problem, Source};
use crate::host::Host;
use crate::index::Placed;
use crate::post::{self, Post, Stored};
use crate::record;
use crate::site::{self, Site};
use crate::store::{Store, StoreError};
use crate::{alias, theme};
use std::collections::BTreeMap;

/// How many records are read at once: together they stay far below an instance's memory.
const READ_TOGETHER: usize = 16;

/// How many bytes are written at once.
const WRITE_TOGETHER: usize = 512 * 1024;

/// Carries out the edits; an outcome for each, in their order. Whatever comes back as created,
/// updated or deleted is in the store and in the index.
pub fn apply(host: &impl Host, edits: &[Edit<'_>]) -> Result<Vec<Outcome>, Failure> {
    let site = Site::decode(host.get(site::KEY)?.as_deref())?;
    let options = site.settings.compile_options();
    let mut work = prepare(&site, &options, edits);
    // Most of what is sent again is unchanged, and needs no lock.
    compare(host, &options, &mut work)?;
    if work.iter().any(Work::is_open) {
        let mut lock = Lock::take(host)?;
        compare(host, &options, &mut work)?;
        lock.intend(
            work.iter()
                .filter(|work| work.is_open())
                .map(Work::intent)
                .collect(),
        )?;
        write(host, &work)?;
        let placed = work
            .iter()
            .filter(|work| work.is_open())
            .map(Work::now_placed)
            .collect();
        recover::settle(host, lock, &options, placed)?;
    }
    Ok(work.into_iter().map(|work| work.outcome).collect())
}

/// One edit on its way.
struct Work {
    kind: Kind,
    slug: String,
    expected: Option<Expected>,
    /// What shall stand there; `None` removes it.
    new: Option<New>,
    /// What left traces there before.
    old: Option<post::Traces>,
    outcome: Outcome,
}

/// A compiled document, ready to be written.
struct New {
    hash: u128,
    record: Vec<u8>,
    card: Option<Vec<u8>>,
    aliases: Vec<String>,
    placed: Placed,
}

impl Work {
    /// Whether it changes anything.
    fn is_open(&self) -> bool {
        matches!(
            self.outcome.status,
            Status::Created | Status::Updated | Status::Deleted
        )
    }

    fn intent(&self) -> Intent {
        let old = self.old.as_ref().map(|old| old.place.clone());
        Intent {
            page: self.kind == Kind::Page,
            slug: self.slug.clone(),
            old,
        }
    }

    fn now_placed(&self) -> ((bool, String), Option<Placed>) {
        let placed = self.new.as_ref().map(|new| new.placed.clone());
        ((self.kind == Kind::Page, self.slug.clone()), placed)
    }
}

/// Compiles what is to be put. Of two files with one slug the second is refused.
fn prepare(site: &Site, options: &Options, edits: &[Edit<'_>]) -> Vec<Work> {
    let mut files: BTreeMap<(bool, String), String> = BTreeMap::new();
    let mut prepared = Vec::with_capacity(edits.len());
    for edit in edits {
        let mut work = prepare_one(site, options, edit);
        let name = (work.kind == Kind::Page, work.slug.clone());
        if work.outcome.status != Status::Refused
            && let Some(other) = files.insert(name, work.outcome.file.clone())
        {
            let message = format!(
                "the slug {:?} is taken by {other}: give one of them another",
                work.slug
            );
            refuse(
                &mut work,
                vec![Problem {
                    line: 1,
                    field: Some("slug".to_owned()),
                    message,
                }],
            );
        }
        prepared.push(work);
    }
    prepared
}

fn prepare_one(site: &Site, options: &Options, edit: &Edit<'_>) -> Work {
    match *edit {
        Edit::Delete {
            kind,
            slug,
            expected,
        } => new_work(
            kind,
            slug.to_owned(),
            String::new(),
            expected,
            Status::Deleted,
        ),
        Edit::Put {
            kind,
            name,
            file,
            source,
            expected,
        } => {
            let mut work = new_work(
                kind,
                name.to_owned(),
                file.to_owned(),
                expected,
                Status::Created,
            );
            let compiled = Post::compile(
                &Source {
                    kind,
                    name,
                    text: source,
                },
                options,
            );
            match compiled.and_then(|post| ready(site, options, kind, &post).map(|new| (post, new)))
            {
                Ok((post, new)) => {
                    work.slug = post.document.slug;
                    work.outcome.slug = Some(work.slug.clone());
                    work.new = Some(new);
                }
                Err(problems) => refuse(&mut work, problems),
            }
            work
        }
    }
}

fn new_work(
    kind: Kind,
    slug: String,
    file: String,
    expected: Option<Expected>,
    status: Status,
) -> Work {
    let outcome = Outcome {
        file,
        slug: Some(slug.clone()),
        status,
        problems: Vec::new(),
    };
    Work {
        kind,
        slug,
        expected,
        new: None,
        old: None,
        outcome,
    }
}

fn refuse(work: &mut Work, problems: Vec<Problem>) {
    work.outcome.status = Status::Refused;
    work.outcome.problems = problems;
    work.new = None;
}

/// Encodes a compiled document; a template that does not exist is found here, not by a visitor.
fn ready(site: &Site, options: &Options, kind: Kind, post: &Post) -> Result<New, Vec<Problem>> {
    let problem = |field: Option<&str>, message: String| {
        vec![Problem {
            line: 1,
            field: field.map(str::to_owned),
            message,
        }]
    };
    if let Some(name) = post
        .document
        .template
        .as_deref()
        .filter(|name| !theme::exists(site, name))
    {
        let message = format!(
            "there is no template {name:?}: add it as theme/{name}, or leave the field out"
        );
        return Err(problem(Some("template"), message));
    }
    let record = post.encode(kind, options);
    if record.len() > post::MAX_RECORD_BYTES {
        return Err(problem(
            None,
            "too large when compiled: split it, or move data to a file under media/".to_owned(),
        ));
    }
    let placed = post.placed(kind, record.len());
    let card = match kind {
        Kind::Post => post
            .card()
            .map(|card| record::encode(post::CARD_VERSION, &card)),
        Kind::Page => None,
    };
    Ok(New {
        hash: post.hash(),
        record,
        card,
        aliases: post.document.aliases.clone(),
        placed,
    })
}

/// Looks at what stands in the store, and decides what becomes of each edit.
fn compare(store: &impl Store, options: &Options, work: &mut [Work]) -> Result<(), Failure> {
    for some in work.chunks_mut(READ_TOGETHER) {
        let keys: Vec<String> = some
            .iter()
            .map(|work| post::key(work.kind, &work.slug))
            .collect();
        for (work, record) in some.iter_mut().zip(store.get_many(&keys)?) {
            if work.outcome.status != Status::Refused {
                decide(work, record.as_deref(), options)?;
            }
        }
    }
    Ok(())
}

fn decide(work: &mut Work, record: Option<&[u8]>, options: &Options) -> Result<(), Failure> {
    let stored = record
        .map(|record| Stored::parse(work.kind, &work.slug, record))
        .transpose();
    let stored = match stored {
        // What is damaged is replaced by what is whole.
        Err(record::RecordError::Damaged { .. }) => None,
        other => other?,
    };
    let found = stored
        .as_ref()
        .map(|stored| xxhash_rust::xxh3::xxh3_128(stored.source));
    let same = |new: &New| {
        found == Some(new.hash)
            && stored
                .as_ref()
                .is_some_and(|stored| stored.is_current(options))
    };
    work.outcome.status = match &work.new {
        _ if work.expected.is_some_and(|expected| !expected.holds(found)) => Status::Conflict,
        Some(new) if same(new) => Status::Unchanged,
        Some(_) if record.is_some() => Status::Updated,
        Some(_) => Status::Created,
        None if record.is_some() => Status::Deleted,
        None => Status::Missing,
    };
    work.old = stored.map(|stored| stored.traces);
    Ok(())
}

/// Writes the documents, and wipes what the former ones left beside them.
fn write(store: &impl Store, work: &[Work]) -> Result<(), StoreError> {
    let mut group: Vec<(String, Vec<u8>)> = Vec::new();
    let mut bytes = 0;
    let mut gone = Vec::new();
    for work in work.iter().filter(|work| work.is_open()) {
        let entries = entries(work);
        let more: usize = entries.iter().map(|(_, value)| value.len()).sum();
        if bytes + more > WRITE_TOGETHER && !group.is_empty() {
            store.set_many(&std::mem::take(&mut group))?;
            bytes = 0;
        }
        bytes += more;
        group.extend(entries);
        gone.extend(leftovers(store, work)?);
    }
    if !group.is_empty() {
        store.set_many(&group)?;
    }
    if gone.is_empty() {
        Ok(())
    } else {
        store.delete_many(&gone)
    }
}

/// The keys of one document with their values.
fn entries(work: &Work) -> Vec<(String, Vec<u8>)> {
    let Some(new) = &work.new else {
        return Vec::new();
    };
    let mut entries = vec![(post::key(work.kind, &work.slug), new.record.clone())];
    entries.extend(
        new.card
            .clone()
            .map(|card| (post::card_key(&work.slug), card)),
    );
    let target = alias::target(work.kind, &work.slug);
    entries.extend(
        new.aliases
            .iter()
            .map(|path| (alias::key(path), target.clone().into_bytes())),
    );
    entries
}

/// The keys that the former version wrote and the new one does not.
fn leftovers(store: &impl Store, work: &Work) -> Result<Vec<String>, StoreError> {
    let kept: &[String] = work.new.as_ref().map_or(&[], |new| &new.aliases);
    let former = work.old.as_ref().map_or(&[][..], |old| &old.aliases);
    let dropped: Vec<String> = former
        .iter()
        .filter(|path| !kept.contains(path))
        .map(|path| alias::key(path))
        .collect();
    let mut gone = Vec::new();
    if !dropped.is_empty() {
        // Another document may have taken the path over.
        let target = alias::target(work.kind, &work.slug).into_bytes();
        let found = store.get_many(&dropped)?;
        gone.extend(
            dropped
                .into_iter()
                .zip(found)
                .filter(|(_, to)| to.as_ref() == Some(&target))
                .map(|(key, _)| key),
        );
    }
    if work.new.is_none() {
        gone.extend([post::key(work.kind, &work.slug), post::card_key(&work.slug)]);
    }
    Ok(gone)
}
