//! What publishing asks of the index: where a document may stand, and what shall stand now.

use super::buffer::LeafBuffer;
use super::edit::Edits;
use super::entry::{IndexEntry, List};
use super::head::{Head, Index};
use super::item::{Item, SortKey};
use super::leaf_ref::ListId;
use super::series::Series;
use super::tag_edit::{TagEditor, TagEdits, UNCOUNTED};
use crate::document::Tag;
use crate::error::ReadError;
use crate::store::{Store, StoreError};
use serde::{Deserialize, Serialize};

/// One document put, moved, changed or removed.
#[derive(Debug, Clone)]
pub struct Change {
    pub slug: String,
    /// Wherever the index may have it, beside where it shall stand.
    pub old: Vec<Position>,
    /// What shall stand there; `None` removes it.
    pub new: Option<IndexedPost>,
}

/// Where a document stands, so that it is found without a search.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    pub list: List,
    pub date: i64,
    /// The slugs of its tags.
    pub tags: Vec<String>,
}

/// An entry and the tags that it stands under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexedPost {
    pub entry: IndexEntry<'static>,
    /// Its tags; those of drafts and pages are not listed.
    pub tags: Vec<Tag>,
}

/// The outcome of a write, of which `head` is not set yet.
#[derive(Debug, Clone)]
pub struct Applied {
    /// The index to set under `head`, last.
    pub index: Index,
    /// Whether a leaf was found that is not the one `head` names: a write before this one was
    /// cut short, or a late one came after it.
    pub is_surprised: bool,
}

/// How many leaves a write of one post may replace. Beside them stand its source, page, card and
/// feed item, the lock twice, what was written of late, and `head`: 16 keys in all.
const LEAVES_FOR_ONE_POST: usize = 8;
/// Of those, what its month and the table of tags may take beside what they touch: any of them
/// may have to be cut.
const LEAVES_FOR_CUTS: usize = 3;

impl Change {
    /// Puts an entry of which nothing stands in the index, or the same at the same place.
    pub fn put(new: IndexedPost) -> Self {
        Change {
            slug: new.entry.slug.to_string(),
            old: Vec::new(),
            new: Some(new),
        }
    }
}

impl IndexedPost {
    pub fn position(&self) -> Position {
        Position {
            list: self.entry.list,
            date: self.entry.date,
            tags: self.tags.iter().map(|tag| tag.slug.clone()).collect(),
        }
    }
}

impl Position {
    fn sort_key(&self, slug: &str) -> SortKey {
        let is_post = self.list == List::Posts;
        SortKey::new(if is_post { self.date } else { 0 }, slug)
    }
}

/// How a write treats what it finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// A damaged leaf is an error: what it held would be lost.
    Publish,
    /// A damaged leaf counts as empty: all documents are put again.
    Rebuild,
}

impl Index {
    /// Writes the leaves of the index that has `changes`. `before_write` is called before each
    /// group of leaves.
    pub fn apply(
        &self,
        store: &impl Store,
        changes: &[Change],
        mode: Mode,
        now: i64,
        before_write: &mut dyn FnMut() -> Result<(), StoreError>,
    ) -> Result<Applied, ReadError> {
        let plan = Plan::new(changes);
        let mut buffer = LeafBuffer::new(store, mode == Mode::Rebuild, before_write);
        let edit = |series: &Series<'_>, list, mut edits: Edits, buffer: &mut LeafBuffer<'_, _>| {
            let keys: Vec<SortKey> = edits.keys().cloned().collect();
            buffer.announce(series.decode().touched(list, &keys));
            series.edited(list, &keys, &mut edits, buffer, now)
        };
        let head = self.head();
        let posts = edit(&head.posts, ListId::Posts, plan.posts, &mut buffer)?;
        let drafts = edit(&head.drafts, ListId::Drafts, plan.drafts, &mut buffer)?;
        let pages = edit(&head.pages, ListId::Pages, plan.pages, &mut buffer)?;
        let keys: Vec<SortKey> = plan.tags.keys().map(|tag| SortKey::by_slug(tag)).collect();
        let touched = head.tags.decode().touched(ListId::Tags, &keys);
        let spare = match changes {
            [_] => LEAVES_FOR_ONE_POST.saturating_sub(LEAVES_FOR_CUTS + touched.len()),
            _ => UNCOUNTED,
        };
        buffer.announce(touched);
        let mut editor = TagEditor::new(plan.tags, spare, now);
        let tags = head
            .tags
            .edited(ListId::Tags, &keys, &mut editor, &mut buffer, now)?;
        buffer.flush()?;
        let head = Head {
            written: now,
            posts,
            drafts,
            pages,
            tags,
            ..head
        };
        Ok(Applied {
            index: Index::of_head(&head),
            is_surprised: buffer.is_surprised,
        })
    }
}

/// The changes, sorted by the list they fall into.
#[derive(Default)]
struct Plan {
    posts: Edits,
    drafts: Edits,
    pages: Edits,
    tags: TagEdits,
}

impl Plan {
    fn new(changes: &[Change]) -> Self {
        let mut plan = Plan::default();
        for change in changes {
            for old in &change.old {
                plan.remove(&change.slug, old);
            }
            if let Some(new) = &change.new {
                plan.put(new);
            }
        }
        plan
    }

    fn remove(&mut self, slug: &str, old: &Position) {
        let key = old.sort_key(slug);
        if old.list == List::Posts {
            for tag in &old.tags {
                let tag = self.tags.entry(tag.clone()).or_default();
                tag.posts.insert(key.clone(), None);
            }
        }
        self.list(old.list).insert(key, None);
    }

    fn put(&mut self, new: &IndexedPost) {
        let item = new.entry.to_item();
        let key = item.key();
        if new.entry.list == List::Posts {
            for tag in &new.tags {
                let post = Item {
                    year: 0,
                    data: Vec::new().into(),
                    ..item.clone()
                };
                let edit = self.tags.entry(tag.slug.clone()).or_default();
                edit.name = Some(tag.name.clone());
                edit.posts.insert(key.clone(), Some(post));
            }
        }
        self.list(new.entry.list).insert(key, Some(item));
    }

    fn list(&mut self, list: List) -> &mut Edits {
        match list {
            List::Posts => &mut self.posts,
            List::Drafts => &mut self.drafts,
            List::Pages => &mut self.pages,
        }
    }
}
