//! Growth: what is alive after each request, compared at three moments.
//!
//! A stack grows with the number of requests if it held more in the middle than after the
//! warm-up, and more at the end than in the middle. A step, a filled cache or a table that
//! was made once fails one of the two; a table that doubles passes both.

use std::collections::HashMap;

use super::Key;
use crate::stacks::StackId;

/// The requests after which to look.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Schedule {
    pub(crate) warm: u32,
    pub(crate) middle: u32,
    pub(crate) last: u32,
}

/// Live blocks and bytes per stack at the moments of a schedule.
#[derive(Debug)]
pub(crate) struct Growth {
    schedule: Schedule,
    held: HashMap<StackId, [Held; 3]>,
}

/// What a stack holds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Held {
    pub(crate) blocks: u64,
    pub(crate) bytes: u64,
}

impl Schedule {
    /// For so many requests of so many kinds, given in turn: the warm-up is a tenth, and each
    /// span holds every kind equally often.
    pub(crate) fn new(requests: u32, kinds: u32) -> Self {
        let rounds = requests / kinds.max(1);
        let warm = (rounds / 10).max(1);
        let middle = warm + (rounds.saturating_sub(warm)) / 2;
        let after = |rounds: u32| rounds * kinds;
        Self {
            warm: after(warm),
            middle: after(middle),
            last: after(rounds),
        }
    }

    /// How many requests lie between the first and the last moment.
    pub(crate) fn measured(&self) -> u32 {
        self.last.saturating_sub(self.warm)
    }
}

impl Growth {
    pub(super) fn new(schedule: Schedule) -> Self {
        Self {
            schedule,
            held: HashMap::new(),
        }
    }

    pub(super) fn note(&mut self, request: u32, blocks: impl Iterator<Item = Key>) {
        let Schedule { warm, middle, last } = self.schedule;
        let moments = [warm, middle, last];
        let Some(moment) = moments.iter().position(|moment| *moment == request) else {
            return;
        };
        for key in blocks {
            let held = &mut self.held.entry(key.stack).or_default()[moment];
            held.blocks += 1;
            held.bytes += key.bytes;
        }
    }

    /// The stacks that grow, and by how much from the first moment to the last.
    pub(crate) fn growing(&self) -> impl Iterator<Item = (StackId, Held)> {
        self.held
            .iter()
            .filter_map(|(stack, [warm, middle, last])| {
                let grows = warm.bytes < middle.bytes && middle.bytes < last.bytes;
                let by = Held {
                    blocks: last.blocks.saturating_sub(warm.blocks),
                    bytes: last.bytes.saturating_sub(warm.bytes),
                };
                grows.then_some((*stack, by))
            })
    }
}
