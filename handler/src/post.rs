//! A post or a page on its way into the store and out of it. The source is the truth; what the
//! compiler made of it lies under keys of its own, so that each reader reads what it shows.

mod new_document;
mod page_record;
mod source_path;
mod source_record;

use crate::compile::Options;
use crate::date::{self, Moment};
use crate::document::{DocId, Document, Kind, Tag};
use crate::error::ReadError;
use crate::feed_item::FeedItem;
use crate::index::{IndexEntry, IndexedPost, List, Position};
use crate::key::Key;
use crate::store::Store;
pub use new_document::NewDocument;
pub use page_record::PageRecord;
use serde::{Deserialize, Serialize};
pub use source_path::SourcePath;
pub use source_record::SourceRecord;

/// The largest source, in bytes: compiled it must stay a value that every store takes.
pub const MAX_SOURCE_BYTES: usize = 160 * 1024;

/// The longest slug, in bytes, that fits into a key.
pub const MAX_SLUG_BYTES: usize = 240;

/// What a list shows of a post; lies beside the post so that lists read little.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Card {
    pub title: String,
    /// The date shown.
    pub date: Moment,
    /// The tags, in the author's order.
    pub tags: Vec<Tag>,
    /// Plain text of at most 200 characters.
    pub summary: String,
    /// What stands before `<!--more-->`, as HTML, where it is short enough for a list.
    pub excerpt: Option<String>,
    pub lang: String,
    pub reading_minutes: u32,
}

/// The version of [`Card`].
pub const CARD_VERSION: u8 = 2;

/// The longest excerpt, in bytes, that a card carries: a list of 50 reads at most 100 KiB of them.
const MAX_EXCERPT_BYTES: usize = 2048;

/// Where a version of a document stands, beside its own keys: by this it is found and removed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Footprint {
    /// Where the index may have it.
    pub positions: Vec<Position>,
    /// The paths that may lead to it.
    pub aliases: Vec<String>,
}

impl Footprint {
    /// Adds where another version may stand.
    pub fn join(&mut self, other: Self) {
        add_new(&mut self.positions, other.positions);
        add_new(&mut self.aliases, other.aliases);
    }
}

fn add_new<T: PartialEq>(known: &mut Vec<T>, more: Vec<T>) {
    for one in more {
        if !known.contains(&one) {
            known.push(one);
        }
    }
}

/// All keys of a document's own: source, page, and those that only listed posts have.
pub fn keys_of(id: &DocId) -> Vec<String> {
    let mut keys = vec![Key::Source(id.clone()), Key::Document(id.clone())];
    if id.kind == Kind::Post {
        keys.push(Key::Card(id.slug.clone()));
        keys.push(Key::FeedItem(id.slug.clone()));
    }
    keys.into_iter().map(String::from).collect()
}

/// What lists show of a document; `None` for one that is in no list of posts.
pub fn card(id: &DocId, document: &Document) -> Option<Card> {
    let date = document
        .date
        .filter(|_| id.kind == Kind::Post && !document.draft)?;
    let excerpt = document.excerpt.clone();
    Some(Card {
        title: document.title.clone(),
        date,
        tags: document.tags.clone(),
        summary: document.summary.clone(),
        excerpt: excerpt.filter(|html| html.len() <= MAX_EXCERPT_BYTES),
        lang: document.lang.clone(),
        reading_minutes: document.reading_minutes,
    })
}

/// What the index is told of a document.
pub fn indexed(id: &DocId, document: &Document, hash: u128) -> IndexedPost {
    let date = document.date.unwrap_or(Moment {
        unix: 0,
        offset_seconds: 0,
    });
    let list = match id.kind {
        Kind::Page => List::Pages,
        Kind::Post if document.draft => List::Drafts,
        Kind::Post => List::Posts,
    };
    // The body for feeds is about as long as that of the page, and not at hand here.
    let feed_bytes = document.html.len() + document.title.len() + document.summary.len();
    let entry = IndexEntry {
        slug: id.slug.clone().into(),
        title: document.title.clone().into(),
        list,
        date: date.unix,
        offset_seconds: date.offset_seconds,
        year: date::year(&date),
        updated: document.updated.map(|updated| updated.unix),
        expires: document.expires.map(|expires| expires.unix),
        lang: document.lang.clone().into(),
        hash,
        feed_bytes: u32::try_from(feed_bytes).unwrap_or(u32::MAX),
    };
    IndexedPost {
        entry,
        tags: document.tags.clone(),
    }
}

/// What a post is called in feeds, if it was published before; before ids were kept, its address
/// was its id.
pub fn feed_id(
    store: &impl Store,
    id: &DocId,
    site_url: &str,
) -> Result<Option<String>, ReadError> {
    Ok(match read_source(store, id) {
        Ok(Some(source)) if source.feed_id.is_empty() => Some(format!("{site_url}{}", id.url())),
        Ok(source) => source.map(|source| source.feed_id),
        Err(ReadError::Damaged { .. }) => {
            let key = Key::FeedItem(id.slug.clone()).to_string();
            let item = store.get(&key)?;
            let item = item.and_then(|item| FeedItem::decode(&key, &item).ok());
            item.map(|item| item.id).filter(|id| !id.is_empty())
        }
        Err(error) => return Err(error),
    })
}

/// The identity of a post in feeds, made when it is first published (RFC 4151): it names the
/// site's host of that time and stays when the address changes.
pub fn new_feed_id(site_url: &str, id: &DocId, now: i64) -> String {
    let host = site_url
        .split_once("://")
        .map_or(site_url, |(_, rest)| rest);
    let host = host.split(['/', ':']).next().unwrap_or(host);
    let today = date::day(&Moment {
        unix: now,
        offset_seconds: 0,
    });
    format!("tag:{host},{today}:{}", id.url())
}

/// The compiled document of a record; one of another compiler, for other settings, or that is
/// damaged is compiled again from its source.
pub fn load(
    store: &impl Store,
    id: &DocId,
    record: &[u8],
    fingerprint: u64,
    options: impl FnOnce() -> Options,
) -> Result<Document, ReadError> {
    let page = match PageRecord::parse(id, record) {
        Ok(page) if page.is_current(fingerprint) => return page.document(),
        Ok(page) => Some(page),
        Err(ReadError::Damaged { .. }) => None,
        Err(error) => return Err(error),
    };
    let source = match page.as_ref().and_then(PageRecord::embedded_source) {
        Some(source) => source,
        None => {
            let key = Key::Source(id.clone()).to_string();
            let source = store.get(&key)?;
            let source = source.ok_or_else(|| ReadError::damaged(Key::Document(id.clone())))?;
            SourceRecord::decode(&key, &source)?
        }
    };
    let former = page.and_then(|page| page.former_document());
    Ok(source.compile(id, &options(), former)?.document)
}

/// The source of a document, wherever the version that wrote it kept it.
pub fn read_source(
    store: &impl Store,
    id: &DocId,
) -> Result<Option<SourceRecord<'static>>, ReadError> {
    let key = Key::Source(id.clone()).to_string();
    if let Some(record) = store.get(&key)? {
        return SourceRecord::decode(&key, &record).map(Some);
    }
    let Some(record) = store.get(&Key::Document(id.clone()).to_string())? else {
        return Ok(None);
    };
    let page = PageRecord::parse(id, &record)?;
    let source = page.embedded_source().ok_or_else(|| page.damaged());
    source.map(Some)
}
