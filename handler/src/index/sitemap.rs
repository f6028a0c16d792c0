//! The posts for a sitemap, in files that one request can make. Files are counted from the
//! oldest post, so that a new post changes the last file only.

use super::entry::{IndexEntry, List};
use super::head::Index;
use super::leaf::fetch;
use super::leaf_ref::{LeafRef, ListId};
use crate::error::ReadError;
use crate::store::Store;
use std::ops::{ControlFlow, Range};
use xxhash_rust::xxh3::Xxh3;

/// The most posts read at once, and thus in memory together.
const POSTS_AT_ONCE: usize = 512;
/// The most leaves read at once.
const LEAVES_AT_ONCE: usize = 64;
/// How often a file reads. It has some 3,000 posts; the protocol allows 50,000.
const READS: usize = 6;

/// A file: where its posts lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SitemapFile {
    /// The leaves by round trips.
    reads: Vec<Vec<LeafRef>>,
    /// Whether something in it begins or ceases to be shown at a moment before `t`.
    is_changing: bool,
    t: i64,
}

impl Index {
    /// How many files the sitemap has; at least one.
    pub fn sitemap_files(&self) -> usize {
        self.reads().len().div_ceil(READS).max(1)
    }

    /// Sitemap file `number`, from 1, at the moment `t`; `None` beyond the last.
    pub fn sitemap(&self, number: usize, t: i64) -> Option<SitemapFile> {
        let reads = self.reads();
        let first = number.checked_sub(1)?.checked_mul(READS)?;
        let reads = match reads.len() {
            0 if number == 1 => &[],
            all if first < all => &reads[first..all.min(first + READS)],
            _ => return None,
        };
        let posts = self.head().posts;
        let leaves = |read: &Range<usize>| {
            let leaves = posts.leaves().skip(read.start).take(read.len());
            let mut leaves: Vec<LeafRef> = leaves.collect();
            leaves.reverse();
            leaves
        };
        let mut due = posts.changes().take_while(|change| change.at <= t);
        Some(SitemapFile {
            reads: reads.iter().map(leaves).collect(),
            is_changing: due.any(|change| {
                let leaf = change.leaf as usize;
                reads.iter().any(|read| read.contains(&leaf))
            }),
            t,
        })
    }

    /// The numbers of the leaves that are read together, from the oldest on.
    fn reads(&self) -> Vec<Range<usize>> {
        let items: Vec<u32> = self.head().posts.leaves().map(|leaf| leaf.items).collect();
        let mut reads: Vec<Range<usize>> = Vec::new();
        let mut posts = 0;
        for (at, more) in items.into_iter().enumerate().rev() {
            let more = more as usize;
            match reads.last_mut() {
                Some(read) if posts + more <= POSTS_AT_ONCE && read.len() < LEAVES_AT_ONCE => {
                    read.start = at;
                    posts += more;
                }
                _ => {
                    reads.push(at..at + 1);
                    posts = more;
                }
            }
        }
        reads
    }
}

impl SitemapFile {
    /// How many posts it has, visible or not.
    pub fn count(&self) -> usize {
        self.reads
            .iter()
            .flatten()
            .map(|leaf| leaf.items as usize)
            .sum()
    }

    /// Differs whenever the visible posts differ. If none of them comes due or expires, the same
    /// ones are shown at any moment; else the moment counts.
    pub fn hash(&self) -> u128 {
        let mut hash = Xxh3::new();
        for leaf in self.reads.iter().flatten() {
            hash.update(&leaf.month.to_be_bytes());
            hash.update(&leaf.sum.to_be_bytes());
        }
        if self.is_changing {
            hash.update(&self.t.to_be_bytes());
        }
        hash.digest128()
    }

    /// Goes through the visible posts until the visitor breaks off, reading a few leaves at a
    /// time: six round trips at most.
    pub fn each(
        &self,
        store: &impl Store,
        mut visit: impl FnMut(&IndexEntry<'_>) -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>, ReadError> {
        for read in &self.reads {
            for leaf in fetch(store, ListId::Posts, read)? {
                for item in leaf.items() {
                    let item = item?;
                    if item.is_visible(self.t) {
                        let entry = IndexEntry::of_item(List::Posts, &item);
                        let entry = entry.ok_or_else(|| leaf.damaged())?;
                        if visit(&entry).is_break() {
                            return Ok(ControlFlow::Break(()));
                        }
                    }
                }
            }
        }
        Ok(ControlFlow::Continue(()))
    }
}
