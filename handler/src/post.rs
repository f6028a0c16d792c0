//! A post (or a page) as it lies in the store: its source, and what the compiler made of it.
//!
//! What a record of any age must still tell stands before the compiled form: the source, which
//! can be compiled again, and the traces, which can be wiped.

mod origin;
mod stored;

use crate::compile::{self, Options, Source};
use crate::date::Moment;
use crate::document::{Document, Kind, Tag};
use crate::error::ReadError;
use crate::index::{self, Listed, Placed};
use crate::problem::Problem;
pub use origin::Origin;
use serde::{Deserialize, Serialize};
pub use stored::{Stored, Traces};

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
    /// The file it comes from.
    pub origin: Origin,
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
    /// Compiles the source in `file` (empty where there is none) into a post.
    pub fn compile(
        source: &Source<'_>,
        file: &str,
        options: &Options,
    ) -> Result<Self, Vec<Problem>> {
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
        let document = compile::compile(source, options)?.document;
        Ok(Self {
            origin: Origin::of(source, file, &document.slug),
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
    ) -> Result<Self, ReadError> {
        let stored = Stored::parse(kind, slug, record)?;
        let document = stored.document(kind, slug, options)?;
        Ok(Self {
            document,
            source: stored.source.to_vec(),
            origin: stored.origin,
        })
    }

    /// The bytes of the record.
    pub fn encode(&self, kind: Kind, options: &Options) -> Vec<u8> {
        stored::encode(self, &self.traces(kind), options)
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
        self.origin.hash(&self.source)
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

/// Which settings a compiled form was made for.
pub fn fingerprint(options: &Options) -> u64 {
    options.fingerprint()
}
