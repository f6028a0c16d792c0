//! The nodes that an index needs, for whoever collects the others.

use super::node::{NodeName, fetch};
use super::tags::Row;
use super::{Index, IndexError};
use crate::store::Store;
use std::collections::HashSet;

impl Index {
    /// The names of all nodes of this index; reads the tag table, one chunk at a time.
    pub fn reachable(&self, store: &impl Store) -> Result<HashSet<NodeName>, IndexError> {
        let head = &self.head;
        let series = [&head.posts, &head.drafts, &head.pages];
        let leaves = series.iter().flat_map(|series| &series.leaves);
        let mut names: HashSet<_> = leaves.map(|leaf| leaf.node).collect();
        for chunk in &head.tags {
            names.insert(chunk.node);
            for node in fetch(store, &[chunk.node])? {
                for row in node.items::<Row<'_>>() {
                    let leaves = row?.posts(&node)?.series.leaves;
                    names.extend(leaves.iter().map(|leaf| leaf.node));
                }
            }
        }
        Ok(names)
    }
}
