//! The end of a write: the index is brought up to date with the documents that the log names,
//! those just written and those that a publisher who died had begun.

use super::lock::Lock;
use super::log::Log;
use super::{WriteError, repair};
use crate::document::DocId;
use crate::host::Host;
use crate::index::{Applied, Change, Index, IndexedPost, Mode};
use crate::key::Key;
use crate::post::Footprint;
use crate::store::StoreError;
use std::collections::BTreeMap;

/// What shall stand in the index of documents that need not be read for it.
pub(super) type Known = BTreeMap<DocId, Option<IndexedPost>>;

/// How many documents of an abandoned log are finished at once. It begins with one: the limits of
/// an instance may have stopped those who tried before.
const MAX_RECOVERED_AT_ONCE: usize = 64;

/// Takes the lock, and finishes what earlier holders left undone before anything new begins.
pub(super) fn acquire_and_recover<'h, H: Host>(
    host: &'h H,
    wanted: &Log,
) -> Result<Lock<'h, H>, WriteError> {
    let mut lock = Lock::acquire(host, wanted)?;
    if lock.log() != wanted {
        lock = recover(host, lock, Mode::Publish)?;
        lock.log_intent(wanted)?;
    }
    Ok(lock)
}

/// Finishes the log, some documents at a time, each time with less left in the log.
pub(super) fn recover<'h, H: Host>(
    host: &'h H,
    mut lock: Lock<'h, H>,
    mode: Mode,
) -> Result<Lock<'h, H>, WriteError> {
    let mut at_once = 1;
    while !lock.log().is_empty() {
        let part = lock.log().first(at_once);
        match advance(host, &mut lock, &part, &Known::new(), mode, &mut || Ok(()))? {
            Some(Advance { head, .. }) => lock.log_progress(&part, &head)?,
            None => lock = lock.reacquire()?,
        }
        at_once = (at_once * 2).min(MAX_RECOVERED_AT_ONCE);
    }
    Ok(lock)
}

/// Finishes the work of this publisher, which is in the log, and gives the lock back after a last
/// look at what was done under it.
pub(super) fn commit<'h, H: Host>(
    host: &'h H,
    mut lock: Lock<'h, H>,
    mut known: Known,
    mut look: impl FnMut() -> Result<(), WriteError>,
) -> Result<(), WriteError> {
    let own = lock.log().clone();
    loop {
        match advance(host, &mut lock, &own, &known, Mode::Publish, &mut look)? {
            Some(advance) => {
                if advance.is_surprised {
                    lock.suspect_late_writes();
                }
                if lock.log().without(&own).is_empty() && !advance.is_surprised {
                    return lock.release_after(&advance.head);
                }
                lock.log_progress(&own, &advance.head)?;
                return recover(host, lock, Mode::Publish)?.release();
            }
            None => {
                // What was known may be of yesterday: someone else was at work meanwhile.
                known.clear();
                lock = lock.reacquire()?;
            }
        }
    }
}

/// A part of the log is done.
struct Advance {
    /// The value that `head` has now.
    head: Vec<u8>,
    /// Whether the index was not as `head` said.
    is_surprised: bool,
}

/// Brings the index up to date with the documents of a part of the log; `None` if the lock was
/// lost meanwhile. If a late write may have undone something, the log grows by it.
fn advance<H: Host>(
    host: &H,
    lock: &mut Lock<'_, H>,
    part: &Log,
    known: &Known,
    mode: Mode,
    look: &mut dyn FnMut() -> Result<(), WriteError>,
) -> Result<Option<Advance>, WriteError> {
    lock.renew()?;
    let keys = [Key::Head, Key::Recent].map(String::from);
    let mut found = host.get_many(&keys)?;
    let (recent, head) = (found.pop().flatten(), found.pop().flatten());
    lock.replay_recent(head.as_deref(), recent.as_deref());
    let changes = changes(host, &lock.log().of(part), known)?;
    let applied = apply(host, lock, head.clone(), &changes, mode)?;
    // A claim that was renewed late looks held, though others were at work meanwhile.
    if !lock.is_held_since(head.as_deref())? {
        return Ok(None);
    }
    let head = applied.index.into_record();
    set_head(host, lock, part, &head)?;
    look()?;
    let is_surprised = applied.is_surprised;
    let advance = Advance { head, is_surprised };
    Ok(lock.is_held()?.then_some(advance))
}

/// Writes the leaves of the index that has the changes, and keeps the lock meanwhile.
fn apply<H: Host>(
    host: &H,
    lock: &mut Lock<'_, H>,
    head: Option<Vec<u8>>,
    changes: &[Change],
    mode: Mode,
) -> Result<Applied, WriteError> {
    let mut failed = None;
    let mut renew = || {
        lock.renew().map_err(|error| {
            let told = StoreError(error.to_string());
            failed = Some(error);
            told
        })
    };
    let index = Index::open_to_write(head)?;
    let applied = index.apply(host, changes, mode, host.now(), &mut renew);
    match (applied, failed) {
        (Err(_), Some(error)) => Err(error),
        (applied, _) => Ok(applied?),
    }
}

fn set_head<H: Host>(
    host: &H,
    lock: &mut Lock<'_, H>,
    done: &Log,
    head: &[u8],
) -> Result<(), WriteError> {
    let entries = [
        (Key::Recent.into(), lock.recent_with(done)),
        (Key::Head.into(), head.to_vec()),
    ];
    Ok(host.set_many(&entries)?)
}

/// What the index has to learn of the documents in a log.
fn changes(host: &impl Host, log: &Log, known: &Known) -> Result<Vec<Change>, WriteError> {
    let mut changes = Vec::new();
    let mut unknown: Vec<(&DocId, &Footprint)> = Vec::new();
    for (id, footprint) in log.iter() {
        match known.get(id) {
            Some(new) => changes.push(repair::change(id, footprint.clone(), new.clone())),
            None => unknown.push((id, footprint)),
        }
    }
    changes.extend(repair::repair(host, &unknown)?);
    Ok(changes)
}
