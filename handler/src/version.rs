//! The version of a page: a hash of all that it is made of, known before the page is made.

use crate::etag::ETag;
use xxhash_rust::xxh3::Xxh3Default;

/// Code, templates and dependencies of this component.
const BUILD_ID: &str = env!("BUILD_ID");

/// Takes in everything that a page depends on.
#[derive(Clone)]
pub struct Version(Xxh3Default);

impl Version {
    pub fn new() -> Self {
        let mut version = Self(Xxh3Default::new());
        version.add_text(BUILD_ID);
        version
    }

    pub fn add(&mut self, number: u64) {
        self.0.update(&number.to_le_bytes());
    }

    /// Adds a text with its length: no two lists of texts are the same bytes.
    pub fn add_text(&mut self, text: &str) {
        self.add(text.len() as u64);
        self.0.update(text.as_bytes());
    }

    pub fn tag(&self) -> ETag {
        ETag(self.0.digest128())
    }
}
