//! What the index knows of a document: enough to list it, name it and tell at any moment
//! whether a visitor may see it. What a list shows of it (summary, excerpt) lies in its card.

use super::item::Item;
use crate::document::{DocId, Kind};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// A post, draft or page in the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexEntry<'a> {
    pub slug: Cow<'a, str>,
    /// The title as plain text.
    pub title: Cow<'a, str>,
    pub list: List,
    /// The second it is published, since 1970; 0 for a draft or page without a date.
    pub date: i64,
    /// Seconds by which clocks were ahead of UTC where it was written.
    pub offset_seconds: i32,
    /// The calendar year of `date` there.
    pub year: i16,
    /// The second of its last revision, if the author gave one.
    pub updated: Option<i64>,
    /// The second from which it is no longer shown.
    pub expires: Option<i64>,
    pub lang: Cow<'a, str>,
    /// Hash of the source and its path.
    pub hash: u128,
    /// About how many bytes its feed item has.
    pub feed_bytes: u32,
}

/// The lists of documents; each document stands in one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum List {
    /// Shown from its date on, newest first.
    Posts,
    /// Never shown to visitors; by slug.
    Drafts,
    /// Outside the stream of posts: about, imprint; by slug.
    Pages,
}

/// What a document is at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    Draft,
    Scheduled,
    Published,
    Expired,
}

/// An entry without what its item tells.
#[derive(Serialize, Deserialize)]
struct Data<'a> {
    #[serde(borrow)]
    title: Cow<'a, str>,
    date: i64,
    offset_seconds: i32,
    updated: Option<i64>,
    expires: Option<i64>,
    #[serde(borrow)]
    lang: Cow<'a, str>,
    hash: u128,
    feed_bytes: u32,
}

impl<'a> IndexEntry<'a> {
    pub fn id(&self) -> DocId {
        DocId::new(self.list.kind(), &*self.slug)
    }

    /// What the document is at the moment `t`.
    pub fn state(&self, t: i64) -> State {
        match self.list {
            List::Drafts => State::Draft,
            List::Posts | List::Pages if self.date > t => State::Scheduled,
            List::Posts | List::Pages if self.expires.is_some_and(|end| end <= t) => State::Expired,
            List::Posts | List::Pages => State::Published,
        }
    }

    pub fn into_owned(self) -> IndexEntry<'static> {
        IndexEntry {
            slug: self.slug.into_owned().into(),
            title: self.title.into_owned().into(),
            lang: self.lang.into_owned().into(),
            ..self
        }
    }

    pub(super) fn to_item(&self) -> Item<'static> {
        let data = Data {
            title: Cow::Borrowed(&self.title),
            date: self.date,
            offset_seconds: self.offset_seconds,
            updated: self.updated,
            expires: self.expires,
            lang: Cow::Borrowed(&self.lang),
            hash: self.hash,
            feed_bytes: self.feed_bytes,
        };
        let data = postcard::to_allocvec(&data)
            .expect("entries are plain data, which postcard always encodes");
        let is_post = self.list == List::Posts;
        Item {
            date: if is_post { self.date } else { 0 },
            slug: self.slug.clone().into_owned().into(),
            year: self.year,
            expires: self.expires.filter(|_| is_post),
            data: data.into(),
        }
    }

    /// The entry of an item; `None` if it is none.
    pub(super) fn of_item(list: List, item: &'a Item<'_>) -> Option<Self> {
        let data: Data<'a> = postcard::from_bytes(&item.data).ok()?;
        Some(Self {
            slug: Cow::Borrowed(&item.slug),
            title: data.title,
            list,
            date: data.date,
            offset_seconds: data.offset_seconds,
            year: item.year,
            updated: data.updated,
            expires: data.expires,
            lang: data.lang,
            hash: data.hash,
            feed_bytes: data.feed_bytes,
        })
    }
}

impl List {
    pub fn kind(self) -> Kind {
        match self {
            Self::Posts | Self::Drafts => Kind::Post,
            Self::Pages => Kind::Page,
        }
    }
}
