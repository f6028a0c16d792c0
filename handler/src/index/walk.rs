//! A walk over every place that the index names: the entries of all lists, then the posts under
//! each tag.

use super::Position;
use super::entry::List;
use super::head::Index;
use super::item::Item;
use super::leaf::fetch;
use super::leaf_ref::ListId;
use super::listing::Cursor;
use super::tags::TagRow;
use crate::document::DocId;
use crate::error::ReadError;
use crate::store::Store;
use std::fmt;

/// Where a part of the walk begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IndexCursor {
    Entries(Option<Cursor>),
    /// Posts under the first tag behind `tag` that are in no leaf; or, where `leaf` is not 0, those
    /// in this leaf of `tag`, counted from 1.
    Tagged {
        tag: String,
        leaf: usize,
    },
}

/// Some places.
#[derive(Debug)]
pub struct IndexPart {
    pub positions: Vec<(DocId, Position)>,
    /// Where the next part begins; `None` after the last.
    pub next: Option<IndexCursor>,
}

impl IndexCursor {
    pub const START: Self = Self::Entries(None);

    pub fn parse(text: &str) -> Option<Self> {
        match text.split_once('/')? {
            ("entries", "") => Some(Self::START),
            ("entries", cursor) => Some(Self::Entries(Some(Cursor::parse(cursor)?))),
            ("tagged", place) => {
                let (leaf, tag) = place.split_once(':')?;
                Some(Self::Tagged {
                    tag: tag.to_owned(),
                    leaf: leaf.parse().ok()?,
                })
            }
            _ => None,
        }
    }
}

impl fmt::Display for IndexCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Entries(None) => f.write_str("entries/"),
            Self::Entries(Some(cursor)) => write!(f, "entries/{cursor}"),
            Self::Tagged { tag, leaf } => write!(f, "tagged/{leaf}:{tag}"),
        }
    }
}

impl Index {
    /// Some of the places; `limit` bounds the entries of a part, a leaf the posts of a tag.
    pub fn part(
        &self,
        store: &impl Store,
        cursor: &IndexCursor,
        limit: usize,
    ) -> Result<IndexPart, ReadError> {
        match cursor {
            IndexCursor::Entries(cursor) => {
                let listing = self.listing(store, cursor.as_ref(), limit)?;
                let position = |entry: super::IndexEntry<'_>| {
                    let position = Position {
                        list: entry.list,
                        date: entry.date,
                        tags: Vec::new(),
                    };
                    (entry.id(), position)
                };
                Ok(IndexPart {
                    next: Some(match listing.next {
                        Some(next) => IndexCursor::Entries(Some(next)),
                        None => IndexCursor::Tagged {
                            tag: String::new(),
                            leaf: 0,
                        },
                    }),
                    positions: listing.entries.into_iter().map(position).collect(),
                })
            }
            IndexCursor::Tagged { tag, leaf } => self.tagged_part(store, tag, *leaf),
        }
    }

    fn tagged_part(
        &self,
        store: &impl Store,
        from: &str,
        leaf: usize,
    ) -> Result<IndexPart, ReadError> {
        let table = self.tag_table();
        let is_wanted = |tag: &str| tag > from || (tag == from && leaf > 0);
        let Some((tag, row)) = table.first_row(store, from, is_wanted)? else {
            return Ok(IndexPart {
                positions: Vec::new(),
                next: None,
            });
        };
        // The tag that the cursor named may be gone.
        let leaf = if tag == from { leaf } else { 0 };
        let positions = positions(store, &tag, &row, leaf)?;
        let is_last = leaf >= row.posts.leaves().count();
        let leaf = if is_last { 0 } else { leaf + 1 };
        Ok(IndexPart {
            positions,
            next: Some(IndexCursor::Tagged { tag, leaf }),
        })
    }
}

fn positions(
    store: &impl Store,
    tag: &str,
    row: &TagRow,
    leaf: usize,
) -> Result<Vec<(DocId, Position)>, ReadError> {
    let position = |item: &Item<'_>| {
        let position = Position {
            list: List::Posts,
            date: item.date,
            tags: vec![tag.to_owned()],
        };
        (DocId::post(&*item.slug), position)
    };
    let Some(leaf) = leaf.checked_sub(1) else {
        return Ok(row.fresh.iter().map(position).collect());
    };
    let mut positions = Vec::new();
    let leaf = row.posts.leaves().nth(leaf);
    for leaf in fetch(store, ListId::Tagged(tag), leaf.as_slice())? {
        for item in leaf.items() {
            positions.push(position(&item?));
        }
    }
    Ok(positions)
}
