//! A reindex, in steps of a bounded size: every document is put into the index as it is, then
//! what no document confirms is dropped. Documents of another compiler, or for other settings,
//! are made again on the way.
//!
//! Readers see the index meanwhile, unless it has to be made from nothing, and publishers go on:
//! both write the same leaves under the same lock.

use super::WriteError;
use super::commit;
use super::lock::Lock;
use super::log::Log;
use super::progress::{Next, Progress};
use super::repair::{self, DOCUMENTS_AT_ONCE, change};
use crate::audit::{self, Doubt, Settings};
use crate::document::DocId;
use crate::error::ReadError;
use crate::host::Host;
use crate::index::{Change, Index, IndexCursor, Mode};
use crate::key::Key;
use crate::post::Footprint;
use crate::store::StoreError;
use crate::store::walk::{self, Position};

/// A step ends after so many documents,
const MAX_DOCUMENTS: usize = 2_000;
// or so many bytes that were read for them,
const MAX_BYTES: usize = 32 << 20;
// or so many documents that were written again: the stores of some hosts take 50 keys a second,
const MAX_RENEWED: usize = 256;
// or so many parts without much in them.
const MAX_PARTS: usize = 64;

/// How many keys are walked over at once; some hosts list all of them each time.
const KEYS_AT_ONCE: usize = 1_000;
/// How many entries of the index are looked at together.
const ENTRIES_AT_ONCE: usize = 200;

/// What a step came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reindexed {
    /// How many documents and entries this reindex has looked at.
    pub handled: usize,
    pub is_done: bool,
}

/// Takes a step; goes on with a reindex that someone else began.
pub fn step(host: &impl Host) -> Result<Reindexed, WriteError> {
    let lock = Lock::acquire(host, &Log::default())?;
    let index = read_index(host);
    if must_begin_from_nothing(&index)? {
        let head = Index::rebuilding().into_record();
        host.delete_many(&[Key::Reindex.into()])?;
        host.set(&Key::Head.to_string(), head)?;
    }
    let mut lock = commit::recover(host, lock, Mode::Rebuild)?;
    let settings = Settings::read(host)?;
    let mut progress = Progress::read(host, settings.fingerprint, MAX_DOCUMENTS * 2)?;
    progress.at_once = (progress.at_once / 2).max(1);
    progress.write(host)?;
    let index = read_index(host)?;
    let done = match advance(&progress, host, &mut lock, &settings, &index) {
        // The index is made from nothing by the next step.
        Err(WriteError::Read(ReadError::Damaged { key })) if is_of_index(&key) => {
            host.set(&Key::Head.to_string(), Index::rebuilding().into_record())?;
            host.delete_many(&[Key::Reindex.into()])?;
            lock.release()?;
            return Ok(Reindexed {
                handled: progress.handled,
                is_done: false,
            });
        }
        done => done?,
    };
    finish_step(host, lock, progress, &index, &done)
}

/// Sets the index of a step, and says how far it came.
fn finish_step<H: Host>(
    host: &H,
    mut lock: Lock<'_, H>,
    mut progress: Progress,
    index: &Index,
    done: &Done,
) -> Result<Reindexed, WriteError> {
    let mut renew = || lock.renew().map_err(|error| StoreError(error.to_string()));
    let applied = index.apply(host, &done.changes, Mode::Rebuild, host.now(), &mut renew)?;
    let is_done = done.next.is_none();
    let index = match is_done {
        true => applied.index.completed(),
        false => applied.index,
    };
    let head = index.into_record();
    progress.handled += done.handled;
    progress.at_once = (progress.at_once * 4).min(MAX_DOCUMENTS);
    let reindexed = Reindexed {
        handled: progress.handled,
        is_done,
    };
    if lock.is_held()? {
        host.set(&Key::Head.to_string(), head.clone())?;
        match &done.next {
            Some(next) => {
                progress.next = next.clone();
                progress.write(host)?;
            }
            None => host.delete_many(&[Key::Reindex.into()])?,
        }
        if lock.is_held()? {
            lock.release_after(&head)?;
            return Ok(reindexed);
        }
    }
    // What a publisher did meanwhile may be undone: it is done again, and this reindex, too.
    host.delete_many(&[Key::Reindex.into()])?;
    commit::recover(host, lock.reacquire()?, Mode::Rebuild)?.release()?;
    Err(WriteError::Busy)
}

fn read_index(host: &impl Host) -> Result<Index, ReadError> {
    Index::open_to_write(host.get(&Key::Head.to_string())?)
}

