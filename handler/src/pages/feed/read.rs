//! The posts of a feed, read from the store.

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

/// The bytes of the records that are held at once. A post beyond them is read alone and appears
/// without its body: its id must be the one that feed readers know.
const FULL_TEXT_BYTES: usize = 640 * 1024;

/// What was read of each post, in the order of the feed.
pub(super) struct Items<'l>(Vec<Found<'l>>);

struct Found<'l> {
    listed: &'l IndexEntry<'static>,
    /// Differs where the record differs.
    fingerprint: u64,
    item: Item,
}

enum Item {
    /// Not decoded yet: a client may hold the feed already.
    Record(Vec<u8>),
    WithoutBody(Box<FeedItem>),
}

impl<'l> Items<'l> {
    /// The newest posts; one that cannot be read is left out.
    pub(super) fn read(
        blog: &Blog<'_, impl Host>,
        newest: &'l [IndexEntry<'static>],
    ) -> Result<Self, ReadError> {
        let mut room = FULL_TEXT_BYTES;
        let fits = newest.iter().map(|listed| {
            let left = room.checked_sub(listed.feed_bytes as usize);
            room = left.unwrap_or(room);
            left.is_some()
        });
        let fits: Vec<bool> = fits.collect();
        let fitting = newest.iter().zip(&fits).filter(|(_, fits)| **fits);
        let keys: Vec<String> = fitting.map(|(listed, _)| key(listed)).collect();
        let mut records = match keys.is_empty() {
            true => Vec::new(),
            false => blog.host.get_each(&keys)?,
        }
        .into_iter();
        let mut found = Vec::with_capacity(newest.len());
        for (listed, fits) in newest.iter().zip(fits) {
            let read = match fits {
                true => match records.next() {
                    Some(record) => whole(listed, record.map_err(ReadError::from)),
                    None => break,
                },
                false => without_body(blog.host, listed),
            };
            match read {
                Ok(one) => found.push(one),
                Err(error) => leave_out(blog, listed, &error),
            }
        }
        Ok(Self(found))
    }

    pub(super) fn add_to(&self, version: &mut Version) {
        for Found {
            listed,
            fingerprint,
            ..
        } in &self.0
        {
            version.add_text(&listed.slug);
            version.add(*fingerprint);
        }
    }

    pub(super) fn entries(self, blog: &Blog<'_, impl Host>) -> Vec<FeedEntry> {
        let mut entries = Vec::with_capacity(self.0.len());
        for Found { listed, item, .. } in self.0 {
            let item = match item {
                Item::Record(record) => FeedItem::decode(&key(listed), &record),
                Item::WithoutBody(item) => Ok(*item),
            };
            match item {
                Ok(item) => entries.push(entry(blog, listed, item)),
                Err(error) => leave_out(blog, listed, &error),
            }
        }
        entries
    }
}

fn whole<'l>(
    listed: &'l IndexEntry<'static>,
    record: Result<Option<Vec<u8>>, ReadError>,
) -> Result<Found<'l>, ReadError> {
    let record = record?.ok_or_else(|| ReadError::damaged(key(listed)))?;
    Ok(Found {
        listed,
        fingerprint: record::fingerprint(&record),
        item: Item::Record(record),
    })
}

fn without_body<'l>(
    host: &impl Host,
    listed: &'l IndexEntry<'static>,
) -> Result<Found<'l>, ReadError> {
    let key = key(listed);
    let record = host.get(&key)?;
    let record = record.ok_or_else(|| ReadError::damaged(key.as_str()))?;
    let mut item = FeedItem::decode(&key, &record)?;
    item.html = String::new();
    Ok(Found {
        listed,
        fingerprint: record::fingerprint(&record),
        item: Item::WithoutBody(Box::new(item)),
    })
}

fn leave_out(blog: &Blog<'_, impl Host>, listed: &IndexEntry<'_>, error: &ReadError) {
    let message = format!("{} is left out of a feed: {error}", key(listed));
    blog.host.log(&message);
}

fn key(listed: &IndexEntry<'_>) -> String {
    Key::FeedItem(listed.slug.to_string()).to_string()
}

fn entry(blog: &Blog<'_, impl Host>, listed: &IndexEntry<'_>, mut item: FeedItem) -> FeedEntry {
    let settings = &blog.site.settings;
    let link = blog.absolute(&DocId::post(&*listed.slug).url());
    if item.id.is_empty() {
        // Before ids were kept, its address was its id.
        item.id.clone_from(&link);
    }
    if item.authors.is_empty() && !settings.author.is_empty() {
        item.authors.push(settings.author.clone());
    }
    let html = item.absolute_html(&settings.url);
    item.html = String::new();
    FeedEntry {
        link,
        html: Some(html).filter(|html| !html.is_empty()),
        item,
    }
}
