//! Heap profiles: of guests that know what they allocate, read by this program and by Go's.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed, and says where"
)]

#[allow(dead_code, reason = "these serve other tests too")]
#[path = "site/guests.rs"]
mod guests;
#[allow(dead_code, reason = "these serve other tests too")]
#[path = "site/http.rs"]
mod http;
#[allow(dead_code, reason = "these serve other tests too")]
#[path = "site/program.rs"]
mod program;

mod profile {
    mod components;
    mod run;

    mod counts;
    mod failures;
    mod growth;
    mod order;
    mod pprof;
    mod readers;
    mod story;
}
