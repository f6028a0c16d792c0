//! The posts of a feed, read from the store.

use super::super::Blog;
use crate::date::Moment;
use crate::document::{DocId, Kind};
use crate::error::ReadError;
use crate::feed_item::FeedItem;
use crate::host::Host;
use crate::index::Listed;
use crate::key::Key;
use crate::post::{self, Card, Post};
use crate::record;
use crate::theme::FeedEntry;
use crate::version::Version;
use xxhash_rust::xxh3::xxh3_64;

/// The records read for full texts, in bytes; posts beyond it appear with their summary.
const FULL_TEXT_BYTES: usize = 640 * 1024;

/// What was read of each post, in the order of the feed.
pub(super) struct Items<'l>(Vec<Found<'l>>);

struct Found<'l> {
    listed: &'l Listed<'static>,
    is_full: bool,
    record: Vec<u8>,
}

impl<'l> Items<'l> {
    /// The newest posts; one that cannot be read is left out.
    pub(super) fn read(
        blog: &Blog<'_, impl Host>,
        newest: &'l [Listed<'static>],
    ) -> Result<Self, ReadError> {
        if newest.is_empty() {
            return Ok(Self(Vec::new()));
        }
        let mut room = FULL_TEXT_BYTES;
        let asked: Vec<(&Listed<'_>, bool)> = newest
            .iter()
            .map(|listed| {
                let left = room.checked_sub(listed.bytes as usize);
                room = left.unwrap_or(room);
                (listed, left.is_some())
            })
            .collect();
        let keys = asked.iter().map(|(listed, is_full)| key(listed, *is_full));
        let keys: Vec<String> = keys.collect();
        let mut found = Vec::with_capacity(newest.len());
        for (((listed, is_full), key), record) in
            asked.into_iter().zip(&keys).zip(blog.host.get_each(&keys)?)
        {
            match record {
                Ok(record) => found.extend(record.map(|record| Found {
                    listed,
                    is_full,
                    record,
                })),
                Err(error) => blog
                    .host
                    .log(&format!("{key} is left out of a feed: {error}")),
            }
        }
        Ok(Self(found))
    }

    pub(super) fn add_to(&self, version: &mut Version) {
        for Found { listed, record, .. } in &self.0 {
            version.add_text(&listed.slug);
            version.add(xxh3_64(record));
        }
    }

    pub(super) fn entries(self, blog: &Blog<'_, impl Host>) -> Vec<FeedEntry> {
        let mut entries = Vec::with_capacity(self.0.len());
        for found in self.0 {
            match found.item(blog) {
                Ok(item) => entries.extend(item.map(|item| entry(blog, found.listed, item))),
                Err(error) => blog.host.log(&format!("left out of a feed: {error}")),
            }
        }
        entries
    }
}

impl Found<'_> {
    fn item(&self, blog: &Blog<'_, impl Host>) -> Result<Option<FeedItem>, ReadError> {
        let slug = &self.listed.slug;
        if !self.is_full {
            let card = record::decode(post::CARD_VERSION, &key(self.listed, false), &self.record)?;
            return Ok(Some(item(blog, self.listed, card)));
        }
        let options = blog.site.compile_options();
        let post = Post::decode(Kind::Post, slug, &self.record, &options)?;
        let Some(card) = post.card() else {
            return Ok(None);
        };
        Ok(Some(FeedItem {
            authors: post.document.authors,
            html: marked(&post.document.html),
            ..item(blog, self.listed, card)
        }))
    }
}

fn key(listed: &Listed<'_>, is_full: bool) -> String {
    let slug = listed.slug.to_string();
    if is_full {
        Key::Document(DocId::post(slug)).to_string()
    } else {
        Key::Card(slug).to_string()
    }
}

fn item(blog: &Blog<'_, impl Host>, listed: &Listed<'_>, card: Card) -> FeedItem {
    FeedItem {
        id: blog.absolute(&DocId::post(&*listed.slug).url()),
        title: card.title,
        date: card.date,
        updated: listed.updated.map(|unix| Moment { unix, ..card.date }),
        lang: card.lang,
        authors: Vec::new(),
        tags: card.tags,
        summary: card.summary,
        html: String::new(),
    }
}

fn entry(blog: &Blog<'_, impl Host>, listed: &Listed<'_>, mut item: FeedItem) -> FeedEntry {
    let settings = &blog.site.settings;
    if item.authors.is_empty() && !settings.author.is_empty() {
        item.authors.push(settings.author.clone());
    }
    let html = item.absolute_html(&settings.url);
    item.html = String::new();
    FeedEntry {
        link: blog.absolute(&DocId::post(&*listed.slug).url()),
        html: Some(html).filter(|html| !html.is_empty()),
        item,
    }
}

/// A text with a mark before each path of this site.
fn marked(html: &str) -> String {
    ["href=\"", "src=\""]
        .iter()
        .fold(html.to_owned(), |html, attribute| {
            html.replace(&format!("{attribute}/"), &format!("{attribute}\0/"))
                .replace(&format!("{attribute}\0//"), &format!("{attribute}//"))
        })
}
