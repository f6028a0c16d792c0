//! The record of a document, taken apart as far as is needed: what of it any version must be
//! able to tell stands before the compiled form, which only one compiler can read.

use super::{Origin, Post, fingerprint, key};
use crate::compile::{self, Options, Source};
use crate::date::{self, Moment};
use crate::document::{Document, Kind};
use crate::error::ReadError;
use crate::index::Place;
use crate::record;
use serde::{Deserialize, Serialize};

/// The layout of the bytes before the compiled form.
const LAYOUT: u8 = 3;

/// The first layout that tells the file that a document comes from.
const WITH_FILE: u8 = 2;

/// The first layout with a checksum, between the header and what the header describes.
const WITH_SUM: u8 = 3;

/// Layout, compiler version, options, length of the traces, of the source, of the file's path.
const HEADER_BYTES: usize = 1 + 2 + 8 + 4 + 4 + 2;

/// Where the checksum ends, which is over all that stands before and after it.
const SUMMED_AT: usize = HEADER_BYTES + record::SUM_BYTES;

/// Where else in the store a document left traces.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Traces {
    /// Its place in the index.
    pub place: Place,
    /// The paths that lead to it.
    pub aliases: Vec<String>,
}

/// A record taken apart, its compiled form not decoded.
pub struct Stored<'a> {
    version: u16,
    options: u64,
    /// Where else it left traces.
    pub traces: Traces,
    /// What was published.
    pub source: &'a [u8],
    /// The file it comes from.
    pub origin: Origin,
    compiled: &'a [u8],
}

/// The record of a post.
pub(super) fn encode(post: &Post, traces: &Traces, options: &Options) -> Vec<u8> {
    // Serialising plain data into a growing vector has no way to fail.
    let traces = postcard::to_allocvec(traces).unwrap_or_default();
    let length = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_le_bytes();
    let file = post.origin.as_stored().as_bytes();
    let mut record = Vec::with_capacity(SUMMED_AT + traces.len() + post.source.len() * 3);
    record.push(LAYOUT);
    record.extend(compile::VERSION.to_le_bytes());
    record.extend(fingerprint(options).to_le_bytes());
    record.extend(length(&traces));
    record.extend(length(&post.source));
    record.extend(u16::try_from(file.len()).unwrap_or(u16::MAX).to_le_bytes());
    record.extend([0; record::SUM_BYTES]);
    record.extend(traces);
    record.extend(&post.source);
    record.extend(file);
    let mut record = postcard::to_extend(&post.document, record)
        .expect("documents are plain data, which postcard always encodes");
    let sum = record::sum(&record[..HEADER_BYTES], &record[SUMMED_AT..]);
    record[HEADER_BYTES..SUMMED_AT].copy_from_slice(&sum);
    record
}

impl<'a> Stored<'a> {
    /// Takes a record apart.
    pub fn parse(kind: Kind, slug: &str, record: &'a [u8]) -> Result<Self, ReadError> {
        if let Some(found) = record.first().filter(|found| **found > LAYOUT) {
            return Err(ReadError::Newer {
                key: key(kind, slug),
                found: (*found).into(),
                known: LAYOUT.into(),
            });
        }
        Self::take_apart(record).ok_or_else(|| ReadError::Damaged {
            key: key(kind, slug),
        })
    }

    /// The compiled form; one of another compiler, or for other settings, is made again.
    pub fn document(
        &self,
        kind: Kind,
        slug: &str,
        options: &Options,
    ) -> Result<Document, ReadError> {
        let damaged = || ReadError::Damaged {
            key: key(kind, slug),
        };
        if self.is_current(options) {
            return postcard::from_bytes(self.compiled).ok().ok_or_else(damaged);
        }
        let compile = |name: &str| {
            let text = self.source;
            compile::compile(&Source { kind, name, text }, options).ok()
        };
        let mut document = compile(self.origin.name(slug))
            .or_else(|| compile(&self.dated_name(slug)))
            .ok_or_else(damaged)?;
        slug.clone_into(&mut document.slug);
        Ok(document)
    }

    /// The name of a file whose record does not tell it, if the date was in the name alone. The
    /// date was midnight: twelve hours later it is the same day in UTC as in almost every zone.
    fn dated_name(&self, slug: &str) -> String {
        let noon = Moment {
            unix: self.traces.place.date + 12 * 3600,
            offset_seconds: 0,
        };
        format!("{}-{slug}", date::day(&noon))
    }

