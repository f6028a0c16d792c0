//! The host of Mayfly: serves a `wasi:http` component with a fresh instance per request.
//!
//! From the outside in: a manifest names a component and what it may reach; the runtime runs
//! it; `serve` puts it on a socket and `publish` sends content to it. Only `publish` knows
//! that the component is a blog.

pub mod admin_token;
pub mod application;
pub mod bindings;
mod html;
pub mod keyvalue;
pub mod log;
pub mod manifest;
pub mod measure;
pub mod metrics;
pub mod profile;
pub mod publish;
pub mod runtime;
pub mod serve;
pub mod units;
pub mod variables;
