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

/// A part of a list: a leaf, and entries that belong in it but are kept elsewhere, in order.
pub(super) struct Part<'a, E> {
    pub(super) leaf: Option<&'a LeafRef>,
    pub(super) extra: &'a [E],
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
        let parts: Vec<_> = self.head.posts.leaves.iter().map(Part::leaf).collect();
        read(store, &parts, number, per_page, t)
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
        let of_year = all.filter(|leaf| leaf.year == year);
        let parts: Vec<_> = of_year.map(Part::leaf).collect();
        let page = read(store, &parts, number, per_page, t)?;
        Ok(page.filter(|page| page.total > 0))
    }
}

impl<'a, E: Entry> Part<'a, E> {
    fn leaf(leaf: &'a LeafRef) -> Self {
        Part {
            leaf: Some(leaf),
            extra: &[],
        }
    }

    fn is_stale(&self, t: i64) -> bool {
        self.leaf.is_some_and(|leaf| leaf.stale(t))
    }

    /// Visible entries: exact while the leaf is not stale.
    fn visible(&self, t: i64) -> usize {
        let extra = self.extra.iter().filter(|entry| entry.visible(t)).count();
        self.leaf.map_or(0, LeafRef::visible) + extra
    }

    /// The same with the leaf, which is `node`, counted anew if it is stale.
    fn recounted(&self, node: &Node, t: i64) -> Result<usize, IndexError> {
        let leaf = self.leaf.filter(|leaf| leaf.stale(t));
        let leaf = leaf.map(|leaf| leaf.recounted::<E>(node, t)).transpose()?;
        let leaf = leaf.as_ref().or(self.leaf);
        let extra = self.extra;
        Ok(Part { leaf, extra }.visible(t))
    }
}

/// Page `number` of the entries in `parts`. The first page exists even without entries.
pub(super) fn read<E: Entry + Clone>(
    store: &impl Store,
    parts: &[Part<'_, E>],
    number: usize,
    per_page: usize,
    t: i64,
) -> Result<Option<Page<E>>, IndexError> {
    if number == 0 || per_page == 0 {
        return Ok(None);
    }
    let mut counts: Vec<usize> = parts.iter().map(|part| part.visible(t)).collect();
    let start = (number - 1).saturating_mul(per_page);
    let span = start..start.saturating_add(per_page);
    let wanted = wanted(parts, &counts, &span, t);
    let leaves = wanted.iter().filter_map(|&at| parts[at].leaf);
    let names: Vec<_> = leaves.map(|leaf| leaf.node).collect();
    let nodes = fetch(store, &names)?;
    let node = |at: usize| {
        let leaf = parts[at].leaf?;
        nodes.iter().find(|node| node.name == leaf.node)
    };
    for &at in &wanted {
        if let Some(node) = node(at) {
            counts[at] = parts[at].recounted(node, t)?;
        }
    }
    let total = counts.iter().sum();
    let pages = usize::div_ceil(total, per_page).max(1);
    if number > pages {
        return Ok(None);
    }
    let mut taken = Taken {
        entries: Vec::new(),
        span,
        at: 0,
        t,
    };
    for &at in &wanted {
        taken.at = counts[..at].iter().sum();
        taken.take(node(at), parts[at].extra)?;
    }
    Ok(Some(Page {
        entries: taken.entries,
        number,
        pages,
        total,
    }))
}

/// The parts that `span` lies in, the first stale ones, and then their neighbours too, since
/// a new count can shift the page by a few entries.
fn wanted<E: Entry>(
    parts: &[Part<'_, E>],
    counts: &[usize],
    span: &Range<usize>,
    t: i64,
) -> BTreeSet<usize> {
    let stale = |at: &usize| parts[*at].is_stale(t);
    let mut wanted: BTreeSet<usize> = (0..parts.len()).filter(stale).take(STALE_READ).collect();
    let mut before = 0;
    let mut target = BTreeSet::new();
    for (at, count) in counts.iter().enumerate() {
        if *count > 0 && before < span.end && before + count > span.start {
            target.insert(at);
        }
        before += count;
    }
    if !wanted.is_empty() {
        let last = parts.len() - 1;
        let (from, to) = match (target.first(), target.last()) {
            (Some(from), Some(to)) => (from.saturating_sub(1), (to + 1).min(last)),
            _ => (last, last),
        };
        target.extend(from..=to);
    }
    wanted.append(&mut target);
    wanted
}

/// What of a list is on a page, while the list goes by.
struct Taken<E> {
    entries: Vec<E>,
    span: Range<usize>,
    /// How many visible entries have gone by.
    at: usize,
    t: i64,
}

impl<E: Entry + Clone> Taken<E> {
    /// Takes from a leaf and from what belongs in it, in their common order.
    fn take(&mut self, node: Option<&Node>, extra: &[E]) -> Result<(), IndexError> {
        let mut extra = extra.iter().peekable();
        let entries = node.into_iter().flat_map(Node::items::<E::Borrowed<'_>>);
        for entry in entries {
            let entry = entry?;
            let (date, slug) = entry.place();
            while let Some(extra) = extra.next_if(|one| one.key().cmp_parts(date, slug).is_lt()) {
                self.pass(extra.visible(self.t), || extra.clone());
            }
            let visible = entry.visible(self.t);
            self.pass(visible, || E::own(entry));
            if self.at >= self.span.end {
                return Ok(());
            }
        }
        extra.for_each(|extra| self.pass(extra.visible(self.t), || extra.clone()));
        Ok(())
    }

    fn pass(&mut self, is_visible: bool, own: impl FnOnce() -> E) {
        if is_visible {
            if self.span.contains(&self.at) {
                self.entries.push(own());
            }
            self.at += 1;
        }
    }
}