/// Whether the index has an earlier format, or is past repair.
fn must_begin_from_nothing(index: &Result<Index, ReadError>) -> Result<bool, WriteError> {
    match index {
        Ok(_) => Ok(false),
        Err(ReadError::IndexOutdated | ReadError::Damaged { .. }) => Ok(true),
        Err(error) => Err(error.clone().into()),
    }
}

fn is_of_index(key: &str) -> bool {
    Key::parse(key).is_some_and(|key| key.is_index())
}

/// Looks at some documents or entries.
fn advance<H: Host>(
    progress: &Progress,
    host: &H,
    lock: &mut Lock<'_, H>,
    settings: &Settings,
    index: &Index,
) -> Result<Done, WriteError> {
    let mut done = Done::default();
    let mut next = Some(progress.next.clone());
    while let Some(from) = next.take() {
        lock.renew()?;
        next = match from {
            Next::Documents(position) => {
                documents(host, &position, progress.at_once, settings, &mut done)?
            }
            Next::Entries(cursor) => entries(host, index, &cursor, &mut done)?,
        };
        done.parts += 1;
        if done.is_enough(progress.at_once) {
            break;
        }
    }
    done.next = next;
    Ok(done)
}

/// What a step has done.
#[derive(Default)]
struct Done {
    changes: Vec<Change>,
    handled: usize,
    bytes: usize,
    renewed: usize,
    parts: usize,
    next: Option<Next>,
}

impl Done {
    fn is_enough(&self, at_once: usize) -> bool {
        self.handled >= at_once
            || self.bytes >= MAX_BYTES
            || self.renewed >= MAX_RENEWED
            || self.parts >= MAX_PARTS
    }
}

/// Puts the documents under some keys into the index; what comes after them.
fn documents(
    host: &impl Host,
    position: &str,
    at_once: usize,
    settings: &Settings,
    done: &mut Done,
) -> Result<Option<Next>, WriteError> {
    let is_wanted = |key: &str| {
        matches!(
            Key::parse(key),
            Some(
                Key::Document(_) | Key::Source(_) | Key::Card(_) | Key::FeedItem(_) | Key::Alias(_)
            )
        )
    };
    let limit = KEYS_AT_ONCE.min(at_once);
    let part = walk::part(host, &Position::parse(position), limit, is_wanted)?;
    let orphans = audit::orphans(host, &part.keys)?;
    if !orphans.is_empty() {
        let keys: Vec<String> = orphans.into_iter().map(|(key, _)| key).collect();
        host.delete_many(&keys)?;
    }
    let documents = audit::documents(host, &part.keys)?;
    for documents in documents.chunks(DOCUMENTS_AT_ONCE) {
        put(host, documents, settings, done)?;
        if let Some((key, _)) = documents.last().filter(|_| done.is_enough(at_once)) {
            return Ok(Some(Next::Documents(part.behind(key).to_text())));
        }
    }
    Ok(Some(match part.next {
        Some(next) => Next::Documents(next.to_text()),
        None => Next::Entries(IndexCursor::START.to_string()),
    }))
}

/// Repairs some documents, known with a key of theirs, and puts them into the index.
fn put(
    host: &impl Host,
    documents: &[(String, DocId)],
    settings: &Settings,
    done: &mut Done,
) -> Result<(), WriteError> {
    let nothing = Footprint::default();
    let named: Vec<_> = documents.iter().map(|(_, id)| (id, &nothing)).collect();
    let examined = audit::examine(host, &named, settings)?;
    repair::write(host, &named, &examined)?;
    for ((_, id), one) in documents.iter().zip(examined) {
        done.handled += 1;
        done.bytes += one.bytes;
        done.renewed += usize::from(!one.wrong.is_empty());
        // What cannot be read keeps its place, until it is published again.
        if !one.is_damaged && one.newer.is_none() {
            done.changes.push(change(id, one.footprint, one.indexed));
        }
    }
    Ok(())
}

/// Drops what no document confirms from some places of the index; what comes after them.
fn entries(
    host: &impl Host,
    index: &Index,
    cursor: &str,
    done: &mut Done,
) -> Result<Option<Next>, WriteError> {
    let cursor = IndexCursor::parse(cursor).unwrap_or(IndexCursor::START);
    let (doubts, count, next) = audit::doubts(host, index, &cursor, ENTRIES_AT_ONCE)?;
    done.handled += count;
    for Doubt { id, position } in doubts {
        done.changes.push(Change {
            slug: id.slug,
            old: vec![position],
            new: None,
        });
    }
    Ok(next.map(|next| Next::Entries(next.to_string())))
}
