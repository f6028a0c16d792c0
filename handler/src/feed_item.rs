//! What feeds show of a post, made when the post is published.

use crate::date::Moment;
use crate::document::Tag;
use crate::error::ReadError;
use crate::record;
use serde::{Deserialize, Serialize};

/// A post in a feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedItem<H = String> {
    /// An IRI that stays the same whatever becomes of the post's address.
    pub id: String,
    pub title: String,
    pub date: Moment,
    pub updated: Option<Moment>,
    pub lang: String,
    /// Empty where the site's author is meant.
    pub authors: Vec<String>,
    pub tags: Vec<Tag>,
    pub summary: String,
    /// The body, with a mark before each path of this site.
    pub html: H,
}

/// The version of the record.
pub const VERSION: u8 = 2;

/// Stands in [`FeedItem::html`] before each path of this site: the site's address may change.
const SITE_MARK: char = '\0';

impl FeedItem {
    pub fn encode(&self) -> Vec<u8> {
        record::encode(VERSION, self)
    }

    pub fn decode(key: &str, record: &[u8]) -> Result<Self, ReadError> {
        record::decode(VERSION, key, record)
    }

    /// The same, in the room of the record: a feed has the bodies of many posts in memory.
    pub fn decode_in_place(key: &str, mut record: Vec<u8>) -> Result<Self, ReadError> {
        let damaged = || ReadError::damaged(key);
        let (_, content) = record::open(VERSION, key, &record)?;
        let item: FeedItem<&str> =
            postcard::from_bytes(content).map_err(|_unreadable| damaged())?;
        let html_at = record.len() - item.html.len();
        let item = FeedItem {
            id: item.id,
            title: item.title,
            date: item.date,
            updated: item.updated,
            lang: item.lang,
            authors: item.authors,
            tags: item.tags,
            summary: item.summary,
            html: String::new(),
        };
        record.drain(..html_at);
        let html = String::from_utf8(record).map_err(|_no_text| damaged())?;
        Ok(Self { html, ..item })
    }

    /// When it was last changed.
    pub fn changed(&self) -> Moment {
        self.updated.unwrap_or(self.date)
    }

    /// Takes the body out, with absolute addresses for a site at `url`.
    pub fn take_html(&mut self, url: &str) -> String {
        let html = std::mem::take(&mut self.html);
        // Most bodies have no address of the site, and then there is no second copy.
        match html.contains(SITE_MARK) {
            true => html.replace(SITE_MARK, url),
            false => html,
        }
    }
}
