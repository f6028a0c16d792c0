//! A compiled document: everything a page, a list or a feed shows of it, and nothing to compute.

use crate::date::Moment;
use crate::problem::Problem;
use crate::route::{self, Resolved, Route};
use serde::{Deserialize, Serialize};

/// What a document is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// An entry in the stream of posts; it has a date.
    Post,
    /// A page outside the stream (about, imprint); a date is optional.
    Page,
}

impl Kind {
    /// The folder of its files, which is also its name in the publishing interface.
    pub fn folder(self) -> &'static str {
        match self {
            Self::Post => "posts",
            Self::Page => "pages",
        }
    }
}

/// The identity of a document: no two of one kind have the same slug.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DocId {
    pub kind: Kind,
    pub slug: String,
}

impl DocId {
    pub fn new(kind: Kind, slug: impl Into<String>) -> Self {
        Self {
            kind,
            slug: slug.into(),
        }
    }

    pub fn post(slug: impl Into<String>) -> Self {
        Self::new(Kind::Post, slug)
    }

    pub fn page(slug: impl Into<String>) -> Self {
        Self::new(Kind::Page, slug)
    }

    /// The percent-encoded path of its page.
    pub fn url(&self) -> String {
        match self.kind {
            Kind::Post => route::encode(&["posts", &self.slug]),
            Kind::Page => route::encode(&[&self.slug]),
        }
    }

    /// The document whose page has this path.
    pub fn from_url(url: &str) -> Option<Self> {
        match route::resolve(url) {
            Resolved::Here(Route::Post { slug }) => Some(Self::post(slug)),
            Resolved::Here(Route::Page { slug }) => Some(Self::page(slug)),
            _ => None,
        }
    }
}

/// A compiled document, as the store keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// Names the document in its address and in the store.
    pub slug: String,
    /// The title, as text.
    pub title: String,
    /// When it was published; a draft or a page may have no date.
    pub date: Option<Moment>,
    /// When it was last changed, if its author says so.
    pub updated: Option<Moment>,
    /// When it ceases to be shown.
    pub expires: Option<Moment>,
    /// Whether visitors are kept from it.
    pub draft: bool,
    /// Its tags, in the author's order, no two with the same slug.
    pub tags: Vec<Tag>,
    /// The author's description, as text.
    pub description: Option<String>,
    /// Paths that lead here too: absolute, decoded, without a slash at the end.
    pub aliases: Vec<String>,
    /// Its language, as in HTML's `lang`.
    pub lang: String,
    /// Who wrote it.
    pub authors: Vec<String>,
    /// The template that shows it instead of the usual one.
    pub template: Option<String>,
    /// The author's own fields, a JSON object; the store's format cannot hold values of any type.
    pub extra: String,
    /// The body.
    pub html: String,
    /// Its headings, in order.
    pub toc: Vec<Heading>,
    /// The body before `<!--more-->`, without ids and footnotes, so that a list can show many.
    pub excerpt: Option<String>,
    /// Plain text of at most 200 characters for lists, feeds and search engines.
    pub summary: String,
    /// How many words the prose has, apart from the characters of `cjk`.
    pub words: u32,
    /// How many Chinese and Japanese characters the prose has.
    pub cjk: u32,
    /// How long reading takes; 0 if there is nothing to read.
    pub reading_minutes: u32,
}

/// What only the author needs to know of a document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notes {
    /// Links and images that point into this site.
    pub links: Vec<Link>,
    /// Images that say nothing to who cannot see them.
    pub images_without_alt: Vec<Link>,
    /// What is doubtful, and published all the same.
    pub warnings: Vec<Problem>,
}

/// A tag of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tag {
    /// The tag as its author wrote it.
    pub name: String,
    /// Names the tag in addresses.
    pub slug: String,
}

/// A heading of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// The anchor, unique within the document.
    pub id: String,
    /// The heading as text.
    pub text: String,
}

/// A link or an image of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Where it points, as its author wrote it.
    pub target: String,
    /// The line in the source, counted from 1.
    pub line: u32,
}
