//! The index: which posts there are and in what order, for any moment, in a few reads.
//!
//! It is derived from the documents and can be rebuilt from them. A list (the posts, the drafts,
//! the pages, the tags, the posts under one tag) is a sorted [`series::Series`] of items, cut
//! into leaves that are replaced in place. Posts are cut by the calendar: a leaf is a month in
//! UTC, or a part of one that is crowded. The root of all lists is `head`.
//!
//! A write applies [`Change`]s: leaves first, `head` last. Applying a change twice changes
//! nothing, so whoever does not know how far a write came does it once more. A reader in between
//! sees the index of a moment ago. No key of the index is deleted by a write: what `head` no
//! longer names stays for those who hold an older `head`, until it is collected.
//!
//! Nothing in the index depends on the clock. An item says from when until when it is shown, and
//! a leaf's number of shown items comes with the moments at which it will change.

mod buffer;
mod calendar;
mod change;
mod edit;
mod entry;
mod head;
mod item;
mod leaf;
mod leaf_ref;
mod listing;
mod neighbours;
mod page;
mod series;
mod sitemap;
mod tag_edit;
mod tags;
mod walk;

pub use change::{Applied, Change, IndexedPost, Mode, Position};
pub use entry::{IndexEntry, List, State};
pub use head::Index;
pub use listing::{Cursor, Listing};
pub use neighbours::{Neighbours, Surroundings};
pub use page::Page;
pub use sitemap::SitemapFile;
pub use tags::{TagCount, TagPage, TagTable, TaggedPost};
pub use walk::{IndexCursor, IndexPart};
