//! The tests of `blog`, over a store that answers as Spin's does.

include!("blog/main.rs");
