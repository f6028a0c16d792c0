//! A heap profile in memory: stacks with what they allocated, as all readers see it.
//!
//! It is recorded from a run or read from a capture; both ways lead through this form, so
//! what is shown of a component is what a capture of it would show.

pub mod decode;
pub mod encode;

use std::ops::{Add, AddAssign, Sub};
use std::time::Duration;

/// A heap profile.
#[derive(Clone, Debug, Default)]
pub struct Heap {
    pub modules: Vec<Module>,
    pub functions: Vec<Function>,
    pub locations: Vec<Location>,
    pub samples: Vec<Sample>,
    pub run: Run,
    /// Matches functions whose frames, and those of all that they call, are left out.
    pub drop_frames: String,
}

/// A core module of the component.
#[derive(Clone, Debug)]
pub struct Module {
    pub file: String,
    pub build_id: String,
    /// Addresses of different modules do not overlap.
    pub start: u64,
    pub end: u64,
}

/// A function, possibly inlined.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Function {
    pub name: String,
    pub system_name: String,
    pub file: String,
}

/// A place in the code.
#[derive(Clone, Debug)]
pub struct Location {
    pub module: usize,
    pub address: u64,
    /// Inlined functions first, the function that they are in last.
    pub lines: Vec<Line>,
}

/// A function and the line in it; 0 if that is not known.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Line {
    pub function: usize,
    pub line: i64,
}

/// What one stack allocated, in blocks of one size.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Numbers of locations, innermost first.
    pub stack: Vec<usize>,
    pub amounts: Amounts,
    pub labels: Labels,
}

/// What a sample is about, besides its stack.
#[derive(Clone, Debug, Default)]
pub struct Labels {
    /// The size of each block.
    pub bytes: Option<i64>,
    /// The request that the user named: `GET /`.
    pub request: Option<String>,
    /// Which request of the run allocated the blocks, from 1; of blocks alive at the end only.
    pub number: Option<i64>,
    /// When it allocated the first of them, since the start of the run.
    pub at_us: Option<i64>,
    /// Which of all allocations of the run the first of them was, from 1.
    pub order: Option<i64>,
}

/// Everything that is counted of a sample.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Amounts {
    /// All that was handed out.
    pub alloc: Amount,
    /// Of it, what was not freed at the end of the last request.
    pub inuse: Amount,
    /// Of it, what was alive when the most bytes were.
    pub peak: Amount,
    /// Of it, what was freed before anything else was allocated.
    pub temporary: Amount,
    /// By how much the live blocks grew with the number of requests.
    pub grown: Amount,
}

/// Blocks and their bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Amount {
    pub blocks: i64,
    pub bytes: i64,
}

/// How the profile came about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Run {
    pub requests: u32,
    /// Of them, how many lie between the moments at which growth is looked at.
    pub measured: u32,
    /// How many requests an instance answered before it was replaced.
    pub reuse: u32,
    /// Linear memory of the last instance before and after its last request.
    pub memory_before: i64,
    pub memory_after: i64,
    pub time_ns: i64,
    pub duration_ns: i64,
    /// What the user should know besides: a trap, memory that was refused.
    pub remarks: Vec<String>,
    /// Names of the functions that were watched; not part of a capture.
    pub allocators: Vec<String>,
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
    pub fn total(&self) -> Amounts {
        self.samples
            .iter()
            .fold(Amounts::default(), |sum, sample| sum + sample.amounts)
    }
}

impl Amount {
    /// So many blocks of the same size.
    pub fn of(blocks: u64, bytes: u64) -> Self {
        Self {
            blocks: blocks as i64,
            bytes: (blocks * bytes) as i64,
        }
    }
}

// Captures of other programs may hold any numbers.
impl Add for Amount {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            blocks: self.blocks.saturating_add(other.blocks),
            bytes: self.bytes.saturating_add(other.bytes),
        }
    }
}

impl Sub for Amount {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self {
            blocks: self.blocks.saturating_sub(other.blocks),
            bytes: self.bytes.saturating_sub(other.bytes),
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
