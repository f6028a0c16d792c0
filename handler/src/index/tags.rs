//! The tag table: every tag with its name and the series of its posts, by slug, in chunks.

use super::node::{Node, NodeName, fetch};
use super::page::{self, Page};
use super::series::Series;
use super::years::counts;
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
    /// The series, still encoded: one tag is looked for and the others are passed over.
    #[serde(borrow)]
    series: Cow<'a, [u8]>,
}

impl Index {
    /// Page `number` of the posts under a tag; `None` too if no visible post has it. Two
    /// round trips.
    pub fn tag_page(
        &self,
        store: &impl Store,
        tag: &str,
        number: usize,
        per_page: usize,
        t: i64,
    ) -> Result<Option<TagPage>, IndexError> {
        let Some(chunk) = self.head.tags.get(chunk_of(&self.head.tags, tag)) else {
            return Ok(None);
        };
        for node in fetch(store, &[chunk.node])? {
            for row in node.items::<Row<'_>>() {
                let row = row?;
                if row.slug == tag {
                    let series = row.series(&node)?;
                    let leaves: Vec<_> = series.leaves.iter().collect();
                    let page = page::read(store, &leaves, number, per_page, t)?;
                    let shown = page.filter(|page| page.total > 0);
                    return Ok(shown.map(|page| TagPage {
                        tag: row.tag(),
                        page,
                    }));
                }
            }
        }
        Ok(None)
    }

    /// The tags that have visible posts, by slug. Two round trips at most.
    pub fn tags(&self, store: &impl Store, t: i64) -> Result<Vec<TagCount>, IndexError> {
        let names: Vec<_> = self.head.tags.iter().map(|chunk| chunk.node).collect();
        let nodes = fetch(store, &names)?;
        let mut tags = Vec::new();
        let mut leaves = Vec::new();
        for node in &nodes {
            for row in node.items::<Row<'_>>() {
                let row = row?;
                let series = row.series(node)?;
                leaves.extend(series.leaves.into_iter().map(|leaf| (tags.len(), leaf)));
                let tag = row.tag();
                tags.push(TagCount { tag, count: 0 });
            }
        }
        let refs: Vec<_> = leaves.iter().map(|(_, leaf)| leaf).collect();
        let counted = counts::<Tagged<'static>>(store, &refs, t)?;
        for ((tag, _), count) in leaves.iter().zip(counted) {
            tags[*tag].count += count;
        }
        tags.retain(|tag| tag.count > 0);
        Ok(tags)
    }
}

impl Row<'_> {
    pub(super) fn new(slug: String, name: String, series: &Series) -> Row<'static> {
        let encoded = postcard::to_allocvec(series)
            .expect("a series is plain data, which postcard always encodes");
        Row {
            slug: slug.into(),
            name: name.into(),
            series: encoded.into(),
        }
    }

    /// The series of the row, which stands in `node`.
    pub(super) fn series(&self, node: &Node) -> Result<Series, IndexError> {
        let series = postcard::from_bytes(&self.series).ok();
        series.ok_or_else(|| super::node::damaged(node.name))
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
