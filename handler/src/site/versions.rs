//! The versions of the site's record. Older ones are read for good: without this record no page
//! can be shown.

use super::{KEY, Settings, Site, settings::MenuItem};
use crate::error::ReadError;
use crate::record;
use serde::Deserialize;
use std::collections::BTreeMap;
use xxhash_rust::xxh3::xxh3_128;

/// The version that is written.
pub(super) const VERSION: u8 = 3;

pub(super) fn decode(record: &[u8]) -> Result<Site, ReadError> {
    match record.first() {
        // A checksum is all that version 2 has and version 1 lacks.
        Some(1 | 2) => record::decode::<Site2>(2, KEY, record).map(Site2::upgrade),
        _ => record::decode(VERSION, KEY, record),
    }
}

#[derive(Deserialize)]
struct Site2 {
    settings: Settings2,
    source: String,
    templates: BTreeMap<String, String>,
    /// The hash of the style sheet, which has a key of its own.
    style: Option<String>,
    written: i64,
}

#[derive(Deserialize)]
struct Settings2 {
    title: String,
    description: String,
    url: String,
    lang: String,
    author: String,
    time_zone: String,
    posts_per_page: usize,
    smart_punctuation: bool,
    menu: Vec<MenuItem>,
    extra: String,
}

impl Site2 {
    fn upgrade(self) -> Site {
        let source = Some(self.source).filter(|source| !source.is_empty());
        Site {
            source_hash: source.as_ref().map(|source| xxh3_128(source.as_bytes())),
            source,
            templates: self.templates,
            has_style_elsewhere: self.style.is_some(),
            written: self.written,
            ..Site::new(self.settings.upgrade())
        }
    }
}

impl Settings2 {
    fn upgrade(self) -> Settings {
        Settings {
            title: self.title,
            description: self.description,
            url: self.url,
            lang: self.lang,
            author: self.author,
            time_zone: self.time_zone,
            posts_per_page: self.posts_per_page,
            smart_punctuation: self.smart_punctuation,
            menu: self.menu,
            extra: self.extra,
            ..Settings::default()
        }
    }
}
