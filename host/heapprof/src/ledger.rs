//! The ledger: what the guest allocated and freed, summed per stack, size and kind of request.
//!
//! It keeps live blocks and sums, never events, so that it grows with the guest's memory and
//! the variety of its stacks and not with the length of a run.

mod growth;
#[cfg(test)]
mod tests;

use std::time::Instant;

use super::stacks::StackId;
pub(super) use growth::{Growth, Schedule};
use rustc_hash::FxHashMap as HashMap;

/// Everything that was counted.
pub(super) struct Ledger {
    start: Instant,
    entries: Vec<Entry>,
    known: HashMap<Key, u32>,
    live: HashMap<Place, Block>,
    live_bytes: u64,
    peak_bytes: u64,
    /// Counts new peaks, so that an entry can tell whether it has changed since the last.
    peak: u64,
    allocations: u64,
    kind: u32,
    request: u32,
    growth: Growth,
}

/// The address of a block in the memory that one allocator serves.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(super) struct Place {
    pub(super) instance: u32,
    pub(super) address: u64,
}

/// What is counted together.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(super) struct Key {
    pub(super) stack: StackId,
    pub(super) bytes: u64,
    /// Which of the requests that the user named.
    pub(super) kind: u32,
}

/// Numbers of blocks of one key.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) key: Key,
    /// Which of all allocations the first of them was, from 1.
    pub(super) first: u64,
    pub(super) allocated: u64,
    /// Freed before anything else was allocated.
    pub(super) temporary: u64,
    pub(super) live: u64,
    /// How many were alive at the peak numbered `peak`.
    at_peak: u64,
    peak: u64,
}

/// A block that has not been freed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block {
    pub(super) entry: u32,
    /// Which request allocated it, from 1.
    pub(super) request: u32,
    /// Since the start of the run.
    pub(super) at_us: u64,
    /// Which of all allocations it was, from 1.
    pub(super) allocation: u64,
}

impl Ledger {
    pub(super) fn new(schedule: Schedule) -> Self {
        Self {
            start: Instant::now(),
            entries: Vec::new(),
            known: HashMap::default(),
            live: HashMap::default(),
            live_bytes: 0,
            peak_bytes: 0,
            peak: 0,
            allocations: 0,
            kind: 0,
            request: 0,
            growth: Growth::new(schedule),
        }
    }

    /// From now on allocations belong to the next request, of this kind.
    pub(super) fn begin_request(&mut self, kind: u32) {
        self.kind = kind;
        self.request += 1;
    }

    /// The request is over.
    pub(super) fn end_request(&mut self) {
        let blocks = self
            .live
            .values()
            .map(|block| self.entries[block.entry as usize].key);
        self.growth.note(self.request, blocks);
    }

    /// A new instance starts with an empty memory.
    pub(super) fn begin_instance(&mut self) {
        for place in self.live.keys().copied().collect::<Vec<_>>() {
            self.drop_block(place);
        }
    }

    /// A block of `bytes` was handed out at `place`.
    pub(super) fn allocate(&mut self, place: Place, stack: StackId, bytes: u64) {
        // The allocator gives only free memory, so a block that is still known here was
        // freed in a way that nobody saw.
        self.drop_block(place);
        self.allocations += 1;
        let key = Key {
            stack,
            bytes,
            kind: self.kind,
        };
        let number = self.entry(key);
        let entry = &mut self.entries[number as usize];
        entry.settle(self.peak);
        entry.allocated += 1;
        entry.live += 1;
        self.live_bytes += bytes;
        if self.live_bytes > self.peak_bytes {
            self.peak_bytes = self.live_bytes;
            self.peak += 1;
        }
        let block = Block {
            entry: number,
            request: self.request,
            at_us: self.start.elapsed().as_micros() as u64,
            allocation: self.allocations,
        };
        self.live.insert(place, block);
    }

    /// The block at `place` was taken back.
    pub(super) fn free(&mut self, place: Place) {
        if let Some(block) = self.drop_block(place) {
            let temporary = block.allocation == self.allocations;
            self.entries[block.entry as usize].temporary += u64::from(temporary);
        }
    }

    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    pub(super) fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.live.values()
    }

    pub(super) fn growth(&self) -> &Growth {
        &self.growth
    }

    /// How many blocks of `entry` were alive when the most bytes were.
    pub(super) fn at_peak(&self, entry: &Entry) -> u64 {
        if entry.peak == self.peak {
            entry.at_peak
        } else {
            entry.live
        }
    }

    pub(super) fn requests(&self) -> u32 {
        self.request
    }

    fn drop_block(&mut self, place: Place) -> Option<Block> {
        let block = self.live.remove(&place)?;
        let entry = &mut self.entries[block.entry as usize];
        entry.settle(self.peak);
        entry.live -= 1;
        self.live_bytes -= entry.key.bytes;
        Some(block)
    }

    fn entry(&mut self, key: Key) -> u32 {
        *self.known.entry(key).or_insert_with(|| {
            // Not alive at any peak so far.
            self.entries.push(Entry {
                key,
                first: self.allocations,
                allocated: 0,
                temporary: 0,
                live: 0,
                at_peak: 0,
                peak: self.peak,
            });
            self.entries.len() as u32 - 1
        })
    }
}

impl Entry {
    /// Keeps the number of live blocks as of the last peak before it changes for the first
    /// time after that peak. So no peak ever costs a walk over all entries.
    fn settle(&mut self, peak: u64) {
        if self.peak != peak {
            self.at_peak = self.live;
            self.peak = peak;
        }
    }
}
