//! Paths of former times: each leads to a post or a page by a key of its own.

use crate::compile::Kind;
use crate::route;
use xxhash_rust::xxh3::xxh3_128;

/// The key of a decoded path. A long one is hashed: keys have at most 256 bytes.
pub fn key(path: &str) -> String {
    if path.len() <= 200 {
        format!("alias{path}")
    } else {
        format!("alias#{:032x}", xxh3_128(path.as_bytes()))
    }
}

/// Where an alias of a document leads: its percent-encoded path.
pub fn target(kind: Kind, slug: &str) -> String {
    match kind {
        Kind::Post => route::encode(&["posts", slug]),
        Kind::Page => route::encode(&[slug]),
    }
}
