//! A document that is compiled and not written yet.

use super::{
    CARD_VERSION, Card, Footprint, MAX_SOURCE_BYTES, SourcePath, SourceRecord, card, indexed,
    keys_of, page_record,
};
use crate::compile::{self, Compiled, Options, Source};
use crate::document::{DocId, Document, Kind};
use crate::error::ReadError;
use crate::feed_item::FeedItem;
use crate::index::IndexedPost;
use crate::key::Key;
use crate::problem::Problem;
use crate::record;
use std::borrow::Cow;

/// The largest record, in bytes.
const MAX_RECORD_BYTES: usize = 512 * 1024;

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
