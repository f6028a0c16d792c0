//! The index: which posts there are and in what order, for any moment, in a few reads.
//!
//! It is derived from the posts and can be rebuilt from them. Immutable nodes, named by the
//! hash of their bytes, hang from `head`; a write adds nodes and then replaces `head`, so a
//! reader sees the old index or the new one. It holds no post and no text of a list page.

mod change;
mod entry;
mod error;
mod key;
mod node;

pub use change::{Change, Place, Placed, Tag};
pub use entry::{Kind, Listed, State, Tagged};
pub use error::IndexError;
pub use node::NodeName;

use crate::store::Store;
use std::collections::HashSet;

/// The index as one head describes it.
pub struct Index {}

/// A part of a list, as visitors page through it.
pub struct Page<E> {
    /// The entries of this page.
    pub entries: Vec<E>,
    /// Its number, from 1.
    pub number: usize,
    /// How many pages there are.
    pub pages: usize,
    /// How many entries there are on all of them.
    pub total: usize,
}

/// A page of the posts under a tag.
pub struct TagPage {
    /// The tag.
    pub tag: Tag,
    /// Its posts.
    pub page: Page<Tagged<'static>>,
}

/// A tag and how many posts a visitor finds under it.
pub struct TagCount {
    /// The tag.
    pub tag: Tag,
    /// Its visible posts.
    pub count: usize,
}

/// The posts beside a post.
pub struct Neighbours {
    /// The next one back in time.
    pub older: Option<Listed<'static>>,
    /// The next one forward in time.
    pub newer: Option<Listed<'static>>,
}

/// A part of everything the index names, visible or not.
pub struct Listing {
    /// Posts, then drafts, then pages.
    pub entries: Vec<Listed<'static>>,
    /// Where the next part begins; `None` after the last.
    pub cursor: Option<String>,
}

/// The outcome of a write; nothing of it is visible until `head` is set.
pub struct Applied {
    /// The value to set under `head`, last.
    pub head: Vec<u8>,
    /// Nodes written.
    pub nodes: usize,
    /// Bytes of those nodes.
    pub bytes: usize,
}

impl Index {
    /// The index of a blog without posts.
    pub fn empty() -> Self {
        todo!()
    }
    /// Reads the value of `head`.
    pub fn open(_head: &[u8]) -> Result<Self, IndexError> {
        todo!()
    }
    /// Grows by one with every write.
    pub fn generation(&self) -> u64 {
        todo!()
    }
    /// Differs whenever the index differs.
    pub fn hash(&self) -> u128 {
        todo!()
    }
    /// Page `number` of the posts at the moment `t`; `None` beyond the last.
    pub fn page(
        &self,
        _store: &impl Store,
        _number: usize,
        _per_page: usize,
        _t: i64,
    ) -> Result<Option<Page<Listed<'static>>>, IndexError> {
        todo!()
    }
    /// Page `number` of the posts of a year.
    pub fn year_page(
        &self,
        _store: &impl Store,
        _year: i16,
        _number: usize,
        _per_page: usize,
        _t: i64,
    ) -> Result<Option<Page<Listed<'static>>>, IndexError> {
        todo!()
    }
    /// Page `number` of the posts under a tag; `None` too if no visible post has it.
    pub fn tag_page(
        &self,
        _store: &impl Store,
        _tag: &str,
        _number: usize,
        _per_page: usize,
        _t: i64,
    ) -> Result<Option<TagPage>, IndexError> {
        todo!()
    }
    /// The tags that have visible posts, by slug.
    pub fn tags(&self, _store: &impl Store, _t: i64) -> Result<Vec<TagCount>, IndexError> {
        todo!()
    }
    /// The visible posts beside the place of a post, which need not be visible itself.
    pub fn neighbours(
        &self,
        _store: &impl Store,
        _date: i64,
        _slug: &str,
        _t: i64,
    ) -> Result<Neighbours, IndexError> {
        todo!()
    }
    /// The years that have visible posts, latest first, and how many.
    pub fn years(&self, _store: &impl Store, _t: i64) -> Result<Vec<(i16, usize)>, IndexError> {
        todo!()
    }
    /// How many files the sitemap has; at least one.
    pub fn sitemap_files(&self) -> usize {
        todo!()
    }
    /// The visible posts of sitemap file `number`, from 1; `None` beyond the last.
    pub fn sitemap(
        &self,
        _store: &impl Store,
        _number: usize,
        _t: i64,
    ) -> Result<Option<Vec<Listed<'static>>>, IndexError> {
        todo!()
    }
    /// Everything, for programs: posts of any state, drafts and pages, at most 500 a part.
    pub fn listing(
        &self,
        _store: &impl Store,
        _cursor: Option<&str>,
        _limit: usize,
    ) -> Result<Listing, IndexError> {
        todo!()
    }
    /// All pages (about, imprint) visible at `t`, by slug.
    pub fn pages_list(
        &self,
        _store: &impl Store,
        _t: i64,
    ) -> Result<Vec<Listed<'static>>, IndexError> {
        todo!()
    }
    /// Every node that this index needs, for the collection of the others.
    pub fn reachable(&self, _store: &impl Store) -> Result<HashSet<NodeName>, IndexError> {
        todo!()
    }
    /// Writes the nodes of the index that has `changes` (at most a few thousand).
    pub fn apply(
        &self,
        _store: &impl Store,
        _changes: &[Change],
        _now: i64,
    ) -> Result<Applied, IndexError> {
        todo!()
    }
    /// Writes the nodes of an index of exactly `posts`, in any order.
    pub fn rebuild(
        _store: &impl Store,
        _posts: impl IntoIterator<Item = Placed>,
        _now: i64,
    ) -> Result<Applied, IndexError> {
        todo!()
    }
}
