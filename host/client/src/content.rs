//! A folder of content: its files by what they are, its documents, and what is wrong with them.

mod document;
mod entry;
mod file;
mod folder;
mod front_matter;
mod ignored;
mod problem;

pub(crate) use document::{Document, DocumentId, Kind};
pub(crate) use file::File;
pub(crate) use folder::Content;
pub(crate) use front_matter::split as split_front_matter;
pub(crate) use ignored::describe as describe_ignored;
pub use problem::Problem;
