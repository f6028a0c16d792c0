//! A series: entries in order, cut into leaves. It knows of each leaf where it begins and how
//! many of its entries are visible, so that a page far back is found without reading the rest.

use super::IndexError;
use super::entry::{Entry, Facts};
use super::key::Key;
use super::node::{Node, NodeName};
use serde::{Deserialize, Serialize};
use std::num::NonZeroI64;

/// The leaves of a series, in order.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Series {
    pub(super) leaves: Vec<LeafRef>,
}

/// A leaf as its series sees it. A large blog has hundreds of them in the memory of each page,
/// so it is small.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct LeafRef {
    /// Not after the first entry and after the last of the leaf before. The date is that of
    /// the first entry; of the slug only what tells the two apart, mostly nothing.
    pub(super) first: Key,
    pub(super) last_date: i64,
    /// All entries are of this year.
    pub(super) year: i16,
    pub(super) node: NodeName,
    pub(super) count: u32,
    hidden: u32,
    changes_at: Option<NonZeroI64>,
}

impl Series {
    /// The leaf in which an entry of this place stands, or would.
    pub(super) fn locate(&self, date: i64, slug: &str) -> usize {
        self.leaves
            .partition_point(|leaf| leaf.first.cmp_parts(date, slug).is_le())
            .saturating_sub(1)
    }

    /// The earliest moment at which a number of visible entries ceases to be right.
    pub(super) fn changes_at(&self) -> Option<i64> {
        let moments = self.leaves.iter().filter_map(|leaf| leaf.changes_at);
        moments.min().map(NonZeroI64::get)
    }
}

impl LeafRef {
    /// Describes a leaf of one or more entries as it is at the moment `now`.
    pub(super) fn new<E: Entry>(first: Key, entries: &[E], node: NodeName, now: i64) -> Self {
        let mut leaf = LeafRef {
            last_date: entries.last().map_or(first.date, |entry| entry.place().0),
            year: entries.first().map_or(0, Facts::year),
            first,
            node,
            count: 0,
            hidden: 0,
            changes_at: None,
        };
        for entry in entries {
            leaf.add(entry, now);
        }
        leaf
    }

    /// Counts the same leaf anew at the moment `now`.
    pub(super) fn recounted<E: Entry>(&self, node: &Node, now: i64) -> Result<Self, IndexError> {
        let mut leaf = LeafRef {
            count: 0,
            hidden: 0,
            changes_at: None,
            ..self.clone()
        };
        for entry in node.items::<E::Borrowed<'_>>() {
            leaf.add(&entry?, now);
        }
        Ok(leaf)
    }

    fn add(&mut self, entry: &impl Facts, now: i64) {
        self.count += 1;
        self.hidden += u32::from(!entry.visible(now));
        let change = entry.shown().and_then(|(from, to)| {
            let next = if from > now { from } else { to };
            let changes = from < to && next > now && next < i64::MAX;
            NonZeroI64::new(next).filter(|_| changes)
        });
        self.changes_at = self.changes_at.into_iter().chain(change).min();
    }

    /// Visible entries: exact while the leaf is not stale.
    pub(super) fn visible(&self) -> usize {
        (self.count - self.hidden) as usize
    }

    pub(super) fn hides_some(&self) -> bool {
        self.hidden > 0
    }

    /// Whether an entry has come due or expired since the leaf was counted.
    pub(super) fn stale(&self, t: i64) -> bool {
        self.changes_at.is_some_and(|at| at.get() <= t)
    }
}
