//! A new index made from the documents, in steps of a bounded size.
//!
//! It grows beside the old one, in a record of its own; readers see the old one until the last
//! step sets `head`. Each step holds the lock, and between steps publishers apply their changes
//! to both, so the order in which documents and changes arrive does not matter. First come the
//! documents that the old index names, by date: then each leaf is written about once. Then all
//! keys are walked over for what it did not name. Documents of another compiler, or for other
//! settings, are made anew on the way, and cards and aliases are set right.

use super::journal::{Journal, Left, Name};
use super::lock::Lock;
use super::mend::{Examined, mend};
use super::recover::{self, Known};
use super::{Failure, stray};
use crate::compile::Options;
use crate::host::Host;
use crate::index::{self, Change, Index, IndexError, Kind, Placed};
use crate::post;
use crate::record;
use crate::site::{self, Site};
use crate::store::walk::{self, Position};
use serde::{Deserialize, Serialize};

/// The key of the record.
pub const KEY: &str = "reindex";

/// The version of [`Progress`].
const VERSION: u8 = 2;

/// After how many seconds without a step publishers cease to keep the new index up to date.
const FORGOTTEN_SECONDS: i64 = 3600;

/// How many documents are read at once: their records and new forms are in memory together.
const TOGETHER: usize = 8;

/// How many entries of the old index are looked up at once.
const LISTED_AT_ONCE: usize = 200;

/// How many keys are walked over at once; some hosts list all of them each time.
const KEYS_AT_ONCE: usize = 1_000;

/// A step ends after so many documents,
const DOCUMENTS: usize = 2_000;
/// or so many bytes of records,
const BYTES: u64 = 32 << 20;
/// or so many documents that had to be written anew: stores of some hosts take 50 keys a second.
const RENEWED: usize = 100;
/// or so many parts without much in them.
const PARTS: usize = 64;

/// How far a reindex has come.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Progress {
    /// The value that `head` will have.
    head: Vec<u8>,
    next: Next,
    handled: usize,
    /// When the last step was done, in seconds since 1970.
    touched: i64,
    /// Which settings documents are compiled for.
    options: u64,
}

/// Which documents come next.
#[derive(Debug, Clone, Serialize, Deserialize)]
enum Next {
    /// Those that the old index names, from a cursor on.
    Listed(Option<String>),
    /// Those under the keys from a position on.
    Keys(String),
}

/// What a step came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reindexed {
    /// How many documents this reindex has looked at.
    pub handled: usize,
    /// Whether the new index is in place.
    pub is_done: bool,
}

/// Takes a step; goes on with a reindex that someone else began.
pub fn step(host: &impl Host) -> Result<Reindexed, Failure> {
    let mut lock = Lock::take(host, &Journal::default())?;
    let site = Site::decode(host.get(site::KEY)?.as_deref())?;
    let options = site.compile_options();
    let under_way = read(host)?.filter(|one| one.options == post::fingerprint(&options));
    let mut progress = under_way.unwrap_or_else(|| Progress::new(&options));
    // What a dead publisher left undone may lie behind us, and the old index may be past mending.
    let mut changes = recover::changes(host, lock.journal(), &Known::new())?;
    let next = progress.some(host, &mut lock, &options, &mut changes)?;
    let applied = progress.index()?.apply(host, &changes, host.now())?;
    progress.head = applied.head;
    progress.touched = host.now();
    let reindexed = Reindexed {
        handled: progress.handled,
        is_done: next.is_none(),
    };
    if !lock.is_held()? {
        return Err(Failure::Busy);
    }
    match next {
        None => host.set(index::HEAD_KEY, progress.head.clone())?,
        Some(next) => {
            progress.next = next;
            host.set(KEY, record::encode(VERSION, &progress))?;
        }
    }
    let is_held = lock.is_held()?;
    if !is_held || reindexed.is_done {
        // If the lock was lost, what a publisher did meanwhile may be missing in it.
        host.delete_many(&[KEY.to_owned()])?;
    }
    match (is_held, reindexed.is_done) {
        (false, _) => return Err(Failure::Busy),
        (true, true) => lock.finish(&progress.head)?,
        (true, false) => lock.release()?,
    }
    Ok(reindexed)
}

/// The keys that keep a reindex under way up to date with some changes.
pub(super) fn follow(
    host: &impl Host,
    changes: &[Change],
) -> Result<Option<(String, Vec<u8>)>, Failure> {
    let Some(mut progress) = read(host)? else {
        return Ok(None);
    };
    let is_forgotten = host.now() - progress.touched > FORGOTTEN_SECONDS;
    let applied = progress
        .index()
        .and_then(|index| index.apply(host, changes, host.now()));
    match applied {
        Ok(applied) if !is_forgotten => {
            progress.head = applied.head;
            Ok(Some((KEY.to_owned(), record::encode(VERSION, &progress))))
        }
        Err(IndexError::Store(error)) => Err(error.into()),
        _ => {
            host.delete_many(&[KEY.to_owned()])?;
            Ok(None)
        }
    }
}

