//! What a publisher has sent, from which its next run knows what has gone from the folder since.

use std::collections::{BTreeMap, BTreeSet};

use crate::content::DocumentId;

/// What was sent, or was in the blog already.
#[derive(Debug, Default)]
pub(super) struct Sent {
    /// The documents, by their files.
    pub(super) documents: BTreeMap<String, DocumentId>,
    /// Documents that are still to be removed, for their files have other slugs now.
    pub(super) outdated: BTreeSet<DocumentId>,
    /// The other files.
    pub(super) files: BTreeSet<String>,
}
