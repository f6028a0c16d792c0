//! What a list says of each of its leaves: where it begins, where it lies in the store, how many
//! of its items are shown, and when that will change.

use super::calendar;
use super::item::{Item, SortKey};
use crate::key::Key;
use serde::{Deserialize, Serialize};
use std::cmp::{Ordering, Reverse};

/// Which list a leaf belongs to, and thus its key.
#[derive(Debug, Clone, Copy)]
pub(super) enum ListId<'a> {
    Posts,
    Drafts,
    Pages,
    Tags,
    Tagged(&'a str),
}

/// A leaf as its list sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Stored", from = "Stored")]
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

/// A [`LeafRef`] as it is stored: its moments as seconds before `newest`, and what is not shown in
/// place of what is, for small numbers take fewer bytes, and each page of a blog reads all of them.
#[derive(Serialize, Deserialize)]
struct Stored {
    month: u32,
    part: u32,
    from: Option<(i64, Box<str>)>,
    items: u32,
    hidden: i64,
    of_other_year: u32,
    newest: i64,
    oldest: i64,
    sum: [u8; 4],
}

/// How many items of a leaf are shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Visible {
    pub(super) all: u32,
    /// Those of the neighbouring year where they were written.
    pub(super) of_other_year: u32,
}

/// An item of a leaf begins or ceases to be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Change {
    pub(super) at: i64,
    /// The number of the leaf in its series.
    pub(super) leaf: u32,
    pub(super) shows: bool,
    pub(super) of_other_year: bool,
}

/// The leaves of a list in order, for whoever looks up many places or changes them.
#[derive(Debug)]
pub(super) struct Leaves(pub(super) Vec<LeafRef>);

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

impl From<LeafRef> for Stored {
    fn from(leaf: LeafRef) -> Self {
        let before_newest = |moment| leaf.newest.wrapping_sub(moment);
        Self {
            month: leaf.month,
            part: leaf.part,
            from: leaf.from.map(|from| (before_newest(from.date), from.slug)),
            items: leaf.items,
            hidden: i64::from(leaf.items) - i64::from(leaf.visible.all),
            of_other_year: leaf.visible.of_other_year,
            newest: leaf.newest,
            oldest: before_newest(leaf.oldest),
            sum: leaf.sum.to_le_bytes(),
        }
    }
}

impl From<Stored> for LeafRef {
    fn from(leaf: Stored) -> Self {
        let moment = |before_newest| leaf.newest.wrapping_sub(before_newest);
        let from = leaf.from.map(|(before_newest, slug)| SortKey {
            date: moment(before_newest),
            slug,
        });
        Self {
            month: leaf.month,
            part: leaf.part,
            from,
            items: leaf.items,
            visible: Visible {
                all: u32::try_from(i64::from(leaf.items) - leaf.hidden).unwrap_or(0),
                of_other_year: leaf.of_other_year,
            },
            newest: leaf.newest,
            oldest: moment(leaf.oldest),
            sum: u32::from_le_bytes(leaf.sum),
        }
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

    /// Whether the leaf begins before an item of this place, which stands in `month`, or with it.
    pub(super) fn has_begun(&self, month: u32, key: &SortKey) -> bool {
        let from = |leaf: &Self| match &leaf.from {
            Some(from) => from.cmp(key),
            None => Ordering::Less,
        };
        Reverse(self.month)
            .cmp(&Reverse(month))
            .then_with(|| from(self))
            .is_le()
    }

    pub(super) fn cmp_to(&self, other: &Self) -> Ordering {
        (Reverse(self.month), &self.from).cmp(&(Reverse(other.month), &other.from))
    }
}

impl Leaves {
    /// The number of the leaf in which an item of this place stands, or would; `None` if its
    /// month has no leaf.
    pub(super) fn locate(&self, list: ListId<'_>, key: &SortKey) -> Option<usize> {
        let month = list.month_of(key);
        let begun = |leaf: &LeafRef| leaf.has_begun(month, key);
        let at = self.0.partition_point(begun).checked_sub(1)?;
        (self.0[at].month == month).then_some(at)
    }

    /// The keys of the leaves that an edit at these places reads.
    pub(super) fn touched<'a>(
        &self,
        list: ListId<'_>,
        keys: impl IntoIterator<Item = &'a SortKey>,
    ) -> Vec<String> {
        let mut touched: Vec<usize> = keys
            .into_iter()
            .filter_map(|key| self.locate(list, key))
            .collect();
        touched.dedup();
        touched.iter().map(|at| list.key(&self.0[*at])).collect()
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

impl Change {
    /// Leaf and flags as one number, for there can be thousands of changes in `head`.
    pub(super) fn code(self) -> u32 {
        self.leaf << 2 | u32::from(self.shows) << 1 | u32::from(self.of_other_year)
    }

    pub(super) fn of_code(at: i64, code: u32) -> Self {
        Self {
            at,
            leaf: code >> 2,
            shows: code & 2 != 0,
            of_other_year: code & 1 != 0,
        }
    }
}
