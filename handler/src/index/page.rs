//! A page of a list: the numbers of visible entries lead to the leaves it lies in. Leaves in
//! which something came due or expired since the last write are counted again on the way, in
//! the same round trip; beyond a few of them the old numbers stand, and a page may be shorter.

use super::entry::{Entry, Facts};
use super::node::{Node, fetch};
use super::series::LeafRef;
use super::{Index, IndexError, Listed};
use crate::store::Store;
use std::collections::BTreeSet;
use std::ops::Range;

/// A part of a list, as visitors page through it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<E> {
    /// The entries of this page.
    pub entries: Vec<E>,
    /// Its number, from 1.
    pub number: usize,
    /// How many pages there are.
    pub pages: usize,
    /// How many entries there are on all of them.
    pub total: usize,
}

/// How many stale leaves one page reads beside its own.
const STALE_READ: usize = 2;

impl Index {
    /// Page `number` of the posts at the moment `t`; `None` beyond the last. One round trip.
    pub fn page(
        &self,
        store: &impl Store,
        number: usize,
        per_page: usize,
        t: i64,
    ) -> Result<Option<Page<Listed<'static>>>, IndexError> {
        let leaves: Vec<_> = self.head.posts.leaves.iter().collect();
        read(store, &leaves, number, per_page, t)
    }

    /// Page `number` of the posts of a year; `None` too for a year without visible posts.
    pub fn year_page(
        &self,
        store: &impl Store,
        year: i16,
        number: usize,
        per_page: usize,
        t: i64,
    ) -> Result<Option<Page<Listed<'static>>>, IndexError> {
        let all = self.head.posts.leaves.iter();
        let leaves: Vec<_> = all.filter(|leaf| leaf.year == year).collect();
        let page = read(store, &leaves, number, per_page, t)?;
        Ok(page.filter(|page| page.total > 0))
    }
}

/// Page `number` of the entries in `leaves`. The first page exists even without entries.
pub(super) fn read<E: Entry>(
    store: &impl Store,
    leaves: &[&LeafRef],
    number: usize,
    per_page: usize,
    t: i64,
) -> Result<Option<Page<E>>, IndexError> {
    if number == 0 || per_page == 0 {
        return Ok(None);
    }
    let mut counts: Vec<usize> = leaves.iter().map(|leaf| leaf.visible()).collect();
    let start = (number - 1).saturating_mul(per_page);
    let span = start..start.saturating_add(per_page);
    let at: Vec<usize> = wanted(leaves, &counts, &span, t).into_iter().collect();
    let names: Vec<_> = at.iter().map(|&at| leaves[at].node).collect();
    let nodes = fetch(store, &names)?;
    for (&at, node) in at.iter().zip(&nodes) {
        if leaves[at].stale(t) {
            counts[at] = leaves[at].recounted::<E>(node, t)?.visible();
        }
    }
    let total = counts.iter().sum();
    let pages = usize::div_ceil(total, per_page).max(1);
    if number > pages {
        return Ok(None);
    }
    let mut entries = Vec::new();
    for (&at, node) in at.iter().zip(&nodes) {
        take(&mut entries, node, counts[..at].iter().sum(), &span, t)?;
    }
    Ok(Some(Page {
        entries,
        number,
        pages,
        total,
    }))
}

/// The leaves that `span` lies in, the first stale ones, and then their neighbours too, since
/// a new count can shift the page by a few entries.
fn wanted(leaves: &[&LeafRef], counts: &[usize], span: &Range<usize>, t: i64) -> BTreeSet<usize> {
    let stale = |at: &usize| leaves[*at].stale(t);
    let mut wanted: BTreeSet<usize> = (0..leaves.len()).filter(stale).take(STALE_READ).collect();
    let mut before = 0;
    let mut target = BTreeSet::new();
    for (at, count) in counts.iter().enumerate() {
        if *count > 0 && before < span.end && before + count > span.start {
            target.insert(at);
        }
        before += count;
    }
    if !wanted.is_empty() {
        let last = leaves.len() - 1;
        let (from, to) = match (target.first(), target.last()) {
            (Some(from), Some(to)) => (from.saturating_sub(1), (to + 1).min(last)),
            _ => (last, last),
        };
        target.extend(from..=to);
    }
    wanted.append(&mut target);
    wanted
}

/// Takes what lies in `span` from a leaf with `before` visible entries before it.
fn take<E: Entry>(
    entries: &mut Vec<E>,
    node: &Node,
    before: usize,
    span: &Range<usize>,
    t: i64,
) -> Result<(), IndexError> {
    let mut at = before;
    for entry in node.items::<E::Borrowed<'_>>() {
        if at >= span.end {
            break;
        }
        let entry = entry?;
        if entry.visible(t) {
            if at >= span.start {
                entries.push(E::own(entry));
            }
            at += 1;
        }
    }
    Ok(())
}
