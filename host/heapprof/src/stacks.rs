//! Guest stacks, each stored once: a tree in which a node is a frame and its parent the
//! frame that called it.

use rustc_hash::FxHashMap as HashMap;

/// Where a frame is: the number of its module and the offset in it.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(super) struct Frame {
    pub(super) module: u32,
    pub(super) function: u32,
    pub(super) offset: u32,
}

/// A stack, by the node of its innermost frame.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(super) struct StackId(u32);

/// All stacks.
#[derive(Debug, Default)]
pub(super) struct Stacks {
    nodes: Vec<(StackId, Frame)>,
    known: HashMap<(StackId, Frame), StackId>,
}

const ROOT: StackId = StackId(u32::MAX);

impl Stacks {
    /// The stack of `frames`, innermost first.
    pub(super) fn intern(&mut self, frames: &[Frame]) -> StackId {
        frames.iter().rev().fold(ROOT, |caller, frame| {
            *self.known.entry((caller, *frame)).or_insert_with(|| {
                self.nodes.push((caller, *frame));
                StackId(self.nodes.len() as u32 - 1)
            })
        })
    }

    /// The frames of `stack`, innermost first.
    pub(super) fn frames(&self, stack: StackId) -> impl Iterator<Item = Frame> {
        let node = |id: StackId| self.nodes.get(id.0 as usize);
        std::iter::successors(node(stack), move |(caller, _)| node(*caller))
            .map(|(_, frame)| *frame)
    }
}
