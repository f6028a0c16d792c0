//! What the index knows of a post: enough to list it, name it and tell at any moment whether
//! a visitor may see it. What a list shows of it (excerpt, picture) is not here.

use super::key::Key;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// A post, draft or page in the index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed<'a> {
    /// The last part of its address; unique in its kind.
    #[serde(borrow)]
    pub slug: Cow<'a, str>,
    /// Its title as plain text.
    #[serde(borrow)]
    pub title: Cow<'a, str>,
    /// Which of the three it is.
    pub kind: Kind,
    /// The second it is published, since 1970.
    pub date: i64,
    /// Seconds by which clocks were ahead of UTC where it was written.
    pub offset_seconds: i32,
    /// The calendar year of `date` there.
    pub year: i16,
    /// The second of its last revision, if the author gave one.
    pub updated: Option<i64>,
    /// The second from which it is no longer shown.
    pub expires: Option<i64>,
    /// Its language tag.
    #[serde(borrow)]
    pub lang: Cow<'a, str>,
    /// Hash of the source it was compiled from.
    pub hash: u128,
    /// Size of its record in the store.
    pub bytes: u32,
}

/// The three streams an entry can stand in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// In the lists, from its date on.
    Post,
    /// In no list a visitor sees.
    Draft,
    /// Outside the stream of posts: about, imprint.
    Page,
}

/// What an entry is at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Never shown.
    Draft,
    /// Not shown yet.
    Scheduled,
    /// Shown.
    Published,
    /// No longer shown.
    Expired,
}

impl Listed<'_> {
    /// What the entry is at the moment `t`.
    pub fn state(&self, t: i64) -> State {
        match self.kind {
            Kind::Draft => State::Draft,
            Kind::Post | Kind::Page if self.date > t => State::Scheduled,
            Kind::Post | Kind::Page if self.expires.is_some_and(|end| end <= t) => State::Expired,
            Kind::Post | Kind::Page => State::Published,
        }
    }
}

/// A post under one of its tags; the posts' own series knows the rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tagged<'a> {
    /// The post.
    #[serde(borrow)]
    pub slug: Cow<'a, str>,
    /// As in [`Listed`].
    pub date: i64,
    /// As in [`Listed`].
    pub expires: Option<i64>,
}

/// An entry as a leaf stores it: owned while it is written, borrowed from the leaf while read.
pub(super) trait Entry: Facts + Serialize {
    /// When a leaf of such entries is divided.
    const LIMIT: Limit;

    /// The same entry with the leaf's bytes for its strings.
    type Borrowed<'a>: Deserialize<'a> + Facts;

    /// Copies the strings out of the leaf.
    fn own(borrowed: Self::Borrowed<'_>) -> Self;
}

/// How much one node holds before it is divided.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limit {
    pub(super) items: usize,
    pub(super) bytes: usize,
}

/// What every series needs to know of its entries.
pub(super) trait Facts: Sized {
    /// Date and slug of its [`Key`].
    fn place(&self) -> (i64, &str);
    /// Shown from the first moment until before the second; `None` if never.
    fn shown(&self) -> Option<(i64, i64)>;
    /// Entries of different years stand in different leaves.
    fn year(&self) -> i16;

    fn key(&self) -> Key {
        let (date, slug) = self.place();
        Key {
            date,
            slug: slug.into(),
        }
    }

    fn visible(&self, t: i64) -> bool {
        self.shown().is_some_and(|(from, to)| from <= t && t < to)
    }
}

impl Facts for Listed<'_> {
    fn place(&self) -> (i64, &str) {
        match self.kind {
            Kind::Post => (self.date, &self.slug),
            Kind::Draft | Kind::Page => (0, &self.slug),
        }
    }

    fn shown(&self) -> Option<(i64, i64)> {
        (self.kind != Kind::Draft).then(|| (self.date, self.expires.unwrap_or(i64::MAX)))
    }

    fn year(&self) -> i16 {
        match self.kind {
            Kind::Post => self.year,
            Kind::Draft | Kind::Page => 0,
        }
    }
}

impl Facts for Tagged<'_> {
    fn place(&self) -> (i64, &str) {
        (self.date, &self.slug)
    }

    fn shown(&self) -> Option<(i64, i64)> {
        Some((self.date, self.expires.unwrap_or(i64::MAX)))
    }

    fn year(&self) -> i16 {
        0
    }
}

impl Entry for Listed<'static> {
    const LIMIT: Limit = Limit {
        items: 224,
        bytes: 32 << 10,
    };
    type Borrowed<'a> = Listed<'a>;

    fn own(borrowed: Listed<'_>) -> Self {
        Listed {
            slug: borrowed.slug.into_owned().into(),
            title: borrowed.title.into_owned().into(),
            lang: borrowed.lang.into_owned().into(),
            ..borrowed
        }
    }
}

impl Entry for Tagged<'static> {
    const LIMIT: Limit = Limit {
        items: 512,
        bytes: 16 << 10,
    };
    type Borrowed<'a> = Tagged<'a>;

    fn own(borrowed: Tagged<'_>) -> Self {
        Tagged {
            slug: borrowed.slug.into_owned().into(),
            ..borrowed
        }
    }
}
