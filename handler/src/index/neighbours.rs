//! The posts before and after a post, in one round trip: beside the post's own leaf the next
//! ones are read only where the post stands at an edge, or what stands there may be hidden.

use super::entry::Facts;
use super::node::fetch;
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

impl Index {
    /// The visible posts beside the place of a post, which need not be visible itself.
    pub fn neighbours(
        &self,
        store: &impl Store,
        date: i64,
        slug: &str,
        t: i64,
    ) -> Result<Neighbours, IndexError> {
        let names: Vec<_> = self
            .around(date, slug, t)
            .iter()
            .map(|leaf| leaf.node)
            .collect();
        let nodes = fetch(store, &names)?;
        let own = |listed: Listed<'_>| <Listed<'static> as super::entry::Entry>::own(listed);
        let mut newer = None;
        for listed in nodes.iter().flat_map(|node| node.items::<Listed<'_>>()) {
            let listed = listed?;
            let place = (Reverse(listed.date), &*listed.slug);
            if !listed.visible(t) || place == (Reverse(date), slug) {
                continue;
            }
            if place > (Reverse(date), slug) {
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
