//! The call graph: what each function allocates itself and with all that it calls, and how
//! much of that passes from which caller to which callee.

use std::collections::{HashMap, HashSet};

use crate::profile::view::View;
use heapprof::heap::Amount;

/// A function's amounts.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Node {
    /// Its own.
    pub(super) flat: Amount,
    /// With all that it calls.
    pub(super) cum: Amount,
}

/// All functions by number, and what passes between two of them.
#[derive(Debug, Default)]
pub(super) struct Nodes {
    pub(super) nodes: HashMap<usize, Node>,
    /// By caller and callee.
    pub(super) edges: HashMap<(usize, usize), Amount>,
}

impl Nodes {
    pub(super) fn of(view: &View) -> Self {
        let mut graph = Self::default();
        for stack in &view.stacks {
            let names: Vec<_> = stack.calls.iter().map(|call| call.name).collect();
            // A function that calls itself is one function, and so is a call that it repeats.
            let mut seen = HashSet::new();
            let mut passed = HashSet::new();
            graph.nodes.entry(names[0]).or_default().flat += stack.amount;
            for name in &names {
                if seen.insert(*name) {
                    graph.nodes.entry(*name).or_default().cum += stack.amount;
                }
            }
            for pair in names.windows(2) {
                let (callee, caller) = (pair[0], pair[1]);
                if passed.insert((caller, callee)) {
                    *graph.edges.entry((caller, callee)).or_default() += stack.amount;
                }
            }
        }
        graph
    }

    /// Functions, the one with the largest `key` first; names break ties.
    pub(super) fn sorted(&self, view: &View, key: impl Fn(&Node) -> Amount) -> Vec<(usize, Node)> {
        let mut sorted: Vec<_> = self
            .nodes
            .iter()
            .map(|(name, node)| (*name, *node))
            .collect();
        let size = |node: &Node| {
            let amount = key(node);
            (amount.bytes.abs(), amount.blocks.abs())
        };
        sorted.sort_by(|(name, node), (other_name, other)| {
            let by_size = size(other).cmp(&size(node));
            by_size.then_with(|| view.name(*name).cmp(view.name(*other_name)))
        });
        sorted
    }
}
