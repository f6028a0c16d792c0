//! The index through its public methods, over the store in memory.

mod blog;
mod costs;
mod faults;
mod model;
