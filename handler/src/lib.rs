//! The blog: a request in, a response out, over a [`Store`](store::Store) and a moment in time.

pub mod index;
pub mod store;
