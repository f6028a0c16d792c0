//! Brings the index up to date with the documents that the journal names: those just written,
//! and those that a publisher who died had begun.

use super::journal::{Journal, Left, Name};
use super::lock::{self, Lock};
use super::mend::mend;
use super::work::READ_TOGETHER;
use super::{Failure, reindex};
use crate::host::Host;
use crate::index::{self, Change, Index, Placed};
use crate::site::{self, Site};
use std::collections::BTreeMap;

/// What is known of documents without reading them.
pub(super) type Known = BTreeMap<Name, Option<Placed>>;

/// Takes the lock, and finishes what an earlier holder left undone before anything new begins.
pub(super) fn enter<'h, H: Host>(host: &'h H, wanted: &Journal) -> Result<Lock<'h, H>, Failure> {
    loop {
        let lock = Lock::take(host, wanted)?;
        if !lock.inherited {
            return Ok(lock);
        }
        settle(host, lock, Known::new(), || Ok(()))?;
    }
}

/// Moves the index and gives the lock back, after a last look at what was done under it.
pub(super) fn settle<'h, H: Host>(
    host: &'h H,
    mut lock: Lock<'h, H>,
    mut known: Known,
    mut look: impl FnMut() -> Result<(), Failure>,
) -> Result<(), Failure> {
    loop {
        lock.renew()?;
        let keys = [index::HEAD_KEY, lock::RECENT_KEY].map(str::to_owned);
        let mut found = host.get_many(&keys)?;
        let (recent, head) = (found.pop().flatten(), found.pop().flatten());
        lock.recall(head.as_deref(), recent.as_deref());
        let changes = changes(host, lock.journal(), &known)?;
        let applied = Index::of(head.as_deref())?.apply(host, &changes, host.now())?;
        let mut entries = vec![
            (lock::RECENT_KEY.to_owned(), lock.recent()),
            (index::HEAD_KEY.to_owned(), applied.head.clone()),
        ];
        entries.extend(reindex::follow(host, &changes)?);
        if lock.is_held()? {
            host.set_many(&entries)?;
            look()?;
            if lock.is_held()? {
                return lock.finish(&applied.head);
            }
        }
        // Someone else was at work meanwhile: what was known may be of yesterday.
        known.clear();
        lock = lock.retake()?;
    }
}

/// What the index has to learn of the documents in a journal.
pub(super) fn changes(
    host: &impl Host,
    journal: &Journal,
    known: &Known,
) -> Result<Vec<Change>, Failure> {
    let mut changes = Vec::new();
    let mut unknown: Vec<(&Name, &Left)> = Vec::new();
    for (name, left) in journal.iter() {
        match known.get(name) {
            Some(placed) => moves(name, left, placed.clone(), &mut changes),
            None => unknown.push((name, left)),
        }
    }
    if unknown.is_empty() {
        return Ok(changes);
    }
    let site = Site::decode(host.get(site::KEY)?.as_deref())?;
    let options = site.compile_options();
    for some in unknown.chunks(READ_TOGETHER) {
        for ((name, _), mended) in some.iter().zip(mend(host, some, &options)?) {
            moves(name, &mended.left, mended.placed, &mut changes);
        }
    }
    Ok(changes)
}

/// Removes a document from all places but the one where it belongs.
fn moves(name: &Name, left: &Left, new: Option<Placed>, changes: &mut Vec<Change>) {
    let now = new.as_ref().map(Placed::place);
    let mut former = left
        .places
        .iter()
        .filter(|place| Some(*place) != now.as_ref());
    let last = former.next();
    let change = |old, new| Change {
        slug: name.1.clone(),
        old,
        new,
    };
    changes.extend(former.map(|place| change(Some(place.clone()), None)));
    changes.push(change(last.cloned(), new));
}
