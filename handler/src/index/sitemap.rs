//! The posts for a sitemap, in files that one request can make. Files are counted from the
//! oldest post, so that a new post changes the last file only.

use super::entry::{Entry, Facts};
use super::node::fetch;
use super::series::LeafRef;
use super::{Index, IndexError, Listed};
use crate::store::Store;

/// The most posts in a file, visible or not; the protocol allows 50,000.
const POSTS: usize = 5_000;
/// The most leaves read for a file: 1 MiB.
const LEAVES: usize = 32;
/// Leaves read at once.
const AT_ONCE: usize = 8;

impl Index {
    /// How many files the sitemap has; at least one.
    pub fn sitemap_files(&self) -> usize {
        self.files().len()
    }

    /// The visible posts of sitemap file `number`, from 1; `None` beyond the last. Four round
    /// trips at most.
    pub fn sitemap(
        &self,
        store: &impl Store,
        number: usize,
        t: i64,
    ) -> Result<Option<Vec<Listed<'static>>>, IndexError> {
        let files = self.files();
        let Some(file) = number.checked_sub(1).and_then(|at| files.get(at)) else {
            return Ok(None);
        };
        let mut posts = Vec::new();
        for leaves in file.chunks(AT_ONCE) {
            let names: Vec<_> = leaves.iter().map(|leaf| leaf.node).collect();
            for node in fetch(store, &names)? {
                for listed in node.items::<Listed<'_>>() {
                    let listed = listed?;
                    if listed.visible(t) {
                        posts.push(Entry::own(listed));
                    }
                }
            }
        }
        Ok(Some(posts))
    }

    fn files(&self) -> Vec<Vec<&LeafRef>> {
        let mut files = vec![Vec::new()];
        let mut posts = 0;
        for leaf in self.head.posts.leaves.iter().rev() {
            let file = &files[files.len() - 1];
            if !file.is_empty() && (posts + leaf.count as usize > POSTS || file.len() == LEAVES) {
                files.push(Vec::new());
                posts = 0;
            }
            posts += leaf.count as usize;
            let last = files.len() - 1;
            files[last].push(leaf);
        }
        files
    }
}
