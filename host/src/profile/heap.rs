//! A heap profile in memory: stacks with what they allocated, as all readers see it.
//!
//! It is recorded from a run or read from a capture; both ways lead through this form, so
//! what is shown of a component is what a capture of it would show.

pub(super) mod decode;
pub(super) mod encode;
pub(super) mod text;

use std::ops::{Add, AddAssign, Sub};
use std::time::Duration;

/// A heap profile.
#[derive(Clone, Debug, Default)]
pub struct Heap {
    pub(super) modules: Vec<Module>,
    pub(super) functions: Vec<Function>,
    pub(super) locations: Vec<Location>,
    pub(super) samples: Vec<Sample>,
    pub(super) run: Run,
    /// Matches functions whose frames, and those of all that they call, are left out.
    pub(super) drop_frames: String,
}

/// A core module of the component.
#[derive(Clone, Debug)]
pub(super) struct Module {
    pub(super) file: String,
    pub(super) build_id: String,
    /// Addresses of different modules do not overlap.
    pub(super) start: u64,
    pub(super) end: u64,
}

/// A function, possibly inlined.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(super) struct Function {
    pub(super) name: String,
    pub(super) system_name: String,
    pub(super) file: String,
}

/// A place in the code.
#[derive(Clone, Debug)]
pub(super) struct Location {
    pub(super) module: usize,
    pub(super) address: u64,
    /// Inlined functions first, the function that they are in last.
    pub(super) lines: Vec<Line>,
}

/// A function and the line in it; 0 if that is not known.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(super) struct Line {
    pub(super) function: usize,
    pub(super) line: i64,
}

/// What one stack allocated, in blocks of one size.
#[derive(Clone, Debug)]
pub(super) struct Sample {
    /// Numbers of locations, innermost first.
    pub(super) stack: Vec<usize>,
    pub(super) amounts: Amounts,
    pub(super) labels: Labels,
}

/// What a sample is about, besides its stack.
#[derive(Clone, Debug, Default)]
pub(super) struct Labels {
    /// The size of each block.
    pub(super) bytes: Option<i64>,
    /// The request that the user named: `GET /`.
    pub(super) request: Option<String>,
    /// Which request of the run allocated the blocks, from 1; of blocks alive at the end only.
    pub(super) number: Option<i64>,
    /// When it allocated the first of them, since the start of the run.
    pub(super) at_us: Option<i64>,
    /// Which of all allocations of the run the first of them was, from 1.
    pub(super) order: Option<i64>,
}

/// Everything that is counted of a sample.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Amounts {
    /// All that was handed out.
    pub(super) alloc: Amount,
    /// Of it, what was not freed at the end of the last request.
    pub(super) inuse: Amount,
    /// Of it, what was alive when the most bytes were.
    pub(super) peak: Amount,
    /// Of it, what was freed before anything else was allocated.
    pub(super) temporary: Amount,
    /// By how much the live blocks grew with the number of requests.
    pub(super) grown: Amount,
}

/// Blocks and their bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Amount {
    pub(super) blocks: i64,
    pub(super) bytes: i64,
}

/// How the profile came about.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Run {
    pub(super) requests: u32,
    /// Of them, how many lie between the moments at which growth is looked at.
    pub(super) measured: u32,
    /// How many requests an instance answered before it was replaced.
    pub(super) reuse: u32,
    /// Linear memory of the last instance before and after its last request.
    pub(super) memory_before: i64,
    pub(super) memory_after: i64,
    pub(super) time_ns: i64,
    pub(super) duration_ns: i64,
    /// What the user should know besides: a trap, memory that was refused.
    pub(super) remarks: Vec<String>,
    /// Names of the functions that were watched; not part of a capture.
    pub(super) allocators: Vec<String>,
}

impl Heap {
    /// How long the requests of the run took, all together.
    pub fn duration(&self) -> Duration {
        Duration::from_nanos(self.run.duration_ns.unsigned_abs())
    }

    /// How many blocks were handed out.
    pub fn blocks(&self) -> i64 {
        self.total().alloc.blocks
    }

    /// The sum over all samples.
    pub(super) fn total(&self) -> Amounts {
        self.samples
            .iter()
            .fold(Amounts::default(), |sum, sample| sum + sample.amounts)
    }
}

impl Amount {
    /// So many blocks of the same size.
    pub(super) fn of(blocks: u64, bytes: u64) -> Self {
        Self {
            blocks: blocks as i64,
            bytes: (blocks * bytes) as i64,
        }
    }
}

impl Add for Amount {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            blocks: self.blocks + other.blocks,
            bytes: self.bytes + other.bytes,
        }
    }
}

impl Sub for Amount {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self {
            blocks: self.blocks - other.blocks,
            bytes: self.bytes - other.bytes,
        }
    }
}

impl AddAssign for Amount {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Add for Amounts {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            alloc: self.alloc + other.alloc,
            inuse: self.inuse + other.inuse,
            peak: self.peak + other.peak,
            temporary: self.temporary + other.temporary,
            grown: self.grown + other.grown,
        }
    }
}

impl Sub for Amounts {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self {
            alloc: self.alloc - other.alloc,
            inuse: self.inuse - other.inuse,
            peak: self.peak - other.peak,
            temporary: self.temporary - other.temporary,
            grown: self.grown - other.grown,
        }
    }
}
