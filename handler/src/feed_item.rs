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
    /// The body; U+0000 stands for the site's address.
    pub html: String,
}

/// The version of the record.
pub const VERSION: u8 = 2;

impl FeedItem {
    pub fn encode(&self) -> Vec<u8> {
        record::encode(VERSION, self)
    }

    pub fn decode(key: &str, record: &[u8]) -> Result<Self, ReadError> {
        record::decode(VERSION, key, record)
    }
}
