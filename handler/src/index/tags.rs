//! The table of tags: every tag with its name and the series of its posts, by slug.

use super::head::Index;
use super::item::{Item, SortKey};
use super::leaf::{Leaf, fetch};
use super::leaf_ref::{LeafRef, ListId};
use super::page::{self, Page, Selection};
use super::series::Series;
use crate::document::Tag;
use crate::error::ReadError;
use crate::store::Store;
use serde::Serialize;

/// A page of the posts under a tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagPage {
    pub tag: Tag,
    pub posts: Page<TaggedPost>,
}

/// A post under a tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaggedPost {
    pub slug: String,
    pub date: i64,
    pub expires: Option<i64>,
}

/// All tags of an index; whoever reads it needs nothing else of the index.
#[derive(Debug, Clone)]
pub struct TagTable(Series<'static>);

/// A tag and how many posts a visitor finds under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagCount {
    pub tag: Tag,
    pub count: usize,
}

/// What the table says of one tag.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct TagRow {
    pub(super) name: String,
    pub(super) posts: Series<'static>,
    /// Posts that came last and stand in no leaf yet, in order: a post with ten tags would cost
    /// ten leaves, and the table is written for each of them anyway.
    pub(super) fresh: Vec<Item<'static>>,
}

impl TagRow {
    pub(super) fn decode(item: &Item<'_>) -> Option<Self> {
        let (name, rest) = postcard::take_from_bytes(&item.data).ok()?;
        let (posts, rest): (Series<'_>, _) = postcard::take_from_bytes(rest).ok()?;
        let fresh: Vec<Item<'_>> = postcard::from_bytes(rest).ok()?;
        Some(Self {
            name,
            posts: posts.into_owned(),
            fresh: fresh.into_iter().map(Item::into_owned).collect(),
        })
    }

    pub(super) fn to_item(&self, slug: &str) -> Item<'static> {
        let data = postcard::to_allocvec(self)
            .expect("a row is plain data, which postcard always encodes");
        Item {
            date: 0,
            slug: slug.to_owned().into(),
            year: 0,
            expires: None,
            data: data.into(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.posts.is_empty() && self.fresh.is_empty()
    }

    fn tag(&self, slug: &str) -> Tag {
        Tag {
            name: self.name.clone(),
            slug: slug.to_owned(),
        }
    }

    fn count_visible(&self, t: i64) -> usize {
        let fresh = self.fresh.iter().filter(|item| item.is_visible(t)).count();
        self.posts.count_visible(t) + fresh
    }
}

impl Index {
    /// The tags of posts.
    pub fn tag_table(&self) -> TagTable {
        TagTable(self.head().tags.into_owned())
    }
}

impl TagTable {
    /// Page `number` of the posts under a tag; `None` too if no visible post has it. Two round
    /// trips.
    pub fn page(
        &self,
        store: &impl Store,
        tag: &str,
        number: usize,
        per_page: usize,
        t: i64,
    ) -> Result<Option<TagPage>, ReadError> {
        let Some(row) = self.row(store, tag)? else {
            return Ok(None);
        };
        let list = ListId::Tagged(tag);
        let selection = Selection::all(list, &row.posts, &row.fresh, t);
        let post = |item: &Item<'_>| {
            Some(TaggedPost {
                slug: item.slug.to_string(),
                date: item.date,
                expires: item.expires,
            })
        };
        let page = page::read(store, &selection, number, per_page, post)?;
        let shown = page.filter(|page| page.total > 0);
        Ok(shown.map(|posts| TagPage {
            tag: row.tag(tag),
            posts,
        }))
    }

    /// What the table says of a tag; the leaf it stands in is gone before others are read.
    pub(super) fn row(&self, store: &impl Store, slug: &str) -> Result<Option<TagRow>, ReadError> {
        let leaf = self.0.find(ListId::Tags, &SortKey::by_slug(slug));
        for leaf in fetch(store, ListId::Tags, leaf.as_slice())? {
            for item in leaf.items() {
                let item = item?;
                if item.slug == slug {
                    let row = TagRow::decode(&item);
                    return row.map(Some).ok_or_else(|| leaf.damaged());
                }
            }
        }
        Ok(None)
    }

    /// The first tag from about `from` on that is wanted.
    pub(super) fn first_row(
        &self,
        store: &impl Store,
        from: &str,
        is_wanted: impl Fn(&str) -> bool,
    ) -> Result<Option<(String, TagRow)>, ReadError> {
        let from = SortKey::by_slug(from);
        for leaf in self.0.leaves_from(ListId::Tags, &from) {
            for leaf in fetch(store, ListId::Tags, &[leaf])? {
                for item in leaf.items() {
                    let item = item?;
                    if is_wanted(&item.slug) {
                        let row = TagRow::decode(&item).ok_or_else(|| leaf.damaged())?;
                        return Ok(Some((item.slug.into_owned(), row)));
                    }
                }
            }
        }
        Ok(None)
    }

    /// The tags that have visible posts, by slug. Two round trips at most: half of the table
    /// is in memory at a time.
    pub fn counts(&self, store: &impl Store, t: i64) -> Result<Vec<TagCount>, ReadError> {
        let mut tags = Vec::new();
        self.each(store, |slug, row| {
            let count = row.count_visible(t);
            if count > 0 {
                let tag = row.tag(slug);
                tags.push(TagCount { tag, count });
            }
        })?;
        Ok(tags)
    }

    /// Goes through the tags, by slug.
    pub(super) fn each(
        &self,
        store: &impl Store,
        mut visit: impl FnMut(&str, &TagRow),
    ) -> Result<(), ReadError> {
        let leaves: Vec<LeafRef> = self.0.leaves().collect();
        for chunk in leaves.chunks(leaves.len().div_ceil(2).max(1)) {
            for leaf in fetch(store, ListId::Tags, chunk)? {
                each_row(&leaf, &mut visit)?;
            }
        }
        Ok(())
    }
}

fn each_row(leaf: &Leaf, visit: &mut impl FnMut(&str, &TagRow)) -> Result<(), ReadError> {
    for item in leaf.items() {
        let item = item?;
        let row = TagRow::decode(&item).ok_or_else(|| leaf.damaged())?;
        visit(&item.slug, &row);
    }
    Ok(())
}
