//! Mayfly as its users meet it: the real binary, real HTTP, real files and stores. One binary
//! holds all of it, as each one that links wasmtime takes long to build.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed, and says where"
)]

mod support;

mod durability;
mod measure;
mod profile;
mod scale;
mod site;
mod statistics;
