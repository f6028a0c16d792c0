//! Brings the index up to date with the posts that the journal names: those just written, and
//! those that a publisher who died had begun.

use super::Failure;
use super::lock::{Intent, Lock};
use crate::compile::Options;
use crate::host::Host;
use crate::index::{self, Change, Index, Placed};
use crate::post::{self, Post};
use crate::record::RecordError;
use std::collections::BTreeMap;

/// What is known of documents without reading them, by kind (is it a page?) and slug.
pub(super) type Known = BTreeMap<(bool, String), Option<Placed>>;

/// Moves the index and gives the lock back.
pub(super) fn settle<'h, H: Host>(
    host: &'h H,
    mut lock: Lock<'h, H>,
    options: &Options,
    known: Known,
) -> Result<(), Failure> {
    loop {
        let changes = changes(host, lock.journal(), options, &known)?;
        let index = Index::of(host.get(index::HEAD_KEY)?.as_deref())?;
        let applied = index.apply(host, &changes, host.now())?;
        if lock.is_held()? {
            host.set(index::HEAD_KEY, applied.head)?;
            if lock.is_held()? {
                return Ok(lock.release()?);
            }
        }
        let unfinished = lock.journal().to_vec();
        lock = Lock::take(host)?;
        lock.intend(unfinished)?;
    }
}

fn changes(
    host: &impl Host,
    journal: &[Intent],
    options: &Options,
    known: &Known,
) -> Result<Vec<Change>, Failure> {
    journal
        .iter()
        .map(|intent| {
            let new = match known.get(&(intent.page, intent.slug.clone())) {
                Some(placed) => placed.clone(),
                None => found(host, intent, options)?,
            };
            Ok(Change {
                slug: intent.slug.clone(),
                old: intent.old.clone(),
                new,
            })
        })
        .collect()
}

/// Where a document that someone else was writing belongs now.
fn found(host: &impl Host, intent: &Intent, options: &Options) -> Result<Option<Placed>, Failure> {
    let kind = intent.kind();
    let Some(record) = host.get(&post::key(kind, &intent.slug))? else {
        return Ok(None);
    };
    match Post::decode(kind, &intent.slug, &record, options) {
        Ok(post) => Ok(Some(post.placed(kind, record.len()))),
        // A damaged post is in no list; publishing it again mends both.
        Err(RecordError::Damaged { .. }) => Ok(None),
        Err(newer) => Err(newer.into()),
    }
}
