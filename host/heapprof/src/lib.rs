//! Heap profiles of WebAssembly components as they are: the functions of their allocator are
//! watched, and each allocation is counted for the stack that asked for it.

mod allocators;
mod callers;
mod guest;
pub mod heap;
mod ledger;
mod points;
mod pprof;
mod probe;
mod record;
pub mod served;
mod stacks;
mod symbols;

pub use allocators::{Allocator, known};
pub use heap::Heap;
pub use record::{Plan, record};
