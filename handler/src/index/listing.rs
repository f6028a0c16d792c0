//! Everything that the index names, for programs: an owner's list, a publisher that compares
//! hashes, a check. It looks at no clock, so what is scheduled or expired is there too.

use super::IndexedPost;
use super::entry::{IndexEntry, List};
use super::head::{Head, Index};
use super::item::{Item, SortKey};
use super::leaf::fetch;
use super::leaf_ref::{LeafRef, Leaves, ListId};
use super::series::Series;
use crate::error::ReadError;
use crate::store::Store;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// A part of everything the index names, visible or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// Posts, then drafts, then pages.
    pub entries: Vec<IndexEntry<'static>>,
    /// Where the next part begins; `None` after the last.
    pub next: Option<Cursor>,
}

/// The place behind which a part of a listing begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    list: List,
    after: Option<SortKey>,
}

/// The most entries of one part.
const MAX_ENTRIES: usize = 500;

/// The leaves of pages that one round trip reads: some hundred pages, and few blogs have ten.
const LEAVES_OF_PAGES: usize = 3;

const LISTS: [List; 3] = [List::Posts, List::Drafts, List::Pages];

impl Cursor {
    /// The beginning of a list.
    pub fn start_of(list: List) -> Self {
        Self { list, after: None }
    }

    pub fn parse(text: &str) -> Option<Self> {
        let (list, place) = text.split_once(':')?;
        let list = LISTS.into_iter().find(|known| word(*known) == list)?;
        let after = match place.split_once(':') {
            Some((date, slug)) => Some(SortKey::new(date.parse().ok()?, slug)),
            None => None,
        };
        Some(Self { list, after })
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", word(self.list))?;
        match &self.after {
            Some(SortKey { date, slug }) => write!(f, "{date}:{slug}"),
            None => Ok(()),
        }
    }
}

fn word(list: List) -> &'static str {
    match list {
        List::Posts => "posts",
        List::Drafts => "drafts",
        List::Pages => "pages",
    }
}

fn id(list: List) -> ListId<'static> {
    match list {
        List::Posts => ListId::Posts,
        List::Drafts => ListId::Drafts,
        List::Pages => ListId::Pages,
    }
}

impl Index {
    /// Posts of any state, drafts and pages, at most 500 a part, behind a cursor.
    pub fn listing(
        &self,
        store: &impl Store,
        cursor: Option<&Cursor>,
        limit: usize,
    ) -> Result<Listing, ReadError> {
        let limit = limit.clamp(1, MAX_ENTRIES);
        let first = cursor.map_or(List::Posts, |cursor| cursor.list);
        let mut entries = Vec::new();
        for list in LISTS.into_iter().filter(|list| *list >= first) {
            let after = cursor.filter(|cursor| cursor.list == list);
            let after = after.and_then(|cursor| cursor.after.as_ref());
            self.head()
                .entries_after(store, list, after, limit + 1, &mut entries)?;
            if entries.len() > limit {
                entries.truncate(limit);
                let next = entries.last().map(|last| Cursor {
                    list: last.list,
                    after: Some(last.to_item().key()),
                });
                return Ok(Listing { entries, next });
            }
        }
        Ok(Listing {
            entries,
            next: None,
        })
    }

