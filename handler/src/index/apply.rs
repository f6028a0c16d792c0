//! A write: the changes of a few posts become edits of the series they stand in. Applying a
//! change twice, or removing what is not there, changes nothing.

use super::change::Change;
use super::desk::Desk;
use super::edit::Edits;
use super::entry::{Entry, Facts, Kind, Listed, Tagged};
use super::head::Head;
use super::key::Key;
use super::series::Series;
use super::tag_edit::{TagEdits, edit_tags};
use super::tags::chunk_of;
use super::{Index, IndexError, Placed};
use crate::store::Store;
use std::collections::BTreeSet;

/// The outcome of a write; nothing of it is visible until `head` is set.
#[derive(Debug, Clone)]
pub struct Applied {
    /// The value to set under `head`, last.
    pub head: Vec<u8>,
    /// Nodes written.
    pub nodes: usize,
    /// Bytes of those nodes.
    pub bytes: usize,
}

/// Keys that the index may write for one post, the head among them. Whoever publishes writes
/// five more: the post, its card, and three times about the lock.
const KEYS_FOR_ONE_POST: usize = 11;
/// Posts of a rebuild that are applied at once, so that they fit the memory of one request.
const REBUILD_BATCH: usize = 4_000;

impl Index {
    /// Writes the nodes of the index that has `changes`, at most a few thousand at once.
    pub fn apply(
        &self,
        store: &impl Store,
        changes: &[Change],
        now: i64,
    ) -> Result<Applied, IndexError> {
        let plan = Plan::new(changes);
        let spare = match changes {
            [_] => KEYS_FOR_ONE_POST.saturating_sub(plan.keys(&self.head)),
            _ => usize::MAX,
        };
        let mut desk = Desk::new(store, now, spare);
        let head = Head {
            generation: self.head.generation + 1,
            written: now,
            posts: edit(&self.head.posts, plan.posts, &mut desk)?,
            drafts: edit(&self.head.drafts, plan.drafts, &mut desk)?,
            pages: edit(&self.head.pages, plan.pages, &mut desk)?,
            tags: edit_tags(&self.head.tags, plan.tags, &mut desk)?,
        };
        desk.flush()?;
        Ok(Applied {
            head: head.encode(),
            nodes: desk.nodes,
            bytes: desk.bytes,
        })
    }

    /// Writes the nodes of an index of exactly `posts`, in any order.
    pub fn rebuild(
        store: &impl Store,
        posts: impl IntoIterator<Item = Placed>,
        now: i64,
    ) -> Result<Applied, IndexError> {
        let mut changes = posts.into_iter().map(Change::put);
        let (mut nodes, mut bytes) = (0, 0);
        let mut index = Index::empty();
        loop {
            let batch: Vec<Change> = changes.by_ref().take(REBUILD_BATCH).collect();
            let applied = index.apply(store, &batch, now)?;
            nodes += applied.nodes;
            bytes += applied.bytes;
            if batch.len() < REBUILD_BATCH {
                return Ok(Applied {
                    nodes,
                    bytes,
                    ..applied
                });
            }
            index = Index::open(&applied.head)?;
        }
    }
}

fn edit(
    series: &Series,
    edits: Edits<Listed<'static>>,
    desk: &mut Desk<'_, impl Store>,
) -> Result<Series, IndexError> {
    desk.announce(series.needed(&edits, desk.now));
    series.edit(edits, desk)
}

/// The changes, sorted by the series they fall into.
#[derive(Default)]
struct Plan {
    posts: Edits<Listed<'static>>,
    drafts: Edits<Listed<'static>>,
    pages: Edits<Listed<'static>>,
    tags: TagEdits,
}

impl Plan {
    fn new(changes: &[Change]) -> Self {
        let mut plan = Plan::default();
        for change in changes {
            plan.remove(change);
            plan.put(change);
        }
        plan
    }

    fn remove(&mut self, change: &Change) {
        let Some(old) = &change.old else { return };
        let date = if old.kind == Kind::Post { old.date } else { 0 };
        let key = Key {
            date,
            slug: change.slug.as_str().into(),
        };
        if old.kind == Kind::Post {
            for tag in &old.tags {
                let row = self.tags.entry(tag.clone()).or_default();
                row.posts.insert(key.clone(), None);
            }
        }
        self.series(old.kind).insert(key, None);
    }

    fn put(&mut self, change: &Change) {
        let Some(Placed { listed, tags }) = &change.new else {
            return;
        };
        let key = listed.key();
        if listed.kind == Kind::Post {
            for tag in tags {
                let tagged = Tagged {
                    slug: listed.slug.clone(),
                    date: listed.date,
                    expires: listed.expires,
                };
                let row = self.tags.entry(tag.slug.clone()).or_default();
                row.name = Some(tag.name.clone());
                row.posts.insert(key.clone(), Some(Tagged::own(tagged)));
            }
        }
        let listed = Listed::own(listed.clone());
        self.series(listed.kind).insert(key, Some(listed));
    }

    fn series(&mut self, kind: Kind) -> &mut Edits<Listed<'static>> {
        match kind {
            Kind::Post => &mut self.posts,
            Kind::Draft => &mut self.drafts,
            Kind::Page => &mut self.pages,
        }
    }

    /// Keys that are written even if no node is divided.
    fn keys(&self, head: &Head) -> usize {
        let entries = self.posts.len() + self.drafts.len() + self.pages.len();
        let tags = self.tags.keys();
        let chunks: BTreeSet<_> = tags.map(|tag| chunk_of(&head.tags, tag)).collect();
        1 + entries + chunks.len()
    }
}
