//! The archive: how many posts a visitor finds of each year.

use super::entry::Entry;
use super::node::fetch;
use super::series::LeafRef;
use super::{Index, IndexError, Listed};
use crate::store::Store;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// How many stale leaves are counted again for an archive or a table of tags.
const STALE_READ: usize = 4;

impl Index {
    /// The years that have visible posts, latest first, and how many.
    pub fn years(&self, store: &impl Store, t: i64) -> Result<Vec<(i16, usize)>, IndexError> {
        let leaves: Vec<_> = self.head.posts.leaves.iter().collect();
        let mut years = BTreeMap::new();
        for (leaf, count) in leaves
            .iter()
            .zip(counts::<Listed<'static>>(store, &leaves, t)?)
        {
            *years.entry(Reverse(leaf.year)).or_insert(0) += count;
        }
        let shown = years.into_iter().filter(|(_, count)| *count > 0);
        Ok(shown.map(|(Reverse(year), count)| (year, count)).collect())
    }
}

/// The numbers of visible entries of `leaves`; one round trip if any are stale, else none.
pub(super) fn counts<E: Entry>(
    store: &impl Store,
    leaves: &[&LeafRef],
    t: i64,
) -> Result<Vec<usize>, IndexError> {
    let mut counts: Vec<usize> = leaves.iter().map(|leaf| leaf.visible()).collect();
    let stale = (0..leaves.len()).filter(|&at| leaves[at].stale(t));
    let stale: Vec<usize> = stale.take(STALE_READ).collect();
    let names: Vec<_> = stale.iter().map(|&at| leaves[at].node).collect();
    for (&at, node) in stale.iter().zip(fetch(store, &names)?) {
        counts[at] = leaves[at].recounted::<E>(&node, t)?.visible();
    }
    Ok(counts)
}
