//! The posts before and after a post, in one round trip: beside the post's own leaf the next
//! ones are read only where the post stands at an edge, or where its leaf hides some.

use super::entry::{IndexEntry, List};
use super::head::Index;
use super::item::SortKey;
use super::leaf::fetch;
use super::series::{LeafRef, ListId};
use crate::error::ReadError;
use crate::store::Store;

/// The posts beside a post.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Neighbours {
    /// The next one back in time.
    pub older: Option<IndexEntry<'static>>,
    /// The next one forward in time.
    pub newer: Option<IndexEntry<'static>>,
}

/// A place in the index, and the leaves that tell what is beside it. It owns its data, so that
/// the index can be dropped before the leaves are read.
#[derive(Debug)]
pub struct Surroundings {
    key: SortKey,
    t: i64,
    leaves: Vec<LeafRef>,
}

impl Surroundings {
    /// The visible posts beside the place; what is at the place need not be visible.
    pub fn neighbours(&self, store: &impl Store) -> Result<Neighbours, ReadError> {
        let leaves: Vec<&LeafRef> = self.leaves.iter().collect();
        let leaves = fetch(store, ListId::Posts, &leaves)?;
        let own = |item: &_| IndexEntry::of_item(List::Posts, item).map(IndexEntry::into_owned);
        let mut newer = None;
        for item in leaves.iter().flat_map(|leaf| leaf.items()) {
            let item = item?;
            let order = self.key.cmp_to(item.date, &item.slug);
            if !item.is_visible(self.t) || order.is_eq() {
                continue;
            }
            if order.is_lt() {
                return Ok(Neighbours {
                    older: own(&item),
                    newer: newer.as_ref().and_then(own),
                });
            }
            newer = Some(item);
        }
        Ok(Neighbours {
            older: None,
            newer: newer.as_ref().and_then(own),
        })
    }
}

impl Index {
    /// What is around a post at the moment `t`.
    pub fn surroundings(&self, date: i64, slug: &str, t: i64) -> Surroundings {
        let key = SortKey::new(date, slug);
        let posts = &self.head().posts;
        let visible = posts.visible(t);
        let shows = |at: &usize| visible[*at].all > 0;
        let before = posts.leaves_before(ListId::Posts, &key);
        let own = posts.locate(ListId::Posts, &key);
        // Where all of a leaf is shown, it holds the neighbour on each side where it goes on.
        let leaf = own.map(|at| &posts.leaves[at]);
        let whole = leaf.filter(|leaf| own.is_some_and(|at| leaf.items == visible[at].all));
        let has_newer = whole.is_some_and(|leaf| date < leaf.newest);
        let has_older = whole.is_some_and(|leaf| leaf.oldest < date);
        let mut wanted: Vec<usize> = own.into_iter().collect();
        if !has_newer {
            wanted.extend((0..own.unwrap_or(before)).rev().find(shows));
        }
        if !has_older {
            wanted.extend((before..posts.leaves.len()).find(shows));
        }
        wanted.sort_unstable();
        Surroundings {
            key,
            t,
            leaves: wanted.iter().map(|at| posts.leaves[*at].clone()).collect(),
        }
    }
}
