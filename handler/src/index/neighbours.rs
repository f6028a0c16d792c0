//! The posts before and after a post, in one round trip: beside the post's own leaf the next
//! ones are read only where the post stands at an edge, or where its leaf hides some.

use super::entry::{IndexEntry, List};
use super::head::Index;
use super::item::SortKey;
use super::leaf::fetch;
use super::leaf_ref::{LeafRef, ListId, Visible};
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
        let leaves = fetch(store, ListId::Posts, &self.leaves)?;
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
        let month = ListId::Posts.month_of(&key);
        let shows = |(_, visible): &(LeafRef, Visible)| visible.all > 0;
        let mut newer: Option<(LeafRef, Visible)> = None;
        let mut begun = None;
        let mut older = None;
        for leaf in self.head().posts.leaves_at(t) {
            if leaf.0.has_begun(month, &key) {
                newer = begun.replace(leaf).filter(shows).or(newer);
            } else if shows(&leaf) {
                older = Some(leaf);
                break;
            }
        }
        let own = begun.take_if(|(leaf, _)| leaf.month == month);
        newer = begun.filter(shows).or(newer);
        // Where all of a leaf is shown, it holds the neighbour on each side where it goes on.
        let whole = own.as_ref();
        let whole = whole.filter(|(leaf, visible)| leaf.items == visible.all);
        let has_newer = whole.is_some_and(|(leaf, _)| date < leaf.newest);
        let has_older = whole.is_some_and(|(leaf, _)| leaf.oldest < date);
        newer.take_if(|_| has_newer);
        older.take_if(|_| has_older);
        let leaves = [newer, own, older].into_iter().flatten();
        Surroundings {
            key,
            t,
            leaves: leaves.map(|(leaf, _)| leaf).collect(),
        }
    }
}
