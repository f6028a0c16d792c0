//! The commands of `mayfly`, over the libraries beside it: `instance` runs components, `keyvalue`
//! keeps their data, `leaktest` and `heapprof` judge their memory, `client` talks to a blog.
//!
//! A manifest names a component and what it may reach; `serve` puts it on a socket. That it is a
//! blog is known to `commands`, to `serve --content`, which publishes first, and to `application`,
//! which gives it its admin token.

#![warn(missing_docs)]
// They panic where the reader of a pipe has gone, or the disk is full: `print` does not.
#![warn(clippy::print_stdout, clippy::print_stderr)]

pub mod application;
pub mod commands;
pub mod failure;
mod flags;
mod html;
mod in_process;
pub mod log;
pub mod manifest;
pub mod measure;
pub mod metrics;
pub mod print;
pub mod profile;
mod progress;
pub mod serve;
pub mod variables;
