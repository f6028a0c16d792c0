//! A post or a page on its way into the store and out of it. The source is the truth; what the
//! compiler made of it lies under keys of its own, so that each reader reads what it shows.

mod page_record;
mod source_path;
mod source_record;

use crate::compile::{self, Compiled, Options, Source};
use crate::date::{self, Moment};
use crate::document::{DocId, Document, Kind, Tag};
use crate::error::ReadError;
use crate::feed_item::FeedItem;
use crate::index::{IndexEntry, IndexedPost, List, Position};
use crate::key::Key;
use crate::problem::Problem;
use crate::record;
use crate::store::Store;
pub use page_record::PageRecord;
use serde::{Deserialize, Serialize};
pub use source_path::SourcePath;
pub use source_record::SourceRecord;
use std::borrow::Cow;

/// The largest source, in bytes: compiled it must stay a value that every store takes.
pub const MAX_SOURCE_BYTES: usize = 160 * 1024;

/// The longest slug, in bytes, that fits into a key.
pub const MAX_SLUG_BYTES: usize = 240;

/// The largest record, in bytes.
const MAX_RECORD_BYTES: usize = 512 * 1024;

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

/// A document that is compiled and not written yet.
#[derive(Debug, Clone)]
pub struct NewDocument<'a> {
    pub id: DocId,
    pub document: Document,
    pub source: SourceRecord<'a>,
    /// `None` where it is that of the page.
    feed_html: Option<String>,
    fingerprint: u64,
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

impl<'a> NewDocument<'a> {
    /// Compiles the source in `file` (empty where there is none).
    pub fn compile(
        source: &Source<'a>,
        file: &str,
        options: &Options,
    ) -> Result<Self, Vec<Problem>> {
        if source.text.len() > MAX_SOURCE_BYTES {
            let message = format!(
                "larger than {} KiB: split it, or move data to a file under media/",
                MAX_SOURCE_BYTES / 1024
            );
            return Err(vec![Problem::new(1, message)]);
        }
        let compiled = compile::compile(source, options)?;
        let path = SourcePath::of(source, file, &compiled.document.slug);
        let new = Self::new(source.kind, source.text.into(), path, compiled, options);
        let longest = new.entries().iter().map(|(_, value)| value.len()).max();
        if longest > Some(MAX_RECORD_BYTES) {
            let message = "too large when compiled: split it, or move data to a file under media/";
            return Err(vec![Problem::new(1, message)]);
        }
        Ok(new)
    }

    /// Compiles again what the store holds.
    pub fn recompile(
        id: &DocId,
        record: SourceRecord<'a>,
        options: &Options,
        former: Option<Document>,
    ) -> Result<Self, ReadError> {
        let compiled = record.compile(id, options, former)?;
        let mut new = Self::new(id.kind, record.source, record.path, compiled, options);
        new.source.feed_id = record.feed_id;
        Ok(new)
    }

    fn new(
        kind: Kind,
        text: Cow<'a, [u8]>,
        path: SourcePath,
        compiled: Compiled,
        options: &Options,
    ) -> Self {
        let Compiled {
            document,
            feed_html,
            notes,
        } = compiled;
        Self {
            id: DocId::new(kind, document.slug.clone()),
            source: SourceRecord {
                path,
                source: text,
                notes,
                feed_id: String::new(),
            },
            feed_html: (feed_html != document.html).then_some(feed_html),
            document,
            fingerprint: options.fingerprint(),
        }
    }

    /// All keys of the document's own, with their values.
    pub fn entries(&self) -> Vec<(String, Vec<u8>)> {
        let page = page_record::encode(
            &self.document,
            self.source.hash(),
            &self.indexed().position(),
            self.fingerprint,
        );
        let mut entries = vec![
            (Key::Source(self.id.clone()).into(), self.source.encode()),
            (Key::Document(self.id.clone()).into(), page),
        ];
        let slug = || self.id.slug.clone();
        if let Some(card) = self.card() {
            let card = record::encode(CARD_VERSION, &card);
            entries.push((Key::Card(slug()).into(), card));
        }
        if let Some(item) = self.feed_item() {
            entries.push((Key::FeedItem(slug()).into(), item.encode()));
        }
        entries
    }

    /// The keys of [`NewDocument::entries`].
    pub fn keys(&self) -> Vec<String> {
        let mut keys = keys_of(&self.id);
        let has = [
            true,
            true,
            self.card().is_some(),
            self.feed_item().is_some(),
        ];
        let mut has = has.iter();
        keys.retain(|_| has.next() == Some(&true));
        keys
    }

    /// What the index is told of it.
    pub fn indexed(&self) -> IndexedPost {
        indexed(&self.id, &self.document, self.source.hash())
    }

    pub fn footprint(&self) -> Footprint {
        Footprint {
            positions: vec![self.indexed().position()],
            aliases: self.document.aliases.clone(),
        }
    }

    /// What lists show of it; `None` for a document that is in no list of posts.
    fn card(&self) -> Option<Card> {
        card(&self.id, &self.document)
    }

    /// What feeds show of it; `None` for a document that is in no feed.
    fn feed_item(&self) -> Option<FeedItem> {
        let document = &self.document;
        let is_listed = self.id.kind == Kind::Post && !document.draft;
        let date = document.date.filter(|_| is_listed)?;
        Some(FeedItem {
            id: self.source.feed_id.clone(),
            title: document.title.clone(),
            date,
            updated: document.updated,
            lang: document.lang.clone(),
            authors: document.authors.clone(),
            tags: document.tags.clone(),
            summary: document.summary.clone(),
            html: self.feed_html.as_ref().unwrap_or(&document.html).clone(),
        })
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
