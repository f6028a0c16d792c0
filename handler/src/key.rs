//! The schema of the store: every key that Mayfly reads or writes, and what lies under it.
//!
//! A key has at most 256 bytes and a value at most 512 KiB, which every host's store takes.
//!
//! The truth is `src/`, `media/`, `theme/` and `site`; from a document's source follow its page,
//! card, feed item, aliases and index entries, and from the documents the whole index.

use crate::document::{DocId, Kind};
use std::fmt;
use xxhash_rust::xxh3::xxh3_128;

/// A key of the store.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// The settings, ready to use, and the theme's own templates.
    Site,
    /// `site.toml` as it was sent.
    SiteSource,
    /// A compiled document.
    Document(DocId),
    /// A document's source, and what only its author needs to know of it.
    Source(DocId),
    /// What lists show of a post with a date, by its slug.
    Card(String),
    /// What feeds show of a post with a date, by its slug.
    FeedItem(String),
    /// Where a former path leads: the percent-encoded path of a document.
    Alias(String),
    /// An uploaded file, by its name: length, hash, parts.
    Media(String),
    /// A file of the theme that is no template, by its name.
    Theme(String),
    /// The bytes of a part of a file, by their hash.
    Part(u128),
    /// The root of the index.
    Head,
    /// Posts of one month: the number of months since year 0, and which part of them.
    Month { month: u32, part: u32 },
    /// Drafts, by slug: which part of them.
    Drafts { part: u32 },
    /// Pages, by slug: which part of them.
    Pages { part: u32 },
    /// Tags, by slug, with their counts and newest posts: which part of them.
    Tags { part: u32 },
    /// Posts under one tag: which part of them.
    Tagged { tag: String, part: u32 },
    /// Who is writing, and what.
    Lock,
    /// What was written of late.
    Recent,
    /// How far a reindex has come.
    Reindex,
    /// What nothing refers to, until it is deleted.
    Garbage,
    /// A node of an index before format 3; nothing reads it any more.
    OldNode(String),
}

/// The longest alias path that is part of its key; a longer one is hashed.
const MAX_ALIAS_BYTES: usize = 200;

impl Key {
    /// The key of a former path, which must be canonical.
    pub fn alias(path: &str) -> Self {
        if path.len() <= MAX_ALIAS_BYTES {
            Self::Alias(path.to_owned())
        } else {
            Self::Alias(format!("#{:032x}", xxh3_128(path.as_bytes())))
        }
    }

    /// The key that is written so.
    pub fn parse(text: &str) -> Option<Self> {
        let fixed = match text {
            "site" => Some(Self::Site),
            "site.toml" => Some(Self::SiteSource),
            "head" => Some(Self::Head),
            "lock" => Some(Self::Lock),
            "recent" => Some(Self::Recent),
            "reindex" => Some(Self::Reindex),
            "gc" => Some(Self::Garbage),
            _ => None,
        };
        if fixed.is_some() {
            return fixed;
        }
        if let Some(path) = text.strip_prefix("alias") {
            return path
                .starts_with(['/', '#'])
                .then(|| Self::Alias(path.to_owned()));
        }
        let (kind, name) = text.split_once('/')?;
        Some(match kind {
            "post" => Self::Document(DocId::post(name)),
            "page" => Self::Document(DocId::page(name)),
            "src" => Self::Source(match name.split_once('/')? {
                ("post", slug) => DocId::post(slug),
                ("page", slug) => DocId::page(slug),
                _ => return None,
            }),
            "card" => Self::Card(name.to_owned()),
            "feed" => Self::FeedItem(name.to_owned()),
            "media" => Self::Media(name.to_owned()),
            "theme" => Self::Theme(name.to_owned()),
            "m" => Self::Part(u128::from_str_radix(name, 16).ok()?),
            "i" => index_key(name)?,
            _ => return None,
        })
    }

    /// Whether it belongs to the index.
    pub fn is_index(&self) -> bool {
        matches!(
            self,
            Self::Head
                | Self::Month { .. }
                | Self::Drafts { .. }
                | Self::Pages { .. }
                | Self::Tags { .. }
                | Self::Tagged { .. }
                | Self::OldNode(_)
        )
    }
}

