//! The commands of `mayfly`, over the libraries beside it: `instance` runs components, `keyvalue`
//! keeps their data, `leaktest` and `heapprof` judge their memory.
//!
//! A manifest names a component and what it may reach; `serve` puts it on a socket. That it is a
//! blog is known to `target`, which talks to its interface, to the commands that go through there
//! (`publish`, `export`, `check`, `upkeep`, and `new_post`, which writes for them), to `serve
//! --content`, which publishes first, and to `admin_token`.

#![warn(missing_docs)]
// They panic where the reader of a pipe has gone, or the disk is full: `print` does not.
#![warn(clippy::print_stdout, clippy::print_stderr)]

pub mod admin_token;
pub mod application;
pub mod check;
pub mod export;
pub mod failure;
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
