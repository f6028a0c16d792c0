//! What the tests and the benchmarks share: components built from source, the running program,
//! and HTTP clients that may behave badly.

pub mod guests;
pub mod http;
pub mod program;
pub mod prometheus;
pub mod proxy;
