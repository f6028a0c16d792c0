//! A document as a page shows it.

use super::Blog;
use crate::document::{DocId, Document};
use crate::error::ReadError;
use crate::host::Host;
use crate::post::{self, PageRecord};

/// A document, read from its record.
pub(super) struct Found {
    pub(super) document: Document,
    /// Differs where the record differs.
    pub(super) fingerprint: u64,
}

impl Found {
    pub(super) fn read(
        blog: &Blog<'_, impl Host>,
        id: &DocId,
        record: &[u8],
    ) -> Result<Self, ReadError> {
        let site = &blog.site;
        let fingerprint = site.compile_fingerprint;
        let options = || site.compile_options();
        Ok(Self {
            document: post::load(blog.host, id, record, fingerprint, options)?,
            fingerprint: PageRecord::fingerprint_of(record),
        })
    }
}
