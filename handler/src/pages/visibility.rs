//! Whether a visitor may see a document.

use crate::document::Document;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Visibility {
    Visible,
    /// A draft, or not due yet.
    Unpublished,
    Expired,
}

impl Visibility {
    pub(super) fn of(document: &Document, now: i64) -> Self {
        let is_scheduled = document.date.is_some_and(|date| date.unix > now);
        if document.draft || is_scheduled {
            Self::Unpublished
        } else if document.expires.is_some_and(|end| end.unix <= now) {
            Self::Expired
        } else {
            Self::Visible
        }
    }
}
