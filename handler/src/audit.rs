//! Whether the store is in order: the index and the documents name each other, what lies beside a
//! document is as the document requires, every file is whole. Nothing is written here: a check
//! tells what was found, and a reindex repairs it.

mod entries;
mod examine;
mod orphans;

pub use entries::{Doubt, doubts};
pub use examine::{Examined, Settings, examine};
pub use orphans::{documents, orphans};
