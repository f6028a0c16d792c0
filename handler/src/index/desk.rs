//! The desk of a write: leaves are read a few ahead and new nodes are written in groups, so
//! that memory holds a few of them however many a batch touches.

use super::IndexError;
use super::node::{Node, NodeName, fetch};
use crate::store::Store;
use std::collections::VecDeque;

/// What lies between the store and a write of the index.
pub(super) struct Desk<'s, S> {
    store: &'s S,
    /// The moment of the write.
    pub(super) now: i64,
    /// Nodes that this write may still add for no other reason than size or stale numbers.
    pub(super) spare: usize,
    /// Stale leaves that this write may still count again.
    pub(super) recounts: usize,
    pub(super) nodes: usize,
    pub(super) bytes: usize,
    soon: VecDeque<NodeName>,
    ahead: Vec<Node>,
    pending: Vec<(String, Vec<u8>)>,
    pending_bytes: usize,
}

/// Leaves read in one round trip.
const AHEAD: usize = 16;
/// Bytes written in one round trip.
const GROUP: usize = 1 << 20;
/// Stale leaves counted again in one write: at most 2 MiB are read for it.
const RECOUNTS: usize = 64;

impl<'s, S: Store> Desk<'s, S> {
    pub(super) fn new(store: &'s S, now: i64, spare: usize) -> Self {
        Desk {
            store,
            now,
            spare,
            recounts: RECOUNTS,
            nodes: 0,
            bytes: 0,
            soon: VecDeque::new(),
            ahead: Vec::new(),
            pending: Vec::new(),
            pending_bytes: 0,
        }
    }

    /// Says which nodes will be loaded, in that order.
    pub(super) fn announce(&mut self, names: impl IntoIterator<Item = NodeName>) {
        self.soon.extend(names);
    }

    /// Reads a node, and those announced after it if that takes a round trip.
    pub(super) fn load(&mut self, name: NodeName) -> Result<Node, IndexError> {
        if let Some(at) = self.ahead.iter().position(|node| node.name == name) {
            return Ok(self.ahead.swap_remove(at));
        }
        let passed = self.soon.iter().position(|next| *next == name);
        self.soon.drain(..passed.map_or(0, |at| at + 1));
        let next = self.soon.len().min(AHEAD - 1);
        let names: Vec<_> = [name].into_iter().chain(self.soon.drain(..next)).collect();
        self.ahead = fetch(self.store, &names)?;
        Ok(self.ahead.swap_remove(0))
    }

    /// Writes a node, now or with the next ones.
    pub(super) fn write(&mut self, node: Node) -> Result<(), IndexError> {
        if self.pending_bytes + node.bytes.len() > GROUP {
            self.flush()?;
        }
        self.nodes += 1;
        self.bytes += node.bytes.len();
        self.pending_bytes += node.bytes.len();
        self.pending.push((node.name.key(), node.bytes));
        Ok(())
    }

    /// Writes what is left.
    pub(super) fn flush(&mut self) -> Result<(), IndexError> {
        if !self.pending.is_empty() {
            self.store.set_many(&self.pending)?;
            self.pending.clear();
            self.pending_bytes = 0;
        }
        Ok(())
    }
}
