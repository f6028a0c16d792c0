//! Redis as a store: shared by hosts, written to by several publishers, and lost on the way.

mod blog;
mod conflicts;
mod loss;
mod opening;
pub mod server;
mod sharing;
