//! What feeds show of a post, made when the post is published.

use crate::date::Moment;
use crate::document::Tag;
use crate::error::ReadError;
use crate::record;
use serde::{Deserialize, Serialize};

/// A post in a feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedItem {
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
    pub html: String,
}

/// The version of the record.
const VERSION: u8 = 2;

/// Stands in [`FeedItem::html`] before each path of this site: the site's address may change.
const SITE_MARK: char = '\0';

impl FeedItem {
    pub fn encode(&self) -> Vec<u8> {
        record::encode(VERSION, self)
    }

    pub fn decode(key: &str, record: &[u8]) -> Result<Self, ReadError> {
        record::decode(VERSION, key, record)
    }

    /// When it was last changed.
    pub fn changed(&self) -> Moment {
        self.updated.unwrap_or(self.date)
    }

    /// The body with absolute addresses, for a site at `url`.
    pub fn absolute_html(&self, url: &str) -> String {
        self.html.replace(SITE_MARK, url)
    }
}
