//! Entity tags (RFC 9110, 8.8.3).

use serde::{Serialize, Serializer};
use std::fmt;
use xxhash_rust::xxh3::xxh3_128;

/// A strong entity tag; two entities of one address with equal tags have equal bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ETag(pub u128);

impl ETag {
    pub fn of(bytes: &[u8]) -> Self {
        Self(xxh3_128(bytes))
    }

    /// The tag in a header or a body, with or without its quotes.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.trim();
        let digits = digits
            .strip_prefix('"')
            .map_or(Some(digits), |rest| rest.strip_suffix('"'))?;
        let is_hash = digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        let hash = is_hash.then(|| u128::from_str_radix(digits, 16).ok());
        hash.flatten().map(Self)
    }
}

/// With its quotes, as headers have it.
impl fmt::Display for ETag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{:032x}\"", self.0)
    }
}

/// Without quotes, as the hash in JSON bodies.
impl Serialize for ETag {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:032x}", self.0))
    }
}

/// Whether a client that sends this `If-None-Match` holds the entity with this tag.
///
/// The comparison is weak (RFC 9110, 13.1.2), and what a proxy appends where it compresses the
/// entity does not count either: the client gets it back compressed by the same proxy.
pub fn is_held(if_none_match: &str, tag: &str) -> bool {
    let opaque = |tag: &str| -> String {
        let tag = tag.trim();
        tag.strip_prefix("W/").unwrap_or(tag).to_owned()
    };
    let tag = opaque(tag);
    let bare = |held: &str| {
        let held = opaque(held);
        let inner = held.strip_suffix('"')?;
        let coded = ["gzip", "br", "zstd", "deflate"]
            .iter()
            .find_map(|coding| inner.strip_suffix(coding))?;
        let separators = ["--", "-", ";"];
        let bare = separators.iter().find_map(|one| coded.strip_suffix(one))?;
        Some(format!("{bare}\""))
    };
    if_none_match.trim() == "*"
        || if_none_match
            .split(',')
            .any(|held| opaque(held) == tag || bare(held).as_ref() == Some(&tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_read_as_it_is_written() {
        let tag = ETag::of(b"text");
        assert_eq!(ETag::parse(&tag.to_string()), Some(tag));
        let json = serde_json::to_string(&tag).expect("JSON");
        assert_eq!(json, tag.to_string());
        for other in ["", "\"", "me", "W/\"00\"", "\"0123\""] {
            assert_eq!(ETag::parse(other), None, "{other}");
        }
    }
}
