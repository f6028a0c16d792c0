//! A walk over all keys of a store in parts of a bounded size, each of which tells where the
//! next begins. Stores list keys in pages of their own choice and in no promised order; within
//! a page the walk goes by name.

use super::{Store, StoreError};

/// Where a part begins: in which page of the store, and behind which key of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Position {
    page: String,
    after: String,
}

/// Some keys of one page.
#[derive(Debug)]
pub struct Part {
    /// The keys, by name.
    pub keys: Vec<String>,
    /// Where the next part begins; `None` after the last.
    pub next: Option<Position>,
    page: String,
}

/// Pages without a single wanted key that one call passes over.
const EMPTY_PAGES: usize = 32;

impl Position {
    /// The position of this text; the beginning, if it is none of ours.
    pub fn parse(text: &str) -> Self {
        let parsed = text.split_once(':').and_then(|(length, rest)| {
            let (after, page) = rest.split_at_checked(length.parse().ok()?)?;
            Some(Self {
                page: page.to_owned(),
                after: after.to_owned(),
            })
        });
        parsed.unwrap_or_default()
    }

    /// The text of the position.
    pub fn to_text(&self) -> String {
        format!("{}:{}{}", self.after.len(), self.after, self.page)
    }
}

impl Part {
    /// Where a part begins that takes up behind one of these keys.
    pub fn behind(&self, key: &str) -> Position {
        Position {
            page: self.page.clone(),
            after: key.to_owned(),
        }
    }
}

/// At most `limit` of the wanted keys, from a position on.
pub fn part(
    store: &impl Store,
    from: &Position,
    limit: usize,
    wanted: impl Fn(&str) -> bool,
) -> Result<Part, StoreError> {
    let mut from = from.clone();
    let mut pages = 0;
    loop {
        let cursor = Some(from.page.clone()).filter(|page| !page.is_empty());
        let found = store.list_keys(cursor)?;
        let mut keys = found.keys;
        keys.retain(|key| wanted(key) && (from.after.is_empty() || *key > from.after));
        keys.sort_unstable();
        let mut part = Part {
            keys,
            next: found.cursor.map(|page| Position {
                page,
                after: String::new(),
            }),
            page: from.page,
        };
        if part.keys.len() > limit {
            part.keys.truncate(limit);
            part.next = part.keys.last().map(|last| part.behind(last));
        }
        pages += 1;
        match part.next {
            Some(next) if part.keys.is_empty() && pages < EMPTY_PAGES => from = next,
            next => return Ok(Part { next, ..part }),
        }
    }
}
