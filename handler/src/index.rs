//! The index: which posts there are and in what order, for any moment, in a few reads.
//!
//! It is derived from the posts and can be rebuilt from them. Immutable nodes, named by the
//! hash of their bytes, hang from `head`; a write adds nodes and then replaces `head`, so a
//! reader sees the old index or the new one. It holds no post and no text of a list page.

mod change;
mod entry;
mod error;
mod key;

mod head;
mod node;
mod series;

mod listing;
mod lookup;
mod neighbours;
mod page;
mod reach;
mod sitemap;
mod tags;
mod years;

mod apply;
mod cut;
mod desk;
mod edit;
mod tag_edit;
mod tag_series;

pub use crate::document::Tag;
pub use apply::Applied;
pub use change::{Change, Place, Placed};
pub use entry::{Kind, Listed, State, Tagged};
pub use error::IndexError;
pub use head::KEY as HEAD_KEY;
pub use listing::{Listing, PAGES_CURSOR};
pub use neighbours::{Neighbours, Surroundings};
pub use node::NodeName;
pub use page::Page;
pub use sitemap::SitemapFile;
pub use tags::{TagCount, TagPage, TagTable};

/// The index as one head describes it. The methods stand with the answers they give.
#[derive(Debug, Clone)]
pub struct Index {
    head: head::Head,
    hash: u128,
}
