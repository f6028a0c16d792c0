//! What feeds show of a post: made when it is published, so that a feed reads little.

use crate::date::Moment;
use crate::document::Tag;
use crate::error::ReadError;
use crate::record;
use serde::{Deserialize, Serialize};

const VERSION: u8 = 1;

/// Stands in [`FeedItem::html`] before each path of this site: the site's address may change.
const SITE_MARK: char = '\0';

/// A post in a feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedItem {
    /// Stays the same whatever else changes: by it a feed reader knows what it has shown before.
    pub id: String,
    pub title: String,
    pub date: Moment,
    pub updated: Option<Moment>,
    pub lang: String,
    pub authors: Vec<String>,
    pub tags: Vec<Tag>,
    /// Plain text.
    pub summary: String,
    /// The whole text, with a mark before each path of this site; empty where it was left out.
    pub html: String,
}

#[expect(dead_code, reason = "the write path does not store feed items yet")]
impl FeedItem {
    pub fn decode(key: &str, record: &[u8]) -> Result<Self, ReadError> {
        record::decode(VERSION, key, record)
    }

    pub fn encode(&self) -> Vec<u8> {
        record::encode(VERSION, self)
    }
}

impl FeedItem {
    /// When it was last changed.
    pub fn changed(&self) -> Moment {
        self.updated.unwrap_or(self.date)
    }

    /// The whole text with absolute addresses, for a site at `url`.
    pub fn absolute_html(&self, url: &str) -> String {
        self.html.replace(SITE_MARK, url)
    }
}
