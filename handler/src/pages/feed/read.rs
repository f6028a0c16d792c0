//! The posts of a feed, read from the store as they were made for feeds.

use super::super::Blog;
use crate::document::DocId;
use crate::error::ReadError;
use crate::feed_item::FeedItem;
use crate::host::Host;
use crate::index::IndexEntry;
use crate::key::Key;
use crate::record;
use crate::theme::FeedEntry;
use crate::version::Version;

/// The items that are in memory at once, in bytes; posts beyond it appear with their summary.
const FULL_TEXT_BYTES: usize = 640 * 1024;

/// What was read of each post, in the order of the feed.
pub(super) struct Items(Vec<Found>);

struct Found {
    slug: String,
    /// What the record is of; the record itself is not kept where there is no room for it.
    fingerprint: u64,
    content: Content,
}

enum Content {
    Record(Vec<u8>),
    WithoutBody(FeedItem),
}

impl Items {
    /// The newest posts; one that cannot be read is left out.
    pub(super) fn read(
        blog: &Blog<'_, impl Host>,
        newest: &[IndexEntry<'static>],
    ) -> Result<Self, ReadError> {
        if newest.is_empty() {
            return Ok(Self(Vec::new()));
        }
        let mut room = FULL_TEXT_BYTES;
        let is_full: Vec<bool> = newest
            .iter()
            .map(|entry| {
                let left = room.checked_sub(entry.feed_bytes as usize);
                room = left.unwrap_or(room);
                left.is_some()
            })
            .collect();
        let keys = newest.iter().map(|entry| key(&entry.slug));
        let keys: Vec<String> = keys.collect();
        let full = keys.iter().zip(&is_full).filter(|(_, is_full)| **is_full);
        let full: Vec<String> = full.map(|(key, _)| key.clone()).collect();
        let mut records = blog.host.get_each(&full)?.into_iter();
        let mut found = Vec::with_capacity(newest.len());
        for ((entry, key), is_full) in newest.iter().zip(&keys).zip(is_full) {
            let read = match is_full {
                true => records.next().transpose().map(Option::flatten),
                // One after the other: together they may be more than an instance can hold.
                false => blog.host.get(key),
            };
            let read = read.map_err(ReadError::from).and_then(|record| {
                record
                    .map(|record| Found::new(&entry.slug, key, record, is_full))
                    .transpose()
            });
            match read {
                Ok(one) => found.extend(one),
                Err(error) => leave_out(blog, key, &error),
            }
        }
        Ok(Self(found))
    }

    pub(super) fn add_to(&self, version: &mut Version) {
        for found in &self.0 {
            version.add_text(&found.slug);
            version.add(found.fingerprint);
        }
    }

    pub(super) fn entries(self, blog: &Blog<'_, impl Host>) -> Vec<FeedEntry> {
        let mut entries = Vec::with_capacity(self.0.len());
        for Found { slug, content, .. } in self.0 {
            let item = match content {
                Content::Record(record) => FeedItem::decode(&key(&slug), &record),
                Content::WithoutBody(item) => Ok(item),
            };
            match item {
                Ok(item) => entries.push(entry(blog, &slug, item)),
                Err(error) => leave_out(blog, &key(&slug), &error),
            }
        }
        entries
    }
}

impl Found {
    fn new(slug: &str, key: &str, record: Vec<u8>, is_full: bool) -> Result<Self, ReadError> {
        Ok(Self {
            slug: slug.to_owned(),
            fingerprint: record::fingerprint(&record),
            content: match is_full {
                true => Content::Record(record),
                false => Content::WithoutBody(FeedItem {
                    html: String::new(),
                    ..FeedItem::decode(key, &record)?
                }),
            },
        })
    }
}

fn leave_out(blog: &Blog<'_, impl Host>, key: &str, error: &ReadError) {
    blog.host
        .log(&format!("{key} is left out of a feed: {error}"));
}

fn key(slug: &str) -> String {
    Key::FeedItem(slug.to_owned()).into()
}

fn entry(blog: &Blog<'_, impl Host>, slug: &str, mut item: FeedItem) -> FeedEntry {
    let settings = &blog.site.settings;
    if item.authors.is_empty() && !settings.author.is_empty() {
        item.authors.push(settings.author.clone());
    }
    let html = item.absolute_html(&settings.url);
    item.html = String::new();
    FeedEntry {
        link: blog.absolute(&DocId::post(slug).url()),
        html: Some(html).filter(|html| !html.is_empty()),
        item,
    }
}
