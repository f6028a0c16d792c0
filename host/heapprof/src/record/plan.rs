//! The plan of a recording.

use std::path::Path;

use instance::{Missing, RequestTemplate, Setting};

use crate::allocators::Allocator;

/// What to run, and how often.
pub struct Plan<'a> {
    /// The file of the component.
    pub component: &'a Path,
    /// The requests, which take turns.
    pub requests: &'a [RequestTemplate],
    /// How many requests to put.
    pub count: u32,
    /// How many of them an instance answers before it is replaced.
    pub reuse: u32,
    /// Allocators besides those that are known.
    pub allocators: &'a [Allocator],
    /// What becomes of imports that the host does not offer.
    pub missing: Missing,
    /// What it has to heed.
    pub setting: Setting,
    /// What is told how many requests were answered.
    pub progress: &'a (dyn Fn(u32) + Sync),
}
