//! Everything that the index names, for programs: an owner's list, a publisher that compares
//! hashes. It looks at no clock, so what is scheduled or expired is there too.

use super::entry::{Entry, Facts};
use super::node::fetch;
use super::series::Series;
use super::{Index, IndexError, Listed};
use crate::store::Store;
use std::cmp::Reverse;

/// A part of everything the index names, visible or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// Posts, then drafts, then pages.
    pub entries: Vec<Listed<'static>>,
    /// Where the next part begins; `None` after the last.
    pub cursor: Option<String>,
}

/// The most entries of one part.
const LIMIT: usize = 500;

/// The leaves of pages that one round trip reads: some hundred pages, and few blogs have ten.
const PAGE_LEAVES: usize = 3;

/// The cursor behind all posts and drafts, where pages begin.
pub const PAGES_CURSOR: &str = "2:0:";

impl Index {
    /// Posts of any state, drafts and pages, at most 500 a part, from `cursor` on. A cursor
    /// that no part gave begins at the front.
    pub fn listing(
        &self,
        store: &impl Store,
        cursor: Option<&str>,
        limit: usize,
    ) -> Result<Listing, IndexError> {
        let limit = limit.clamp(1, LIMIT);
        let after = cursor.and_then(Cursor::parse);
        let mut entries = Vec::new();
        for (at, series) in [&self.head.posts, &self.head.drafts, &self.head.pages]
            .into_iter()
            .enumerate()
            .skip(after.map_or(0, |after| after.series))
        {
            let after = after.filter(|after| after.series == at);
            entries_after(store, series, after, limit + 1, &mut entries)?;
            if entries.len() > limit {
                entries.truncate(limit);
                let cursor = entries.last().map(|last| Cursor::after(at, last));
                return Ok(Listing { entries, cursor });
            }
        }
        Ok(Listing {
            entries,
            cursor: None,
        })
    }

    /// The pages (about, imprint) visible at `t`, by slug. One round trip.
    pub fn pages_list(
        &self,
        store: &impl Store,
        t: i64,
    ) -> Result<Vec<Listed<'static>>, IndexError> {
        let first = self.head.pages.leaves.iter().take(PAGE_LEAVES);
        let names: Vec<_> = first.map(|leaf| leaf.node).collect();
        let mut entries = Vec::new();
        for node in fetch(store, &names)? {
            for listed in node.items::<Listed<'_>>() {
                let listed = listed?;
                if listed.visible(t) {
                    entries.push(Entry::own(listed));
                }
            }
        }
        Ok(entries)
    }
}

/// The place after which a part begins.
#[derive(Clone, Copy)]
struct Cursor<'a> {
    series: usize,
    date: i64,
    slug: &'a str,
}

impl<'a> Cursor<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let (series, place) = text.split_once(':')?;
        let (date, slug) = place.split_once(':')?;
        Some(Cursor {
            series: series.parse().ok()?,
            date: date.parse().ok()?,
            slug,
        })
    }

    fn after(series: usize, last: &Listed<'_>) -> String {
        let (date, slug) = last.place();
        format!("{series}:{date}:{slug}")
    }
}

/// Adds what stands in `series` behind the cursor until there are `most` entries.
fn entries_after(
    store: &impl Store,
    series: &Series,
    after: Option<Cursor<'_>>,
    most: usize,
    entries: &mut Vec<Listed<'static>>,
) -> Result<(), IndexError> {
    let after = after.map(|after| (Reverse(after.date), after.slug));
    let from = after.map_or(0, |(date, slug)| series.locate(date.0, slug));
    for leaf in series.leaves.iter().skip(from) {
        for node in fetch(store, &[leaf.node])? {
            for listed in node.items::<Listed<'_>>() {
                let listed = listed?;
                let (date, slug) = listed.place();
                if entries.len() < most && Some((Reverse(date), slug)) > after {
                    entries.push(Entry::own(listed));
                }
            }
        }
        if entries.len() >= most {
            break;
        }
    }
    Ok(())
}
