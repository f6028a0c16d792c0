//! The commands that are about a blog. What they do is in the library `client`; here are their
//! flags, and what they print.

pub mod blog_flags;
pub mod check;
pub mod export;
pub mod maintenance;
pub mod new_post;
pub(crate) mod problems;
pub mod publish;
pub(crate) mod terminal;
