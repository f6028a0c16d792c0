//! `measure`: does a component leak?

pub mod statistics;
