//! The place of an entry in its series: newest first, then by slug. Drafts and pages have
//! no place in time; their date is zero, which leaves the order by slug.

use serde::{Deserialize, Serialize};
use std::cmp::{Ordering, Reverse};

/// Where an entry stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Key {
    /// Seconds since 1970; later ones stand first.
    pub(super) date: i64,
    /// Decides among entries of the same second; empty stands before all of them.
    pub(super) slug: Box<str>,
}

impl Key {
    /// Compares without owning the slug of the other.
    pub(super) fn cmp_parts(&self, date: i64, slug: &str) -> Ordering {
        (Reverse(self.date), &*self.slug).cmp(&(Reverse(date), slug))
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        self.cmp_parts(other.date, &other.slug)
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
