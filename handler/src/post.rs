//! A post (or a page) as it lies in the store: its source, and what the compiler made of it.
//!
//! What a record of any age must still tell stands before the compiled form: the source, which
//! can be compiled again, and the traces, which can be wiped.

use crate::compile::{self, Document, Kind, Moment, Options, Problem, Source, Tag};
use crate::index::{self, Listed, Place, Placed};
use crate::record::RecordError;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

/// The layout of the bytes before the compiled form.
const LAYOUT: u8 = 1;

/// Layout, compiler version, options, length of the traces, length of the source.
const HEADER_BYTES: usize = 1 + 2 + 8 + 4 + 4;

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
pub const CARD_VERSION: u8 = 1;

/// The longest excerpt, in bytes, that a card carries: a list of 50 reads at most 100 KiB of them.
const MAX_EXCERPT_BYTES: usize = 2048;

impl Post {
    /// Compiles a source into a post.
    pub fn compile(source: &Source<'_>, options: &Options) -> Result<Self, Vec<Problem>> {
        if source.text.len() > MAX_SOURCE_BYTES {
            let message = format!(
                "larger than {} KiB: split it, or move data to a file under media/",
                MAX_SOURCE_BYTES / 1024
            );
            return Err(vec![Problem {
                line: 1,
                field: None,
                message,
            }]);
        }
        let document = compile::compile(source, options)?;
        Ok(Self {
            document,
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
        let document = stored.document(kind, slug, options)?;
        Ok(Self {
            document,
            source: stored.source.to_vec(),
        })
    }

    /// The bytes of the record.
    pub fn encode(&self, kind: Kind, options: &Options) -> Vec<u8> {
        // Serialising plain data into a growing vector has no way to fail.
        let traces = postcard::to_allocvec(&self.traces(kind)).unwrap_or_default();
        let length = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_le_bytes();
        let mut record = Vec::with_capacity(HEADER_BYTES + traces.len() + self.source.len() * 3);
        record.push(LAYOUT);
        record.extend(compile::VERSION.to_le_bytes());
        record.extend(fingerprint(options).to_le_bytes());
        record.extend(length(&traces));
        record.extend(length(&self.source));
        record.extend(traces);
        record.extend(&self.source);
        postcard::to_extend(&self.document, record).unwrap_or_default()
    }

    /// What the index is told of it; `bytes` is the length of its record.
    pub fn placed(&self, kind: Kind, bytes: usize) -> Placed {
        let document = &self.document;
        let date = document.date.unwrap_or(Moment {
            unix: 0,
            offset_seconds: 0,
        });
        let listed = Listed {
            slug: document.slug.clone().into(),
            title: document.title.clone().into(),
            kind: self.stream(kind),
            date: date.unix,
            offset_seconds: date.offset_seconds,
            year: crate::date::year(&date),
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

/// A record taken apart, its compiled form not decoded.
pub struct Stored<'a> {
    version: u16,
    options: u64,
    /// Where else it left traces.
    pub traces: Traces,
    /// What was published.
    pub source: &'a [u8],
    compiled: &'a [u8],
}

impl<'a> Stored<'a> {
    /// Takes a record apart.
    pub fn parse(kind: Kind, slug: &str, record: &'a [u8]) -> Result<Self, RecordError> {
        if let Some(found) = record.first().filter(|found| **found > LAYOUT) {
            return Err(RecordError::Newer {
                key: key(kind, slug),
                found: (*found).into(),
                known: LAYOUT.into(),
            });
        }
        Self::take_apart(record).ok_or_else(|| RecordError::Damaged {
            key: key(kind, slug),
        })
    }

    /// The compiled form; one of another compiler, or for other settings, is made again.
    pub fn document(
        &self,
        kind: Kind,
        slug: &str,
        options: &Options,
    ) -> Result<Document, RecordError> {
        let damaged = || RecordError::Damaged {
            key: key(kind, slug),
        };
        if self.is_current(options) {
            return postcard::from_bytes(self.compiled).ok().ok_or_else(damaged);
        }
        let source = Source {
            kind,
            name: slug,
            text: self.source,
        };
        let mut document = compile::compile(&source, options)
            .ok()
            .ok_or_else(damaged)?;
        slug.clone_into(&mut document.slug);
        Ok(document)
    }

    /// Whether the compiled form is what this compiler would make of the source.
    pub fn is_current(&self, options: &Options) -> bool {
        self.version == compile::VERSION && self.options == fingerprint(options)
    }

    fn take_apart(record: &'a [u8]) -> Option<Self> {
        let (header, rest) = record.split_at_checked(HEADER_BYTES)?;
        let number = |range: std::ops::Range<usize>| {
            header[range]
                .iter()
                .rev()
                .fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte))
        };
        let (traces, rest) = rest.split_at_checked(usize::try_from(number(11..15)).ok()?)?;
        let (source, compiled) = rest.split_at_checked(usize::try_from(number(15..19)).ok()?)?;
        Some(Self {
            version: u16::from_le_bytes([header[1], header[2]]),
            options: number(3..11),
            traces: postcard::from_bytes(traces).ok()?,
            source,
            compiled,
        })
    }
}

/// Which settings a compiled form was made for.
pub fn fingerprint(options: &Options) -> u64 {
    let text = format!(
        "{:?} {} {}",
        options.zone, options.smart_punctuation, options.lang
    );
    xxh3_64(text.as_bytes())
}