fn index_key(name: &str) -> Option<Key> {
    if let Some((tag, part)) = name
        .strip_prefix("tag/")
        .and_then(|rest| rest.rsplit_once('.'))
    {
        let tag = tag.to_owned();
        return Some(Key::Tagged {
            tag,
            part: part.parse().ok()?,
        });
    }
    if name.len() == 32 && name.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Some(Key::OldNode(name.to_owned()));
    }
    let (list, part) = name.split_once('.')?;
    let part = part.parse().ok()?;
    Some(match list {
        "drafts" => Key::Drafts { part },
        "pages" => Key::Pages { part },
        "tags" => Key::Tags { part },
        month => {
            let (year, month) = month.split_once('-')?;
            let (year, month): (u32, u32) = (year.parse().ok()?, month.parse().ok()?);
            let month = year.checked_mul(12)?.checked_add(month.checked_sub(1)?)?;
            Key::Month { month, part }
        }
    })
}

fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Post => "post",
        Kind::Page => "page",
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Site => f.write_str("site"),
            Self::SiteSource => f.write_str("site.toml"),
            Self::Document(DocId { kind, slug }) => write!(f, "{}/{slug}", kind_word(*kind)),
            Self::Source(DocId { kind, slug }) => write!(f, "src/{}/{slug}", kind_word(*kind)),
            Self::Card(slug) => write!(f, "card/{slug}"),
            Self::FeedItem(slug) => write!(f, "feed/{slug}"),
            Self::Alias(path) => write!(f, "alias{path}"),
            Self::Media(name) => write!(f, "media/{name}"),
            Self::Theme(name) => write!(f, "theme/{name}"),
            Self::Part(hash) => write!(f, "m/{hash:032x}"),
            Self::Head => f.write_str("head"),
            Self::Month { month, part } => {
                write!(f, "i/{:04}-{:02}.{part}", month / 12, month % 12 + 1)
            }
            Self::Drafts { part } => write!(f, "i/drafts.{part}"),
            Self::Pages { part } => write!(f, "i/pages.{part}"),
            Self::Tags { part } => write!(f, "i/tags.{part}"),
            Self::Tagged { tag, part } => write!(f, "i/tag/{tag}.{part}"),
            Self::Lock => f.write_str("lock"),
            Self::Recent => f.write_str("recent"),
            Self::Reindex => f.write_str("reindex"),
            Self::Garbage => f.write_str("gc"),
            Self::OldNode(name) => write!(f, "i/{name}"),
        }
    }
}

impl From<Key> for String {
    fn from(key: Key) -> Self {
        key.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(key: Key, text: &str) {
        assert_eq!(key.to_string(), text);
        assert_eq!(Key::parse(text), Some(key));
    }

    #[test]
    fn every_key_is_read_as_it_is_written() {
        check(Key::Site, "site");
        check(Key::SiteSource, "site.toml");
        check(Key::Document(DocId::post("a")), "post/a");
        check(Key::Document(DocId::page("页")), "page/页");
        check(Key::Source(DocId::post("a")), "src/post/a");
        check(Key::Source(DocId::page("a")), "src/page/a");
        check(Key::Card("a".to_owned()), "card/a");
        check(Key::FeedItem("a".to_owned()), "feed/a");
        check(Key::alias("/old/a"), "alias/old/a");
        check(Key::Media("media/x.png".to_owned()), "media/media/x.png");
        check(Key::Theme("style.css".to_owned()), "theme/style.css");
        check(Key::Part(10), "m/0000000000000000000000000000000a");
        check(Key::Head, "head");
        let month = 2026 * 12 + 10;
        check(Key::Month { month, part: 1 }, "i/2026-11.1");
        check(Key::Drafts { part: 1 }, "i/drafts.1");
        check(Key::Pages { part: 2 }, "i/pages.2");
        check(Key::Tags { part: 3 }, "i/tags.3");
        let tag = "c.1".to_owned();
        check(Key::Tagged { tag, part: 2 }, "i/tag/c.1.2");
        check(Key::Lock, "lock");
        check(Key::Recent, "recent");
        check(Key::Reindex, "reindex");
        check(Key::Garbage, "gc");
    }

    #[test]
    fn a_long_alias_has_a_key_that_every_store_takes() {
        let key = Key::alias(&format!("/{}", "x".repeat(1000)));
        assert!(key.to_string().len() <= 256);
        assert_eq!(Key::parse(&key.to_string()), Some(key));
    }

    #[test]
    fn other_keys_are_not_ours() {
        for text in [
            "",
            "post",
            "own/1",
            "src/x",
            "i/2026",
            "i/2026-00.1",
            "aliases",
            "m/x",
        ] {
            assert_eq!(Key::parse(text), None, "{text}");
        }
    }
}
