//! Measuring as its users meet it: the real binary on components that leak in known ways.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed, and says where"
)]

#[path = "site/guests.rs"]
#[expect(dead_code, reason = "the tests of the site use the rest of it")]
mod guests;

mod measure {
    mod allocators;
    mod drift;
    mod program;

    mod fixtures;
    mod host;
    mod imports;
    mod mistakes;
    mod reports;
    mod schema;
    mod service;
}
