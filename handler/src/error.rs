//! Why something could not be read from the store.

use crate::key::Key;
use crate::store::StoreError;
use std::fmt;

/// What was asked for is there, or may be, and cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadError {
    /// The store did not answer; another try may do.
    Store(StoreError),
    /// Written by a newer Mayfly than this one.
    Newer {
        key: String,
        /// The format version that was found.
        found: u16,
        /// The newest one that this component reads.
        known: u16,
    },
    /// Not what this component writes, cut short or changed.
    Damaged { key: String },
    /// The index has the format of an earlier Mayfly, or is being rebuilt.
    IndexOutdated,
}

impl ReadError {
    pub fn damaged(key: impl Into<String>) -> Self {
        Self::Damaged { key: key.into() }
    }

    /// The status of an answer that could not be given because of it.
    pub fn status(&self) -> u16 {
        match self {
            Self::Store(_) | Self::IndexOutdated => 503,
            Self::Newer { .. } | Self::Damaged { .. } => 500,
        }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store(error) => error.fmt(f),
            Self::Newer { key, found, known } => write!(
                f,
                "{key} has format {found} and this component reads formats up to {known}: deploy the newer component"
            ),
            Self::Damaged { key } => write!(f, "{key} is damaged: {}", remedy(key)),
            Self::IndexOutdated => f.write_str(
                "the index must be rebuilt: run `mayfly reindex`, or POST /api/reindex until it answers that it is done",
            ),
        }
    }
}

/// What makes a damaged value whole again.
fn remedy(key: &str) -> &'static str {
    match Key::parse(key) {
        Some(Key::Site) => "publish site.toml and the theme again",
        Some(key) if key.is_index() => "run reindex",
        Some(Key::Lock | Key::Recent | Key::Reindex | Key::Garbage) => {
            "the next publisher replaces it"
        }
        _ => "publish it again",
    }
}

impl std::error::Error for ReadError {}

impl From<StoreError> for ReadError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Why a page could not be made. The text is for the log; visitors see a page that tells nothing.
#[derive(Debug)]
pub enum PageError {
    Read(ReadError),
    /// A built-in template failed; where one of the author's fails, the built-in one stands in.
    Template(minijinja::Error),
}

impl PageError {
    /// The status of an answer that could not be given because of it.
    pub fn status(&self) -> u16 {
        match self {
            Self::Read(error) => error.status(),
            Self::Template(_) => 500,
        }
    }
}

impl fmt::Display for PageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(error) => error.fmt(f),
            Self::Template(error) => {
                let name = error.name().unwrap_or("a template");
                write!(f, "theme/{name}:{}: {error}", error.line().unwrap_or(1))
            }
        }
    }
}

impl std::error::Error for PageError {}

impl<E: Into<ReadError>> From<E> for PageError {
    fn from(error: E) -> Self {
        Self::Read(error.into())
    }
}
