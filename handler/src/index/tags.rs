//! The tag table: every tag with its name and the series of its posts, by slug, in chunks.

use super::entry::Facts;
use super::node::{Node, NodeName, fetch};
use super::page::{self, Page};
use super::series::LeafRef;
use super::tag_series::TagSeries;
use super::years;
use super::{Index, IndexError, Tag, Tagged};
use crate::store::Store;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// A page of the posts under a tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagPage {
    /// The tag.
    pub tag: Tag,
    /// Its posts.
    pub page: Page<Tagged<'static>>,
}

/// All tags of an index.
#[derive(Debug, Clone)]
pub struct TagTable(Vec<ChunkRef>);

/// A tag and how many posts a visitor finds under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagCount {
    /// The tag.
    pub tag: Tag,
    /// Its visible posts.
    pub count: usize,
}

/// A chunk of the table as the head sees it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct ChunkRef {
    /// The slug of its first tag.
    pub(super) first: String,
    pub(super) node: NodeName,
    /// When the numbers of its leaves cease to be right.
    pub(super) changes_at: Option<i64>,
}

/// A tag in its chunk.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Row<'a> {
    #[serde(borrow)]
    pub(super) slug: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) name: Cow<'a, str>,
    /// Its posts, still encoded: one tag is looked for and the others are passed over.
    #[serde(borrow)]
    posts: Cow<'a, [u8]>,
}

impl Index {
    /// The table; whoever reads it needs nothing else of the index.
    pub fn tag_table(&self) -> TagTable {
        TagTable(self.head.tags.clone())
    }
}

impl TagTable {
    /// Page `number` of the posts under a tag; `None` too if no visible post has it. Two
    /// round trips.
    pub fn page(
        &self,
        store: &impl Store,
        tag: &str,
        number: usize,
        per_page: usize,
        t: i64,
    ) -> Result<Option<TagPage>, IndexError> {
        let Some((tag, posts)) = self.tag(store, tag)? else {
            return Ok(None);
        };
        let page = page::read(store, &posts.parts(), number, per_page, t)?;
        let shown = page.filter(|page| page.total > 0);
        Ok(shown.map(|page| TagPage { tag, page }))
    }

    /// A tag and its posts; the chunk it stands in is gone before leaves are read.
    fn tag(&self, store: &impl Store, slug: &str) -> Result<Option<(Tag, TagSeries)>, IndexError> {
        let Some(chunk) = self.0.get(chunk_of(&self.0, slug)) else {
            return Ok(None);
        };
        for node in fetch(store, &[chunk.node])? {
            for row in node.items::<Row<'_>>() {
                let row = row?;
                if row.slug == slug {
                    return Ok(Some((row.tag(), row.posts(&node)?)));
                }
            }
        }
        Ok(None)
    }

    /// The tags that have visible posts, by slug. Three round trips at most: half of the table
    /// is in memory at a time, and stale leaves are counted again.
    pub fn counts(&self, store: &impl Store, t: i64) -> Result<Vec<TagCount>, IndexError> {
        let mut tags = Vec::new();
        // Of some hundred leaves only those are kept that have to be counted again.
        let mut stale = Vec::new();
        let half = self.0.len().div_ceil(2).max(1);
        for chunks in self.0.chunks(half) {
            let names: Vec<_> = chunks.iter().map(|chunk| chunk.node).collect();
            for node in fetch(store, &names)? {
                count(&node, t, &mut tags, &mut stale)?;
            }
        }
        let refs: Vec<_> = stale.iter().map(|(_, leaf)| leaf).collect();
        let counted = years::counts::<Tagged<'static>>(store, &refs, t)?;
        for ((tag, _), count) in stale.iter().zip(counted) {
            tags[*tag].count += count;
        }
        tags.retain(|tag| tag.count > 0);
        Ok(tags)
    }
}

/// Adds the tags of a chunk, and for those that have some their stale leaves.
fn count(
    node: &Node,
    t: i64,
    tags: &mut Vec<TagCount>,
    stale: &mut Vec<(usize, LeafRef)>,
) -> Result<(), IndexError> {
    for row in node.items::<Row<'_>>() {
        let row = row?;
        let TagSeries { series, fresh } = row.posts(node)?;
        let leaves = series.leaves.into_iter();
        let (old, right): (Vec<_>, Vec<_>) = leaves.partition(|leaf| leaf.stale(t));
        let fresh = fresh.iter().filter(|post| post.visible(t)).count();
        let count = right.iter().map(LeafRef::visible).sum::<usize>() + fresh;
        stale.extend(old.into_iter().map(|leaf| (tags.len(), leaf)));
        let tag = row.tag();
        tags.push(TagCount { tag, count });
    }
    Ok(())
}

impl Row<'_> {
    pub(super) fn new(slug: String, name: String, posts: &TagSeries) -> Row<'static> {
        Row {
            slug: slug.into(),
            name: name.into(),
            posts: posts.encode().into(),
        }
    }

    /// The posts of the row, which stands in `node`.
    pub(super) fn posts(&self, node: &Node) -> Result<TagSeries, IndexError> {
        let posts = TagSeries::decode(&self.posts).ok();
        posts.ok_or_else(|| super::node::damaged(node.name))
    }

    fn tag(&self) -> Tag {
        Tag {
            slug: self.slug.clone().into_owned(),
            name: self.name.clone().into_owned(),
        }
    }
}

/// The chunk in which a tag stands, or would.
pub(super) fn chunk_of(chunks: &[ChunkRef], tag: &str) -> usize {
    chunks
        .partition_point(|chunk| chunk.first.as_str() <= tag)
        .saturating_sub(1)
}