    /// The pages (about, imprint) visible at `t`, by slug. One round trip.
    pub fn pages_list(
        &self,
        store: &impl Store,
        t: i64,
    ) -> Result<Vec<IndexEntry<'static>>, ReadError> {
        let pages = self.head().pages;
        let leaves: Vec<LeafRef> = pages.leaves().take(LEAVES_OF_PAGES).collect();
        let mut entries = Vec::new();
        for leaf in fetch(store, ListId::Pages, &leaves)? {
            for item in leaf.items() {
                let item = item?;
                let entry =
                    IndexEntry::of_item(List::Pages, &item).ok_or_else(|| leaf.damaged())?;
                if entry.state(t) == super::State::Published {
                    entries.push(entry.into_owned());
                }
            }
        }
        Ok(entries)
    }

    /// Which of the documents are not in the index exactly so, by their number.
    pub(crate) fn lacking(
        &self,
        store: &impl Store,
        documents: &[IndexedPost],
    ) -> Result<BTreeSet<usize>, ReadError> {
        let head = self.head();
        let lists = LISTS.map(|list| (list, head.series(list).decode()));
        let lists: BTreeMap<List, Leaves> = lists.into();
        let mut lacking: BTreeSet<usize> = (0..documents.len()).collect();
        let mut wanted: BTreeMap<(List, usize), Vec<usize>> = BTreeMap::new();
        for (at, document) in documents.iter().enumerate() {
            let list = document.entry.list;
            let key = document.entry.to_item().key();
            if let Some(leaf) = lists[&list].locate(id(list), &key) {
                wanted.entry((list, leaf)).or_default().push(at);
            }
        }
        for ((list, leaf), wanted) in wanted {
            let leaf = &lists[&list].0[leaf];
            for leaf in fetch(store, id(list), std::slice::from_ref(leaf))? {
                for item in leaf.items() {
                    let item = item?;
                    let is_same = |at: &&usize| documents[**at].entry.to_item() == item;
                    if let Some(at) = wanted.iter().find(is_same) {
                        lacking.remove(at);
                    }
                }
            }
        }
        lacking.extend(self.untagged(store, documents)?);
        Ok(lacking)
    }

    /// The posts that do not stand under all of their tags.
    fn untagged(
        &self,
        store: &impl Store,
        documents: &[IndexedPost],
    ) -> Result<BTreeSet<usize>, ReadError> {
        let mut by_tag: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, document) in documents.iter().enumerate() {
            if document.entry.list == List::Posts {
                for tag in &document.tags {
                    by_tag.entry(tag.slug.as_str()).or_default().push(at);
                }
            }
        }
        let table = self.tag_table();
        let mut missing = BTreeSet::new();
        for (tag, posts) in by_tag {
            let Some(row) = table.row(store, tag)? else {
                missing.extend(posts);
                continue;
            };
            let mut posts: BTreeMap<SortKey, usize> = posts
                .into_iter()
                .map(|at| (documents[at].entry.to_item().key(), at))
                .collect();
            let is_same = |item: &Item<'_>, at: usize| documents[at].entry.expires == item.expires;
            let pass = |item: &Item<'_>, posts: &mut BTreeMap<SortKey, usize>| {
                let key = item.key();
                if posts.get(&key).is_some_and(|at| is_same(item, *at)) {
                    posts.remove(&key);
                }
            };
            row.fresh.iter().for_each(|item| pass(item, &mut posts));
            let list = ListId::Tagged(tag);
            let leaves = row.posts.decode();
            let wanted: BTreeSet<usize> = posts
                .keys()
                .filter_map(|key| leaves.locate(list, key))
                .collect();
            for at in wanted {
                for leaf in fetch(store, list, std::slice::from_ref(&leaves.0[at]))? {
                    for item in leaf.items() {
                        pass(&item?, &mut posts);
                    }
                }
            }
            missing.extend(posts.into_values());
        }
        Ok(missing)
    }

    /// The keys of all leaves, for whoever collects the others.
    pub fn leaf_keys(&self, store: &impl Store) -> Result<BTreeSet<String>, ReadError> {
        let head = self.head();
        let mut keys = BTreeSet::new();
        let mut add = |list: ListId<'_>, series: &Series<'_>| {
            keys.extend(series.leaves().map(|leaf| list.key(&leaf)));
        };
        for list in LISTS {
            add(id(list), head.series(list));
        }
        add(ListId::Tags, &head.tags);
        let table = self.tag_table();
        table.each(store, |slug, row| add(ListId::Tagged(slug), &row.posts))?;
        Ok(keys)
    }
}

impl<'a> Head<'a> {
    fn series(&self, list: List) -> &Series<'a> {
        match list {
            List::Posts => &self.posts,
            List::Drafts => &self.drafts,
            List::Pages => &self.pages,
        }
    }

    /// Adds what stands in a list behind a place until there are `most` entries.
    fn entries_after(
        &self,
        store: &impl Store,
        list: List,
        after: Option<&SortKey>,
        most: usize,
        entries: &mut Vec<IndexEntry<'static>>,
    ) -> Result<(), ReadError> {
        let series = self.series(list);
        let leaves: &mut dyn Iterator<Item = LeafRef> = match after {
            Some(after) => &mut series.leaves_from(id(list), after),
            None => &mut series.leaves(),
        };
        for leaf in leaves {
            for leaf in fetch(store, id(list), &[leaf])? {
                for item in leaf.items() {
                    let item = item?;
                    let is_behind =
                        after.is_none_or(|after| after.cmp_to(item.date, &item.slug).is_lt());
                    if entries.len() < most && is_behind {
                        let entry = IndexEntry::of_item(list, &item);
                        entries.push(entry.ok_or_else(|| leaf.damaged())?.into_owned());
                    }
                }
            }
            if entries.len() >= most {
                break;
            }
        }
        Ok(())
    }
}
