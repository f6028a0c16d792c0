//! What publishing asks of the index: where a post stood, and what shall stand now.

use super::entry::{Kind, Listed};
use crate::document::Tag;
use serde::{Deserialize, Serialize};

/// One post, draft or page put, moved, changed or removed.
#[derive(Debug, Clone)]
pub struct Change {
    /// Its slug, which is the same before and after.
    pub slug: String,
    /// Where the index has it; `None` if it is new.
    pub old: Option<Place>,
    /// What shall stand there; `None` removes it.
    pub new: Option<Placed>,
}

/// Where an entry stands, so that it can be found without a search.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Its stream.
    pub kind: Kind,
    /// Its date.
    pub date: i64,
    /// The slugs of its tags.
    pub tags: Vec<String>,
}

/// An entry and the tags it stands under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// The entry.
    pub listed: Listed<'static>,
    /// Its tags; those of drafts and pages are not listed.
    pub tags: Vec<Tag>,
}

impl Change {
    /// Puts an entry of which nothing stands in the index, or the same at the same place.
    pub fn put(placed: Placed) -> Self {
        Change {
            slug: placed.listed.slug.to_string(),
            old: None,
            new: Some(placed),
        }
    }
}

impl Placed {
    /// Where the entry stands, for the change that replaces it.
    pub fn place(&self) -> Place {
        Place {
            kind: self.listed.kind,
            date: self.listed.date,
            tags: self.tags.iter().map(|tag| tag.slug.clone()).collect(),
        }
    }
}