/// The nodes that a reindex under way needs.
pub(super) fn index(host: &impl Host) -> Result<Option<Index>, Failure> {
    Ok(match read(host)? {
        Some(progress) => Some(progress.index()?),
        None => None,
    })
}

fn read(host: &impl Host) -> Result<Option<Progress>, Failure> {
    let record = host.get(KEY)?;
    // One that cannot be read is begun again.
    Ok(record.and_then(|record| record::decode(VERSION, KEY, &record).ok()))
}

impl Progress {
    fn new(options: &Options) -> Self {
        Self {
            head: Vec::new(),
            next: Next::Listed(None),
            handled: 0,
            touched: 0,
            options: post::fingerprint(options),
        }
    }

    fn index(&self) -> Result<Index, IndexError> {
        Index::of(Some(self.head.as_slice()).filter(|head| !head.is_empty()))
    }

    /// Handles some documents; what comes after them.
    fn some<H: Host>(
        &mut self,
        host: &H,
        lock: &mut Lock<'_, H>,
        options: &Options,
        changes: &mut Vec<Change>,
    ) -> Result<Option<Next>, Failure> {
        let mut next = self.next.clone();
        let mut budget = Budget::default();
        while !budget.is_spent() {
            lock.renew()?;
            let (names, after) = match &next {
                Next::Listed(cursor) => listed(host, cursor.as_deref())?,
                Next::Keys(position) => under_keys(host, position)?,
            };
            for some in names.chunks(TOGETHER) {
                let nothing = Left::default();
                let documents: Vec<_> = some.iter().map(|name| (name, &nothing)).collect();
                let mended = mend(host, &documents, options)?;
                budget.spend(&mended);
                match next {
                    Next::Listed(_) => {
                        let placed = mended.into_iter().filter_map(|one| one.placed);
                        changes.extend(placed.map(Change::put));
                    }
                    Next::Keys(_) => self.add_lacking(host, mended, changes)?,
                }
            }
            budget.parts += 1;
            self.handled += names.len();
            match after {
                Some(after) => next = after,
                None => return Ok(None),
            }
        }
        Ok(Some(next))
    }

    /// Adds those of the documents that the new index does not have yet.
    fn add_lacking(
        &self,
        host: &impl Host,
        mended: Vec<Examined>,
        changes: &mut Vec<Change>,
    ) -> Result<(), Failure> {
        let placed = mended.into_iter().filter_map(|one| one.placed);
        let placed: Vec<Placed> = placed.collect();
        let lacking = self.index()?.lacking(host, &placed)?;
        let lacking = lacking.into_iter().map(|at| placed[at].clone());
        changes.extend(lacking.map(Change::put));
        Ok(())
    }
}

/// What a step may still do.
#[derive(Default)]
struct Budget {
    documents: usize,
    bytes: u64,
    renewed: usize,
    parts: usize,
}

impl Budget {
    fn spend(&mut self, mended: &[Examined]) {
        self.documents += mended.len();
        for one in mended {
            let bytes = one.placed.as_ref().map_or(0, |placed| placed.listed.bytes);
            self.bytes += u64::from(bytes);
            self.renewed += usize::from(!one.missing.is_empty());
        }
    }

    fn is_spent(&self) -> bool {
        self.documents >= DOCUMENTS
            || self.bytes >= BYTES
            || self.renewed >= RENEWED
            || self.parts >= PARTS
    }
}

/// Some documents, and what comes after them.
type Some = (Vec<Name>, Option<Next>);

fn listed(host: &impl Host, cursor: Option<&str>) -> Result<Some, Failure> {
    let keys = Next::Keys(String::new());
    let head = host.get(index::HEAD_KEY)?;
    let listing =
        Index::of(head.as_deref()).and_then(|index| index.listing(host, cursor, LISTED_AT_ONCE));
    match listing {
        Ok(listing) => {
            let entries = listing.entries.iter();
            let names = entries.map(|entry| (entry.kind == Kind::Page, entry.slug.to_string()));
            let cursor = listing.cursor;
            let next = cursor.map_or(keys, |cursor| Next::Listed(Some(cursor)));
            Ok((names.collect(), Some(next)))
        }
        Err(IndexError::Store(error)) => Err(error.into()),
        // A damaged index is why one reindexes: the keys tell the rest.
        Err(_) => Ok((Vec::new(), Some(keys))),
    }
}

fn under_keys(host: &impl Host, position: &str) -> Result<Some, Failure> {
    let is_wanted = |key: &str| {
        let mut kinds = ["post/", "page/", "card/", "alias/", "alias#"].iter();
        kinds.any(|kind| key.starts_with(kind))
    };
    let position = Position::parse(position);
    let part = walk::part(host, &position, KEYS_AT_ONCE, is_wanted)?;
    let strays = stray::strays(host, &part.keys)?;
    if !strays.is_empty() {
        let keys: Vec<String> = strays.into_iter().map(|(key, _)| key).collect();
        host.delete_many(&keys)?;
    }
    let names = part.keys.iter().filter_map(|key| post::name_of(key));
    let next = part.next.map(|next| Next::Keys(next.to_text()));
    Ok((names.collect(), next))
}
