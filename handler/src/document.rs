//! A compiled document: everything a page, a list or a feed shows of it, and nothing to compute.

use crate::date::Moment;
use serde::{Deserialize, Serialize};

/// What a document is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An entry in the stream of posts; it has a date.
    Post,
    /// A page outside the stream (about, imprint); a date is optional.
    Page,
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
    /// Links and images that point into this site.
    pub links: Vec<Link>,
    /// Images that say nothing to who cannot see them.
    pub images_without_alt: Vec<Link>,
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
