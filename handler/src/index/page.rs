//! A page of a list: the numbers of shown items lead to the leaves that it lies in.

use super::calendar;
use super::entry::{IndexEntry, List};
use super::head::Index;
use super::item::Item;
use super::leaf::{Leaf, fetch};
use super::leaf_ref::{LeafRef, ListId, Visible};
use super::series::Series;
use crate::error::ReadError;
use crate::store::Store;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Range;

/// A part of a list, as visitors page through it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<E> {
    pub entries: Vec<E>,
    /// Its number, from 1.
    pub number: usize,
    /// How many pages there are.
    pub pages: usize,
    /// How many entries there are on all of them.
    pub total: usize,
}

/// The items of a list that are shown at a moment.
pub(super) struct Selection<'a> {
    list: ListId<'a>,
    series: &'a Series<'a>,
    /// Items that are in no leaf, in order.
    fresh: &'a [Item<'static>],
    t: i64,
    /// Only items of this year.
    year: Option<i16>,
}

/// A leaf, and items that belong in it but are kept elsewhere, in order.
struct Segment<'a> {
    leaf: Option<LeafRef>,
    fresh: &'a [Item<'static>],
    /// How many items are shown.
    count: usize,
}

impl Index {
    /// Page `number` of the posts at the moment `t`; `None` beyond the last. One round trip.
    pub fn page(
        &self,
        store: &impl Store,
        number: usize,
        per_page: usize,
        t: i64,
    ) -> Result<Option<Page<IndexEntry<'static>>>, ReadError> {
        let posts = self.head().posts;
        let selection = Selection::all(ListId::Posts, &posts, &[], t);
        read(store, &selection, number, per_page, post)
    }

    /// Page `number` of the posts of a year; `None` too for a year without visible posts.
    pub fn year_page(
        &self,
        store: &impl Store,
        year: i16,
        number: usize,
        per_page: usize,
        t: i64,
    ) -> Result<Option<Page<IndexEntry<'static>>>, ReadError> {
        let posts = self.head().posts;
        let selection = Selection {
            year: Some(year),
            ..Selection::all(ListId::Posts, &posts, &[], t)
        };
        let page = read(store, &selection, number, per_page, post)?;
        Ok(page.filter(|page| page.total > 0))
    }

    /// The years that have visible posts, latest first, and how many. No round trip.
    pub fn years(&self, t: i64) -> Vec<(i16, usize)> {
        let mut years: BTreeMap<Reverse<i16>, usize> = BTreeMap::new();
        for (leaf, visible) in self.head().posts.leaves_at(t) {
            let mut add =
                |year, count: u32| *years.entry(Reverse(year)).or_default() += count as usize;
            add(
                calendar::year_of(leaf.month),
                visible.all - visible.of_other_year,
            );
            add(calendar::other_year_of(leaf.month), visible.of_other_year);
        }
        let shown = years.into_iter().filter(|(_, count)| *count > 0);
        shown.map(|(Reverse(year), count)| (year, count)).collect()
    }
}

fn post(item: &Item<'_>) -> Option<IndexEntry<'static>> {
    IndexEntry::of_item(List::Posts, item).map(IndexEntry::into_owned)
}

impl<'a> Selection<'a> {
    pub(super) fn all(
        list: ListId<'a>,
        series: &'a Series<'a>,
        fresh: &'a [Item<'static>],
        t: i64,
    ) -> Self {
        Self {
            list,
            series,
            fresh,
            t,
            year: None,
        }
    }

    fn segments(&self) -> impl Iterator<Item = Segment<'a>> {
        let mut leaves = self.series.leaves_at(self.t).peekable();
        let mut rest = self.fresh;
        std::iter::from_fn(move || {
            let leaf = leaves.next();
            if leaf.is_none() && rest.is_empty() {
                return None;
            }
            // Items stand before the place where the next leaf begins.
            let within = leaves.peek().map_or(rest.len(), |(next, _)| {
                rest.partition_point(|item| {
                    let key = item.key();
                    !next.has_begun(self.list.month_of(&key), &key)
                })
            });
            let (fresh, after) = rest.split_at(within);
            rest = after;
            let shown = fresh.iter().filter(|item| self.shows(item)).count();
            let in_leaf = leaf.as_ref().map_or(0, |leaf| self.count(leaf));
            Some(Segment {
                leaf: leaf.map(|(leaf, _)| leaf),
                fresh,
                count: in_leaf as usize + shown,
            })
        })
    }

    /// How many items of a leaf are shown; those of a year may lie in a month of the next to it.
    fn count(&self, (leaf, visible): &(LeafRef, Visible)) -> u32 {
        match self.year {
            None => visible.all,
            Some(year) if calendar::year_of(leaf.month) == year => {
                visible.all - visible.of_other_year
            }
            Some(year) if calendar::other_year_of(leaf.month) == year => visible.of_other_year,
            Some(_) => 0,
        }
    }

    fn shows(&self, item: &Item<'_>) -> bool {
        item.is_visible(self.t) && self.year.is_none_or(|year| item.year == year)
    }
}

/// Page `number` of a selection. The first page exists even without items.
pub(super) fn read<E>(
    store: &impl Store,
    selection: &Selection<'_>,
    number: usize,
    per_page: usize,
    entry: impl Fn(&Item<'_>) -> Option<E>,
) -> Result<Option<Page<E>>, ReadError> {
    if number == 0 || per_page == 0 {
        return Ok(None);
    }
    let start = (number - 1).saturating_mul(per_page);
    let span = start..start.saturating_add(per_page);
    let mut total = 0;
    let mut wanted: Vec<(usize, Segment<'_>)> = Vec::new();
    for segment in selection.segments() {
        let before = total;
        total += segment.count;
        if segment.count > 0 && before < span.end && total > span.start {
            wanted.push((before, segment));
        }
    }
    let pages = usize::div_ceil(total, per_page).max(1);
    if number > pages {
        return Ok(None);
    }
    let leaves: Vec<LeafRef> = wanted
        .iter_mut()
        .filter_map(|(_, segment)| segment.leaf.take())
        .collect();
    // There is a leaf for each segment, or none at all.
    let mut leaves = fetch(store, selection.list, &leaves)?.into_iter();
    let mut entries = Vec::with_capacity(per_page);
    for (before, segment) in wanted {
        take(
            selection,
            &segment,
            leaves.next().as_ref(),
            before,
            &span,
            &entry,
            &mut entries,
        )?;
    }
    entries.truncate(per_page);
    Ok(Some(Page {
        entries,
        number,
        pages,
        total,
    }))
}

/// Takes from a segment what lies on the page; `before` it so many items are shown.
fn take<E>(
    selection: &Selection<'_>,
    segment: &Segment<'_>,
    leaf: Option<&Leaf>,
    before: usize,
    span: &Range<usize>,
    entry: &impl Fn(&Item<'_>) -> Option<E>,
    entries: &mut Vec<E>,
) -> Result<(), ReadError> {
    let mut at = before;
    let mut pass = |item: &Item<'_>| {
        if selection.shows(item) {
            if span.contains(&at) {
                entries.extend(entry(item));
            }
            at += 1;
        }
        at < span.end
    };
    let mut fresh = segment.fresh.iter().peekable();
    for item in leaf.into_iter().flat_map(Leaf::items) {
        let item = item?;
        let is_before = |fresh: &&Item<'_>| fresh.key().cmp_to(item.date, &item.slug).is_lt();
        while let Some(fresh) = fresh.next_if(is_before) {
            pass(fresh);
        }
        if !pass(&item) {
            return Ok(());
        }
    }
    for item in fresh {
        pass(item);
    }
    Ok(())
}
