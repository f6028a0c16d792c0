//! The record of a document's source, and of what only its author needs to know.

use super::SourcePath;
use crate::compile::{self, Compiled, Options, Source};
use crate::document::{DocId, Document, Notes};
use crate::error::ReadError;
use crate::key::Key;
use crate::record;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// A source as it was published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceRecord<'a> {
    /// The file it comes from.
    pub path: SourcePath,
    /// Front matter and Markdown, byte for byte.
    pub source: Cow<'a, [u8]>,
    /// What the compiler noted for the author.
    pub notes: Notes,
    /// What the post is called in feeds.
    pub feed_id: String,
}

/// The version of the record.
const VERSION: u8 = 2;

impl SourceRecord<'_> {
    pub fn encode(&self) -> Vec<u8> {
        record::encode(VERSION, self)
    }

    pub fn decode(key: &str, record: &[u8]) -> Result<Self, ReadError> {
        record::decode(VERSION, key, record)
    }

    /// The hash that tells whether a file has to be sent again.
    pub fn hash(&self) -> u128 {
        self.path.hash(&self.source)
    }

    /// What the compiler makes of it now. `former` is what an earlier one made: a document that
    /// was accepted once is shown as it was, whatever the rules of today.
    pub(super) fn compile(
        &self,
        id: &DocId,
        options: &Options,
        former: Option<Document>,
    ) -> Result<Compiled, ReadError> {
        let source = Source {
            kind: id.kind,
            name: self.path.name(&id.slug),
            text: &self.source,
        };
        let mut compiled = match (compile::compile(&source, options), former) {
            (Ok(compiled), _) => compiled,
            (Err(warnings), Some(document)) => Compiled {
                feed_html: document.html.clone(),
                document,
                notes: Notes {
                    warnings,
                    ..Notes::default()
                },
            },
            (Err(_), None) => return Err(ReadError::damaged(Key::Source(id.clone()))),
        };
        compiled.document.slug.clone_from(&id.slug);
        Ok(compiled)
    }
}