    /// Whether the compiled form is what this compiler would make of the source.
    pub fn is_current(&self, options: &Options) -> bool {
        self.version == compile::VERSION && self.options == fingerprint(options)
    }

    /// The hash that tells whether a file has to be sent again.
    pub fn hash(&self) -> u128 {
        self.origin.hash(self.source)
    }

    fn take_apart(record: &'a [u8]) -> Option<Self> {
        let layout = *record.first()?;
        let has_file = layout >= WITH_FILE;
        let header_bytes = HEADER_BYTES - if has_file { 0 } else { 2 };
        let (header, rest) = record.split_at_checked(header_bytes)?;
        let rest = match layout {
            WITH_SUM.. => record::checked(header, rest)?,
            _ => rest,
        };
        let number = |range: std::ops::Range<usize>| {
            header[range]
                .iter()
                .rev()
                .fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte))
        };
        let length = |range| usize::try_from(number(range)).ok();
        let (traces, rest) = rest.split_at_checked(length(11..15)?)?;
        let (source, rest) = rest.split_at_checked(length(15..19)?)?;
        let file_bytes = if has_file { length(19..21)? } else { 0 };
        let (file, compiled) = rest.split_at_checked(file_bytes)?;
        Some(Self {
            version: u16::from_le_bytes([header[1], header[2]]),
            options: number(3..11),
            traces: postcard::from_bytes(traces).ok()?,
            source,
            origin: Origin::stored(str::from_utf8(file).ok()?),
            compiled,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compile::Zone;

    const SOURCE: Source<'_> = Source {
        kind: Kind::Post,
        name: "2026-05-03-dated",
        text: b"---\ntitle: Dated\n---\ntext\n",
    };

    fn options(lang: &str) -> Options {
        Options {
            zone: Zone::UTC,
            smart_punctuation: true,
            lang: lang.to_owned(),
        }
    }

    fn record() -> Vec<u8> {
        let options = options("en");
        let post = Post::compile(&SOURCE, "posts/2026/2026-05-03-dated.md", &options);
        post.expect("a post").encode(Kind::Post, &options)
    }

    #[test]
    fn a_date_in_the_name_of_the_file_outlives_other_settings() {
        let record = record();
        let stored = Stored::parse(Kind::Post, "dated", &record).expect("a record");
        let path = stored.origin.path(Kind::Post, "dated");
        assert_eq!(path, "posts/2026/2026-05-03-dated.md");
        let again = stored.document(Kind::Post, "dated", &options("zh"));
        let date = again.expect("compiled again").date.expect("a date");
        assert_eq!(date.unix, 1_777_766_400);
    }

    #[test]
    fn a_record_without_a_checksum_is_read() {
        let now = record();
        let older = [&[2], &now[1..HEADER_BYTES], &now[SUMMED_AT..]].concat();
        let stored = Stored::parse(Kind::Post, "dated", &older).expect("a record");
        assert_eq!(stored.source, SOURCE.text);
        let path = stored.origin.path(Kind::Post, "dated");
        assert_eq!(path, "posts/2026/2026-05-03-dated.md");
    }

    #[test]
    fn a_record_with_one_changed_bit_is_damaged() {
        let now = record();
        for at in 1..now.len() {
            let mut changed = now.clone();
            changed[at] ^= 1;
            assert!(
                Stored::parse(Kind::Post, "dated", &changed).is_err(),
                "{at}"
            );
        }
    }

    #[test]
    fn a_record_without_a_file_is_read() {
        let now = record();
        let length = |from| usize::from(now[from]) | usize::from(now[from + 1]) << 8;
        let (source_end, file) = (SUMMED_AT + length(11) + length(15), length(19));
        let older = [
            &[1],
            &now[1..19],
            &now[SUMMED_AT..source_end],
            &now[source_end + file..],
        ]
        .concat();
        let stored = Stored::parse(Kind::Post, "dated", &older).expect("a record");
        assert_eq!(stored.source, SOURCE.text);
        let document = stored.document(Kind::Post, "dated", &options("en"));
        assert_eq!(document.expect("a document").title, "Dated");
        assert_eq!(stored.origin.path(Kind::Post, "dated"), "posts/dated.md");
    }
}
