//! A page of a list: the numbers of shown items lead to the leaves that it lies in.

use super::calendar;
use super::entry::{IndexEntry, List};
use super::head::Index;
use super::item::Item;
use super::leaf::{Leaf, fetch};
use super::series::{LeafRef, ListId, Series};
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
    t: i64,
    /// Only items of this year.
    year: Option<i16>,
    segments: Vec<Segment<'a>>,
}

/// A leaf, and items that belong in it but are kept elsewhere, in order.
struct Segment<'a> {
    leaf: Option<&'a LeafRef>,
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
        let selection = Selection::all(ListId::Posts, &self.head().posts, &[], t);
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
        let selection = Selection::of_year(&self.head().posts, year, t);
        let page = read(store, &selection, number, per_page, post)?;
        Ok(page.filter(|page| page.total > 0))
    }

    /// The years that have visible posts, latest first, and how many. No round trip.
    pub fn years(&self, t: i64) -> Vec<(i16, usize)> {
        let posts = &self.head().posts;
        let mut years: BTreeMap<Reverse<i16>, usize> = BTreeMap::new();
        for (leaf, visible) in posts.leaves.iter().zip(posts.visible(t)) {
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
    /// All items of a list, of which some may be fresh.
    pub(super) fn all(
        list: ListId<'a>,
        series: &'a Series,
        fresh: &'a [Item<'static>],
        t: i64,
    ) -> Self {
        let mut rest = fresh;
        let mut segments = Vec::with_capacity(series.leaves.len().max(1));
        let visible = series.visible(t);
        for (at, (leaf, visible)) in series.leaves.iter().zip(visible).enumerate() {
            let is_last = at + 1 == series.leaves.len();
            let within = rest.partition_point(|item| {
                is_last || series.leaves_before(list, &item.key()) <= at + 1
            });
            let (fresh, after) = rest.split_at(within);
            rest = after;
            segments.push(Segment {
                leaf: Some(leaf),
                fresh,
                count: visible.all as usize + count(fresh, t),
            });
        }
        if series.leaves.is_empty() {
            segments.push(Segment {
                leaf: None,
                fresh,
                count: count(fresh, t),
            });
        }
        Self {
            list,
            t,
            year: None,
            segments,
        }
    }

    /// The posts of a year, some of which may lie in a month of the neighbouring one.
    fn of_year(posts: &'a Series, year: i16, t: i64) -> Self {
        let visible = posts.visible(t);
        let segments = posts
            .leaves
            .iter()
            .zip(visible)
            .filter_map(|(leaf, visible)| {
                let count = match () {
                    () if calendar::year_of(leaf.month) == year => {
                        visible.all - visible.of_other_year
                    }
                    () if calendar::other_year_of(leaf.month) == year => visible.of_other_year,
                    () => 0,
                };
                (count > 0).then_some(Segment {
                    leaf: Some(leaf),
                    fresh: &[],
                    count: count as usize,
                })
            });
        Self {
            list: ListId::Posts,
            t,
            year: Some(year),
            segments: segments.collect(),
        }
    }

    fn shows(&self, item: &Item<'_>) -> bool {
        item.is_visible(self.t) && self.year.is_none_or(|year| item.year == year)
    }
}

fn count(items: &[Item<'_>], t: i64) -> usize {
    items.iter().filter(|item| item.is_visible(t)).count()
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
    let total = selection.segments.iter().map(|segment| segment.count).sum();
    let pages = usize::div_ceil(total, per_page).max(1);
    if number > pages {
        return Ok(None);
    }
    let start = (number - 1) * per_page;
    let span = start..start + per_page;
    let mut before = 0;
    let mut wanted: Vec<(usize, &Segment<'_>)> = Vec::new();
    for segment in &selection.segments {
        if segment.count > 0 && before < span.end && before + segment.count > span.start {
            wanted.push((before, segment));
        }
        before += segment.count;
    }
    let leaves: Vec<&LeafRef> = wanted
        .iter()
        .filter_map(|(_, segment)| segment.leaf)
        .collect();
    let mut leaves = fetch(store, selection.list, &leaves)?.into_iter();
    let mut entries = Vec::with_capacity(per_page);
    for (before, segment) in wanted {
        let leaf = segment.leaf.and_then(|_| leaves.next());
        take(
            selection,
            segment,
            leaf.as_ref(),
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
