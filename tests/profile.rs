//! Heap profiles: of guests that know what they allocate, read by this program and by Go's.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed, and says where"
)]

#[allow(dead_code, reason = "this binary needs a part of what the others need")]
mod site {
    pub mod guests;
    pub mod http;
    pub mod program;
}

mod profile {
    mod run;

    mod counts;
    mod failures;
    mod growth;
    mod pprof;
    mod readers;
}
