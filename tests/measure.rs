//! Measuring as its users meet it: the real binary on components that leak in known ways.

mod drift;
mod program;

mod allocators;
mod fixtures;
mod host;
mod imports;
mod mistakes;
mod reports;
mod schema;
mod service;
