//! The snapshot: the ledger's sums and live blocks, as samples with symbols.

use std::collections::BTreeMap;

use super::plan::Plan;
use crate::allocators;
use crate::heap::{Amount, Amounts, Heap, Labels, Run, Sample};
use crate::ledger::{Block, Entry, Ledger};
use crate::probe::Probe;
use crate::stacks::{StackId, Stacks};
use crate::symbols::Symbols;

/// How many functions of a stack a remark names.
const SHOWN_FRAMES: usize = 16;

/// What was seen until now.
pub(super) fn take(probe: &Probe, plan: &Plan, run: Run) -> Heap {
    let state = probe.state();
    let file = plan.component.file_name().unwrap_or_default();
    let mut heap = Heap {
        run,
        drop_frames: allocators::drop_frames(plan.allocators),
        ..Heap::default()
    };
    let symbols = Symbols::new(
        probe.watched().modules(),
        &file.to_string_lossy(),
        &mut heap,
    );
    let mut snapshot = Snapshot {
        plan,
        stacks: &state.stacks,
        symbols,
        heap,
    };
    snapshot.add_entries(&state.ledger);
    snapshot.add_growth(&state.ledger);
    if let Some(refused) = state.refused {
        snapshot.add_remark(
            &format!("{} bytes were refused to", refused.bytes),
            refused.stack,
        );
    }
    if let Some(trapped) = state.trapped {
        snapshot.add_remark("the trap was in", trapped);
    }
    snapshot.heap
}

struct Snapshot<'a> {
    plan: &'a Plan<'a>,
    stacks: &'a Stacks,
    symbols: Symbols<'a>,
    heap: Heap,
}

/// The live blocks of one entry that one request allocated.
#[derive(Clone, Copy)]
struct Kept<'a> {
    blocks: u64,
    first: &'a Block,
}

impl Snapshot<'_> {
    fn add_entries(&mut self, ledger: &Ledger) {
        let mut kept: BTreeMap<(u32, u32), Kept> = BTreeMap::new();
        for block in ledger.blocks() {
            let key = (block.entry, block.request);
            let kept = kept.entry(key).or_insert(Kept {
                blocks: 0,
                first: block,
            });
            kept.blocks += 1;
            if block.allocation < kept.first.allocation {
                kept.first = block;
            }
        }
        for (number, entry) in (0..).zip(ledger.entries()) {
            let kept = kept.range((number, 0)..=(number, u32::MAX));
            for kept in kept.map(|(_, kept)| kept) {
                self.add_kept(entry, *kept);
            }
            self.add_rest(entry, ledger.at_peak(entry));
        }
    }

    /// Blocks that are alive, with the request that they come from.
    fn add_kept(&mut self, entry: &Entry, kept: Kept) {
        let Block {
            request,
            at_us,
            allocation,
            ..
        } = *kept.first;
        let amount = Amount::of(kept.blocks, entry.key.bytes);
        let labels = Labels {
            number: Some(i64::from(request)),
            at_us: Some(at_us as i64),
            order: Some(allocation as i64),
            ..self.labels(entry)
        };
        let amounts = Amounts {
            alloc: amount,
            inuse: amount,
            ..Amounts::default()
        };
        self.add(entry.key.stack, amounts, labels);
    }

    /// Everything else that is known of an entry.
    fn add_rest(&mut self, entry: &Entry, at_peak: u64) {
        let amount = |blocks| Amount::of(blocks, entry.key.bytes);
        let amounts = Amounts {
            alloc: amount(entry.allocated - entry.live),
            peak: amount(at_peak),
            temporary: amount(entry.temporary),
            ..Amounts::default()
        };
        if amounts != Amounts::default() {
            self.add(entry.key.stack, amounts, self.labels(entry));
        }
    }

    fn add_growth(&mut self, ledger: &Ledger) {
        for (stack, held) in ledger.growth().growing() {
            let grown = Amount {
                blocks: held.blocks as i64,
                bytes: held.bytes as i64,
            };
            self.add(
                stack,
                Amounts {
                    grown,
                    ..Amounts::default()
                },
                Labels::default(),
            );
        }
    }

    fn add_remark(&mut self, what: &str, stack: StackId) {
        let stack = self.locations(stack);
        let heap = &mut self.heap;
        let lines = stack
            .iter()
            .flat_map(|location| &heap.locations[*location].lines);
        let names: Vec<_> = lines
            .map(|line| heap.functions[line.function].name.as_str())
            .take(SHOWN_FRAMES)
            .collect();
        let remark = format!("{what} {}", names.join(" < "));
        heap.run.remarks.push(remark);
    }

    fn add(&mut self, stack: StackId, amounts: Amounts, labels: Labels) {
        let stack = self.locations(stack);
        self.heap.samples.push(Sample {
            stack,
            amounts,
            labels,
        });
    }

    fn locations(&mut self, stack: StackId) -> Vec<usize> {
        let frames = self.stacks.frames(stack);
        frames
            .map(|frame| self.symbols.location(frame, &mut self.heap))
            .collect()
    }

    fn labels(&self, entry: &Entry) -> Labels {
        Labels {
            bytes: Some(entry.key.bytes as i64),
            request: Some(self.plan.requests[entry.key.kind as usize].to_string()),
            order: Some(entry.first as i64),
            ..Labels::default()
        }
    }
}
