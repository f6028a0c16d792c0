//! Heap profiles: of guests that know what they allocate, read by this program and by Go's.

mod components;
mod run;

mod counts;
mod failures;
mod growth;
mod order;
mod pprof;
mod readers;
mod story;
