//! The posts for a sitemap, in files that one request can make. Files are counted from the
//! oldest post, so that a new post changes the last file only.

use super::entry::Facts;
use super::node::fetch;
use super::series::LeafRef;
use super::{Index, IndexError, Listed, NodeName};
use crate::store::Store;
use xxhash_rust::xxh3::Xxh3;

/// The most posts read at once, and thus in memory together: those of three full leaves.
const AT_ONCE: usize = 672;
/// How often a file reads. It has some 4,000 posts; the protocol allows 50,000.
const READS: usize = 6;

/// A file: where its posts lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SitemapFile {
    /// The leaves by round trips.
    reads: Vec<Vec<NodeName>>,
    count: usize,
    is_stale: bool,
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
        let leaves = || reads.iter().flatten();
        let names = |leaves: &Vec<&LeafRef>| leaves.iter().map(|leaf| leaf.node).collect();
        Some(SitemapFile {
            reads: reads.iter().map(names).collect(),
            count: leaves().map(|leaf| leaf.count as usize).sum(),
            is_stale: leaves().any(|leaf| leaf.stale(t)),
            t,
        })
    }

    /// The leaves from the oldest on, as they are read together.
    fn reads(&self) -> Vec<Vec<&LeafRef>> {
        let mut reads: Vec<Vec<&LeafRef>> = Vec::new();
        let mut posts = AT_ONCE;
        for leaf in self.head.posts.leaves.iter().rev() {
            posts += leaf.count as usize;
            match reads.last_mut() {
                Some(read) if posts <= AT_ONCE => read.push(leaf),
                _ => {
                    reads.push(vec![leaf]);
                    posts = leaf.count as usize;
                }
            }
        }
        reads
    }
}

impl SitemapFile {
    /// How many posts it has, visible or not.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Differs whenever the visible posts differ. A leaf without posts that came due or expired
    /// since the last write shows the same ones at any moment; else the moment counts.
    pub fn hash(&self) -> u128 {
        let mut hash = Xxh3::new();
        for leaf in self.reads.iter().flatten() {
            hash.update(leaf.key().as_bytes());
        }
        if self.is_stale {
            hash.update(&self.t.to_be_bytes());
        }
        hash.digest128()
    }

    /// Goes through the visible posts, reading a few leaves at a time: six round trips at most.
    pub fn each(
        &self,
        store: &impl Store,
        mut visit: impl FnMut(&Listed<'_>),
    ) -> Result<(), IndexError> {
        for names in &self.reads {
            for node in fetch(store, names)? {
                for listed in node.items::<Listed<'_>>() {
                    let listed = listed?;
                    if listed.visible(self.t) {
                        visit(&listed);
                    }
                }
            }
        }
        Ok(())
    }
}
