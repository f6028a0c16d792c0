//! The host of Mayfly: serves a `wasi:http` component with a fresh instance per request.
//!
//! From the outside in: a manifest names a component and what it may reach; the runtime runs
//! it; `serve` puts it on a socket. That the component is a blog is known only to `target`, which
//! talks to its interface, and to the commands that go through there: `publish`, `export`,
//! `check`, `upkeep`, and `new_post`, which writes for them.

#![warn(missing_docs)]
// They panic where the reader of a pipe has gone, or the disk is full: `print` does not.
#![warn(clippy::print_stdout, clippy::print_stderr)]

pub mod admin_token;
pub mod application;
pub mod check;
pub mod export;
mod flags;
mod html;
pub mod log;
pub mod manifest;
pub mod measure;
pub mod metrics;
pub mod new_post;
pub mod print;
pub mod profile;
mod progress;
pub mod publish;
pub mod serve;
pub mod target;
pub mod upkeep;
pub mod variables;
