//! A series: the items of a list in order, cut into leaves. It knows where each leaf begins and
//! how many of its items are shown, and when that will change, so that a page far back is found
//! without reading what lies before it.

use super::calendar;
use super::item::{Item, SortKey};
use crate::key::Key;
use serde::{Deserialize, Serialize};
use std::cmp::{Ordering, Reverse};

/// Which list a series is, and thus the keys of its leaves.
#[derive(Debug, Clone, Copy)]
pub(super) enum ListId<'a> {
    Posts,
    Drafts,
    Pages,
    Tags,
    Tagged(&'a str),
}

/// The leaves of a list, in order.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Series {
    pub(super) leaves: Vec<LeafRef>,
    /// [`Change`]s by their moment, still encoded: a reader needs only the first few.
    changes: Vec<u8>,
}

/// A leaf as its series sees it. A large blog has hundreds of them in the memory of each page,
/// so it is small.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct LeafRef {
    /// 0 in lists that are not cut by the calendar.
    pub(super) month: u32,
    pub(super) part: u32,
    /// Where the part begins; `None` for the first of its month.
    pub(super) from: Option<SortKey>,
    /// All items, shown or not.
    pub(super) items: u32,
    pub(super) visible: Visible,
    pub(super) newest: i64,
    pub(super) oldest: i64,
    /// The checksum of the leaf.
    pub(super) sum: u32,
}

/// How many items of a leaf are shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Visible {
    pub(super) all: u32,
    /// Those of the neighbouring year where they were written.
    pub(super) of_other_year: u32,
}

/// An item of a leaf begins or ceases to be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Change {
    pub(super) at: i64,
    /// The number of the leaf in its series.
    pub(super) leaf: u32,
    pub(super) shows: bool,
    pub(super) of_other_year: bool,
}

impl ListId<'_> {
    pub(super) fn key(self, leaf: &LeafRef) -> String {
        let part = leaf.part;
        let key = match self {
            Self::Posts => Key::Month {
                month: leaf.month,
                part,
            },
            Self::Drafts => Key::Drafts { part },
            Self::Pages => Key::Pages { part },
            Self::Tags => Key::Tags { part },
            Self::Tagged(tag) => Key::Tagged {
                tag: tag.to_owned(),
                part,
            },
        };
        key.into()
    }

    pub(super) fn month_of(self, key: &SortKey) -> u32 {
        match self {
            Self::Posts => calendar::month_of(key.date),
            _ => 0,
        }
    }
}

impl Series {
    pub(super) fn new(leaves: Vec<LeafRef>, mut changes: Vec<Change>) -> Self {
        changes.sort_unstable();
        let changes = changes.iter().fold(Vec::new(), |bytes, change| {
            postcard::to_extend(change, bytes)
                .expect("changes are plain data, which postcard always encodes")
        });
        Self { leaves, changes }
    }

    pub(super) fn changes(&self) -> impl Iterator<Item = Change> {
        let mut rest = &self.changes[..];
        std::iter::from_fn(move || {
            let (change, after) = postcard::take_from_bytes(rest).ok()?;
            rest = after;
            Some(change)
        })
    }

    /// The number of the leaf in which an item of this place stands, or would; `None` if its
    /// month has no leaf.
    pub(super) fn locate(&self, list: ListId<'_>, key: &SortKey) -> Option<usize> {
        let month = list.month_of(key);
        let begun = |leaf: &LeafRef| leaf.cmp_start(month, key).is_le();
        let at = self.leaves.partition_point(begun).checked_sub(1)?;
        (self.leaves[at].month == month).then_some(at)
    }

    /// How many leaves begin before an item of this place.
    pub(super) fn leaves_before(&self, list: ListId<'_>, key: &SortKey) -> usize {
        let month = list.month_of(key);
        self.leaves
            .partition_point(|leaf| leaf.cmp_start(month, key).is_le())
    }

    /// How many items each leaf shows at the moment `t`, no earlier than the last write.
    pub(super) fn visible(&self, t: i64) -> Vec<Visible> {
        let mut visible: Vec<Visible> = self.leaves.iter().map(|leaf| leaf.visible).collect();
        for change in self.changes().take_while(|change| change.at <= t) {
            if let Some(visible) = visible.get_mut(change.leaf as usize) {
                visible.apply(change);
            }
        }
        visible
    }

    pub(super) fn count_visible(&self, t: i64) -> usize {
        self.visible(t).iter().map(|leaf| leaf.all as usize).sum()
    }

    /// Whether something in these leaves begins or ceases to be shown up to the moment `t`.
    pub(super) fn changes_within(&self, leaves: &[usize], t: i64) -> bool {
        let mut due = self.changes().take_while(|change| change.at <= t);
        due.any(|change| leaves.contains(&(change.leaf as usize)))
    }
}

impl LeafRef {
    /// Describes a leaf of one or more items as it is at the moment `now`, and what will change.
    pub(super) fn describe(
        (month, part): (u32, u32),
        from: Option<SortKey>,
        items: &[Item<'_>],
        sum: u32,
        now: i64,
    ) -> (Self, Vec<Change>) {
        let mut visible = Visible::default();
        let mut changes = Vec::new();
        let year = calendar::year_of(month);
        for item in items {
            let of_other_year = month > 0 && item.year != year;
            let mut change = |at, shows| {
                let change = Change {
                    at,
                    leaf: 0,
                    shows,
                    of_other_year,
                };
                if at > now {
                    changes.push(change);
                } else {
                    visible.apply(change);
                }
            };
            if item.expires.is_none_or(|end| item.date < end) {
                change(item.date, true);
                if let Some(end) = item.expires {
                    change(end, false);
                }
            }
        }
        let leaf = Self {
            month,
            part,
            from,
            items: u32::try_from(items.len()).unwrap_or(u32::MAX),
            visible,
            newest: items.first().map_or(0, |item| item.date),
            oldest: items.last().map_or(0, |item| item.date),
            sum,
        };
        (leaf, changes)
    }

    /// Compares the place where the leaf begins with that of an item.
    fn cmp_start(&self, month: u32, key: &SortKey) -> Ordering {
        let from = |leaf: &Self| match &leaf.from {
            Some(from) => from.cmp(key),
            None => Ordering::Less,
        };
        Reverse(self.month)
            .cmp(&Reverse(month))
            .then_with(|| from(self))
    }

    pub(super) fn cmp_to(&self, other: &Self) -> Ordering {
        (Reverse(self.month), &self.from).cmp(&(Reverse(other.month), &other.from))
    }
}

impl Visible {
    pub(super) fn apply(&mut self, change: Change) {
        let apply = |count: &mut u32| {
            *count = match change.shows {
                true => *count + 1,
                false => count.saturating_sub(1),
            }
        };
        apply(&mut self.all);
        if change.of_other_year {
            apply(&mut self.of_other_year);
        }
    }
}
