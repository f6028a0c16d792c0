//! What a publisher asks for, and what became of it.

use crate::document::{DocId, Kind};
use crate::problem::Problem;

/// One thing to write or to remove.
#[derive(Debug, Clone)]
pub enum Edit<'a> {
    /// Create a document or replace it.
    Put {
        /// A post or a page.
        kind: Kind,
        /// The stem of its file name, which may carry the date and the slug.
        name: &'a str,
        /// The slug that it must have, where the address or the preconditions are about one.
        slug: Option<&'a str>,
        /// The path of the file it comes from; empty if there is none.
        file: &'a str,
        /// The Markdown with its front matter.
        source: &'a [u8],
        /// What must stand there now, if that matters.
        expected: Option<Expected>,
    },
    /// Remove a document.
    Delete {
        id: DocId,
        /// What must stand there now, if that matters.
        expected: Option<Expected>,
    },
}

/// What an editor believes to stand in the store; a guard against overwriting another's work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// Something, whatever it is.
    Any,
    /// A source with this hash.
    Hash(u128),
    /// Nothing.
    Nothing,
}

/// What became of an edit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The file of the edit; empty for a removal.
    pub file: String,
    /// The slug, where it is known.
    pub slug: Option<String>,
    /// What was done.
    pub status: Status,
    /// The hash of what was to be put.
    pub hash: Option<u128>,
    /// Why it was refused.
    pub problems: Vec<Problem>,
}

/// What was done with an edit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It was not there before.
    Created,
    /// It took the place of another version.
    Updated,
    /// The same version was there already.
    Unchanged,
    /// It was removed.
    Deleted,
    /// There was nothing to remove.
    Missing,
    /// The source has problems.
    Refused,
    /// Something else stands there than the editor believed.
    Conflict,
}

impl Status {
    /// The word for it in answers.
    pub fn word(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Unchanged => "unchanged",
            Self::Deleted => "deleted",
            Self::Missing => "missing",
            Self::Refused => "refused",
            Self::Conflict => "conflict",
        }
    }
}

impl Expected {
    /// Whether what stands there is what was expected. What shall stand there is as good: the
    /// edit was carried out before, and only the answer was lost (RFC 9110, 13.1.1).
    pub fn holds(self, found: Option<u128>, new: Option<u128>) -> bool {
        let is_done = found == new;
        is_done
            || match self {
                Self::Any => found.is_some(),
                Self::Hash(hash) => found == Some(hash),
                Self::Nothing => found.is_none(),
            }
    }
}
