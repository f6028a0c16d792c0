//! A post (or a page) as it lies in the store: its source, and what the compiler made of it.
//!
//! What a record of any age must still tell stands before the compiled form: the source, which
//! can be compiled again, and the traces, which can be wiped.

mod stored;

use crate::compile::{self, Document, Kind, Moment, Options, Problem, Source, Tag};
use crate::date;
use crate::index::{self, Listed, Place, Placed};
use crate::record::{self, RecordError};
use serde::{Deserialize, Serialize};
pub use stored::Stored;
use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

/// The layout of the bytes before the compiled form. The first one had no checksum.
const LAYOUT: u8 = 2;

/// Layout, compiler version, options, length of the traces, length of the source.
const HEADER_BYTES: usize = 1 + 2 + 8 + 4 + 4;

/// Where the checksum ends, which is over all that stands before and after it.
const SUMMED_AT: usize = HEADER_BYTES + record::SUM_BYTES;

/// The largest source, in bytes: with its compiled form it must stay a value that every store takes.
pub const MAX_SOURCE_BYTES: usize = 160 * 1024;

/// The longest slug, in bytes, that fits into a key.
pub const MAX_SLUG_BYTES: usize = 240;

/// The largest record, in bytes.
pub const MAX_RECORD_BYTES: usize = 512 * 1024;

/// A post or a page, read from the store.
#[derive(Debug, Clone)]
pub struct Post {
    /// What the compiler made of it.
    pub document: Document,
    /// What was published, byte for byte.
    pub source: Vec<u8>,
}

/// What a list shows of a post; lies beside the post so that lists read little.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Card {
    /// The title.
    pub title: String,
    /// The date shown.
    pub date: Moment,
    /// The tags, in the author's order.
    pub tags: Vec<Tag>,
    /// Plain text of at most 200 characters.
    pub summary: String,
    /// What stands before `<!--more-->`, as HTML, where it is short enough for a list.
    pub excerpt: Option<String>,
    /// The language (BCP 47).
    pub lang: String,
    /// How long reading takes.
    pub reading_minutes: u32,
}

/// The version of [`Card`].
pub const CARD_VERSION: u8 = 2;

/// The longest excerpt, in bytes, that a card carries: a list of 50 reads at most 100 KiB of them.
const MAX_EXCERPT_BYTES: usize = 2048;

impl Post {
    /// Compiles a source into a post.
    pub fn compile(source: &Source<'_>, options: &Options) -> Result<Self, Vec<Problem>> {
        if source.text.len() > MAX_SOURCE_BYTES {
            return Err(vec![Problem {
                line: 1,
                field: None,
                message: format!(
                    "larger than {} KiB: split it, or move data to a file under media/",
                    MAX_SOURCE_BYTES / 1024
                ),
            }]);
        }
        Ok(Self {
            document: compile::compile(source, options)?,
            source: source.text.to_vec(),
        })
    }

    /// The post in a record.
    pub fn decode(
        kind: Kind,
        slug: &str,
        record: &[u8],
        options: &Options,
    ) -> Result<Self, RecordError> {
        let stored = Stored::parse(kind, slug, record)?;
        Ok(Self {
            document: stored.document(kind, slug, options)?,
            source: stored.source.to_vec(),
        })
    }

    /// The bytes of the record.
    pub fn encode(&self, kind: Kind, options: &Options) -> Vec<u8> {
        // Serialising plain data into a growing vector has no way to fail.
        let traces = postcard::to_allocvec(&self.traces(kind)).unwrap_or_default();
        let length = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_le_bytes();
        let mut record = Vec::with_capacity(SUMMED_AT + traces.len() + self.source.len() * 3);
        record.push(LAYOUT);
        record.extend(compile::VERSION.to_le_bytes());
        record.extend(fingerprint(options).to_le_bytes());
        record.extend(length(&traces));
        record.extend(length(&self.source));
        record.extend([0; record::SUM_BYTES]);
        record.extend(traces);
        record.extend(&self.source);
        let mut record = postcard::to_extend(&self.document, record)
            .expect("documents are plain data, which postcard always encodes");
        let sum = record::sum(&record[..HEADER_BYTES], &record[SUMMED_AT..]);
        record[HEADER_BYTES..SUMMED_AT].copy_from_slice(&sum);
        record
    }

    /// What the index is told of it; `bytes` is the length of its record.
    pub fn placed(&self, kind: Kind, bytes: usize) -> Placed {
        let document = &self.document;
        let moment = document.date.unwrap_or(Moment {
            unix: 0,
            offset_seconds: 0,
        });
        let listed = Listed {
            slug: document.slug.clone().into(),
            title: document.title.clone().into(),
            kind: self.stream(kind),
            date: moment.unix,
            offset_seconds: moment.offset_seconds,
            year: date::year(&moment),
            updated: document.updated.map(|updated| updated.unix),
            expires: document.expires.map(|expires| expires.unix),
            lang: document.lang.clone().into(),
            hash: self.hash(),
            bytes: u32::try_from(bytes).unwrap_or(u32::MAX),
        };
        Placed {
            listed,
            tags: document.tags.clone(),
        }
    }

    /// Where it leaves traces, by which it is found and removed.
    fn traces(&self, kind: Kind) -> Traces {
        Traces {
            place: self.placed(kind, 0).place(),
            aliases: self.document.aliases.clone(),
        }
    }

    fn stream(&self, kind: Kind) -> index::Kind {
        match kind {
            Kind::Page => index::Kind::Page,
            Kind::Post if self.document.draft => index::Kind::Draft,
            Kind::Post => index::Kind::Post,
        }
    }

    /// The hash that tells whether a file has to be sent again.
    pub fn hash(&self) -> u128 {
        xxh3_128(&self.source)
    }

    /// What lists show of it; `None` for a document without a date, which is in no list.
    pub fn card(&self) -> Option<Card> {
        let document = &self.document;
        Some(Card {
            title: document.title.clone(),
            date: document.date?,
            tags: document.tags.clone(),
            summary: document.summary.clone(),
            excerpt: document
                .excerpt
                .clone()
                .filter(|html| html.len() <= MAX_EXCERPT_BYTES),
            lang: document.lang.clone(),
            reading_minutes: document.reading_minutes,
        })
    }
}

/// The key of a post or a page.
pub fn key(kind: Kind, slug: &str) -> String {
    match kind {
        Kind::Post => format!("post/{slug}"),
        Kind::Page => format!("page/{slug}"),
    }
}

/// The document of a key (is it a page? and its slug), if it is the key of one.
pub fn name_of(key: &str) -> Option<(bool, String)> {
    let post = key.strip_prefix("post/").map(|slug| (false, slug));
    let page = || key.strip_prefix("page/").map(|slug| (true, slug));
    let (page, slug) = post.or_else(page)?;
    Some((page, slug.to_owned()))
}

/// The key of a post's card.
pub fn card_key(slug: &str) -> String {
    format!("card/{slug}")
}

/// Where else in the store a document left traces.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Traces {
    /// Its place in the index.
    pub place: Place,
    /// The paths that lead to it.
    pub aliases: Vec<String>,
}

/// Which settings a compiled form was made for.
pub fn fingerprint(options: &Options) -> u64 {
    let text = format!(
        "{:?} {} {}",
        options.zone, options.smart_punctuation, options.lang
    );
    xxh3_64(text.as_bytes())
}
