//! An item of a list: what decides its place and when it is shown, and beside it data that only
//! the list's own readers understand.

use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::cmp::{Ordering, Reverse};

/// An item as it lies in a leaf; borrowed from the leaf's bytes while it is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Item<'a> {
    /// From this second on, since 1970, it is shown; 0 in lists that are sorted by slug alone.
    pub(super) date: i64,
    #[serde(borrow)]
    pub(super) slug: Cow<'a, str>,
    /// The calendar year of `date` where it was written.
    pub(super) year: i16,
    /// The second from which it is no longer shown.
    pub(super) expires: Option<i64>,
    #[serde(borrow)]
    pub(super) data: Cow<'a, [u8]>,
}

/// The place of an item in its list: newest first, then by slug.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SortKey {
    pub(super) date: i64,
    pub(super) slug: Box<str>,
}

impl Item<'_> {
    pub(super) fn key(&self) -> SortKey {
        SortKey::new(self.date, &self.slug)
    }

    pub(super) fn is_visible(&self, t: i64) -> bool {
        self.date <= t && self.expires.is_none_or(|end| t < end)
    }

    pub(super) fn into_owned(self) -> Item<'static> {
        Item {
            slug: self.slug.into_owned().into(),
            data: self.data.into_owned().into(),
            ..self
        }
    }
}

impl SortKey {
    pub(super) fn new(date: i64, slug: &str) -> Self {
        Self {
            date,
            slug: slug.into(),
        }
    }

    /// The key in a list that is sorted by slug alone.
    pub(super) fn by_slug(slug: &str) -> Self {
        Self::new(0, slug)
    }

    /// Compares without owning the slug of the other.
    pub(super) fn cmp_to(&self, date: i64, slug: &str) -> Ordering {
        (Reverse(self.date), &*self.slug).cmp(&(Reverse(date), slug))
    }
}

impl Ord for SortKey {
    fn cmp(&self, other: &Self) -> Ordering {
        self.cmp_to(other.date, &other.slug)
    }
}

impl PartialOrd for SortKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
