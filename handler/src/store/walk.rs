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

/// Some keys, page by page.
#[derive(Debug)]
pub struct Part {
    /// The keys, those of each page by name.
    pub keys: Vec<String>,
    /// Where the next part begins; `None` after the last.
    pub next: Option<Position>,
    /// The pages, each with the number of keys up to its end.
    pages: Vec<(String, usize)>,
}

/// How many pages one part has at most.
const PAGES: usize = 32;

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
        let at = self.keys.iter().position(|known| known == key);
        let mut pages = self.pages.iter();
        let page = pages.find(|(_, end)| at.is_some_and(|at| at < *end));
        Position {
            page: page.map(|(page, _)| page.clone()).unwrap_or_default(),
            after: key.to_owned(),
        }
    }
}

/// At most `limit` of the wanted keys, from a position on.
///
/// As many pages as fit go in as a whole. One that is cut may have other keys when the store
/// is asked for the rest of it, and the walk misses some if keys are deleted in between.
pub fn part(
    store: &impl Store,
    from: &Position,
    limit: usize,
    wanted: impl Fn(&str) -> bool,
) -> Result<Part, StoreError> {
    let mut part = Part {
        keys: Vec::new(),
        next: Some(from.clone()),
        pages: Vec::new(),
    };
    while part.pages.len() < PAGES
        && let Some(from) = part.next.take()
    {
        let (keys, cursor) = page(store, &from, &wanted)?;
        if !part.keys.is_empty() && part.keys.len() + keys.len() > limit {
            part.next = Some(from);
            break;
        }
        part.keys.extend(keys);
        part.pages.push((from.page, part.keys.len()));
        if part.keys.len() > limit {
            part.keys.truncate(limit);
            part.next = part.keys.last().map(|last| part.behind(last));
            break;
        }
        part.next = cursor.map(|page| Position {
            page,
            after: String::new(),
        });
    }
    Ok(part)
}

/// The wanted keys of one page behind a position, by name, and the cursor of the next page.
fn page(
    store: &impl Store,
    from: &Position,
    wanted: impl Fn(&str) -> bool,
) -> Result<(Vec<String>, Option<String>), StoreError> {
    let cursor = Some(from.page.clone()).filter(|page| !page.is_empty());
    let found = store.list_keys(cursor)?;
    let mut keys = found.keys;
    keys.retain(|key| wanted(key) && (from.after.is_empty() || *key > from.after));
    keys.sort_unstable();
    Ok((keys, found.cursor))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::KeyPage;

    /// A store that lists these pages, whose cursors are their numbers.
    struct Pages(&'static [&'static [&'static str]]);

    impl Store for Pages {
        fn list_keys(&self, cursor: Option<String>) -> Result<KeyPage, StoreError> {
            let at: usize = cursor.map_or(0, |cursor| cursor.parse().expect("a number"));
            Ok(KeyPage {
                keys: self.0[at].iter().map(|key| (*key).to_owned()).collect(),
                cursor: (at + 1 < self.0.len()).then(|| (at + 1).to_string()),
            })
        }

        fn get_many(&self, _: &[String]) -> Result<Vec<Option<Vec<u8>>>, StoreError> {
            Err(StoreError("it only lists".to_owned()))
        }

        fn set_many(&self, _: &[(String, Vec<u8>)]) -> Result<(), StoreError> {
            Err(StoreError("it only lists".to_owned()))
        }

        fn delete_many(&self, _: &[String]) -> Result<(), StoreError> {
            Err(StoreError("it only lists".to_owned()))
        }
    }

    const STORE: Pages = Pages(&[
        &["b", "a", "-"],
        &[],
        &["d", "c"],
        &["i", "h", "g", "f", "e"],
    ]);

    fn four(from: &Position) -> Part {
        part(&STORE, from, 4, |key| key != "-").expect("no error")
    }

    #[test]
    fn pages_that_fit_are_not_cut() {
        let mut parts = Vec::new();
        let mut next = Some(Position::default());
        while let Some(from) = next {
            let part = four(&Position::parse(&from.to_text()));
            parts.push(part.keys.concat());
            next = part.next;
        }
        assert_eq!(parts, ["abcd", "efgh", "i"]);
    }

    #[test]
    fn a_walk_goes_on_behind_any_key() {
        let part = four(&Position::default());
        assert_eq!(four(&part.behind("a")).keys.concat(), "bcd");
        assert_eq!(four(&part.behind("c")).keys.concat(), "d");
        assert_eq!(four(&part.behind("d")).keys.concat(), "efgh");
    }
}
