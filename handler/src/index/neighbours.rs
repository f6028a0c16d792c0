//! The posts before and after a post, in one round trip: beside the post's own leaf the next
//! ones are read only where the post stands at an edge, or what stands there may be hidden.

use super::entry::Facts;
use super::node::{NodeName, fetch};
use super::series::LeafRef;
use super::{Index, IndexError, Listed};
use crate::store::Store;
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// The posts beside a post.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Neighbours {
    /// The next one back in time.
    pub older: Option<Listed<'static>>,
    /// The next one forward in time.
    pub newer: Option<Listed<'static>>,
}

/// A place in the index, and the leaves that tell what is beside it.
#[derive(Debug)]
pub struct Surroundings<'a> {
    date: i64,
    slug: &'a str,
    t: i64,
    leaves: Vec<NodeName>,
}

impl Surroundings<'_> {
    /// The visible posts beside the place; what is at the place need not be visible.
    pub fn neighbours(&self, store: &impl Store) -> Result<Neighbours, IndexError> {
        let nodes = fetch(store, &self.leaves)?;
        let own = |listed: Listed<'_>| <Listed<'static> as super::entry::Entry>::own(listed);
        let mut newer = None;
        for listed in nodes.iter().flat_map(|node| node.items::<Listed<'_>>()) {
            let listed = listed?;
            let place = (Reverse(listed.date), &*listed.slug);
            let here = (Reverse(self.date), self.slug);
            if !listed.visible(self.t) || place == here {
                continue;
            }
            if place > here {
                return Ok(Neighbours {
                    older: Some(own(listed)),
                    newer: newer.map(own),
                });
            }
            newer = Some(listed);
        }
        Ok(Neighbours {
            older: None,
            newer: newer.map(own),
        })
    }
}

impl Index {
    /// What is around a post at the moment `t`. It holds nothing of the index, which may go before the leaves are
    /// read.
    pub fn surroundings<'a>(&self, date: i64, slug: &'a str, t: i64) -> Surroundings<'a> {
        let leaves = self.around(date, slug, t);
        Surroundings {
            date,
            slug,
            t,
            leaves: leaves.iter().map(|leaf| leaf.node).collect(),
        }
    }

    /// The leaf of the place and those that its neighbours may lie in, in order.
    fn around(&self, date: i64, slug: &str, t: i64) -> Vec<&LeafRef> {
        let leaves = &self.head.posts.leaves;
        let at = self.head.posts.locate(date, slug);
        let Some(leaf) = leaves.get(at) else {
            return Vec::new();
        };
        let mut wanted = BTreeSet::from([at]);
        let open = leaf.hides_some() || leaf.stale(t);
        if open || date >= leaf.first.date {
            wanted.extend(nearest(leaves, (0..at).rev(), t));
        }
        if open || date <= leaf.last_date {
            wanted.extend(nearest(leaves, at + 1..leaves.len(), t));
        }
        wanted.into_iter().map(|at| &leaves[at]).collect()
    }
}

/// The first leaf on the way that shows something; a stale one may have ceased to, so then
/// the one after it too.
fn nearest(leaves: &[LeafRef], way: impl Iterator<Item = usize>, t: i64) -> Vec<usize> {
    let mut found: Vec<usize> = way
        .filter(|&at| leaves[at].visible() > 0 || leaves[at].stale(t))
        .take(2)
        .collect();
    if found.first().is_some_and(|&at| !leaves[at].stale(t)) {
        found.truncate(1);
    }
    found
}
