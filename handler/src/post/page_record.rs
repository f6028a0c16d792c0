//! The record of a compiled document. What any version must be able to read stands first; the
//! compiled form, which only the compiler that wrote it can read, comes last.

use super::{Footprint, SourcePath, SourceRecord};
use crate::compile;
use crate::date::{self, Moment};
use crate::document::{DocId, Document, Kind, Notes};
use crate::error::ReadError;
use crate::index::Position;
use crate::key::Key;
use crate::record;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

/// The layout of the bytes before the compiled form. Up to layout 3 the source stood there, too.
const LAYOUT: u8 = 4;

/// The first layout that tells the file that a document comes from.
const WITH_FILE: u8 = 2;

/// The first layout with a checksum, between the header and what the header describes.
const WITH_SUM: u8 = 3;

/// Layout, compiler version, settings, hash of the source, length of the traces.
const HEADER_BYTES: usize = 1 + 2 + 8 + 16 + 4;

/// The same of layouts 1 to 3: lengths of traces and source, and from 2 on of the file's path.
const OLD_HEADER_BYTES: usize = 1 + 2 + 8 + 4 + 4;

/// Where the document stands, beside its own keys.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Traces {
    position: Position,
    aliases: Vec<String>,
}

/// A record taken apart, its parts not decoded.
pub struct PageRecord<'a> {
    id: &'a DocId,
    version: u16,
    fingerprint: u64,
    traces: &'a [u8],
    hash: u128,
    embedded: Option<(&'a str, &'a [u8])>,
    embeds_no_path: bool,
    compiled: &'a [u8],
}

pub(super) fn encode(
    document: &Document,
    hash: u128,
    position: &Position,
    fingerprint: u64,
) -> Vec<u8> {
    const ENCODES: &str = "documents are plain data, which postcard always encodes";
    let traces = Traces {
        position: position.clone(),
        aliases: document.aliases.clone(),
    };
    let traces = postcard::to_allocvec(&traces).expect(ENCODES);
    let length = u32::try_from(traces.len()).unwrap_or(u32::MAX);
    let mut record = Vec::with_capacity(512 + traces.len() + document.html.len());
    record.push(LAYOUT);
    record.extend(compile::VERSION.to_le_bytes());
    record.extend(fingerprint.to_le_bytes());
    record.extend(hash.to_le_bytes());
    record.extend(length.to_le_bytes());
    record.extend([0; record::SUM_BYTES]);
    record.extend(traces);
    let mut record = postcard::to_extend(document, record).expect(ENCODES);
    let content = HEADER_BYTES + record::SUM_BYTES;
    let sum = record::sum(&record[..HEADER_BYTES], &record[content..]);
    record[HEADER_BYTES..content].copy_from_slice(&sum);
    record
}

impl<'a> PageRecord<'a> {
    /// Takes a record apart.
    pub fn parse(id: &'a DocId, record: &'a [u8]) -> Result<Self, ReadError> {
        match record.first() {
            Some(&found) if found > LAYOUT => Err(ReadError::Newer {
                key: Key::Document(id.clone()).into(),
                found: found.into(),
                known: LAYOUT.into(),
            }),
            Some(&LAYOUT) => Self::take_apart(id, record).ok_or_else(|| damaged(id)),
            _ => Self::take_apart_old(id, record).ok_or_else(|| damaged(id)),
        }
    }

    /// A number that differs where records differ; the checksum, where it is at hand.
    pub fn fingerprint_of(record: &[u8]) -> u64 {
        match record.get(HEADER_BYTES..HEADER_BYTES + record::SUM_BYTES) {
            Some(sum) if record[0] == LAYOUT => number(sum, 0, record::SUM_BYTES) as u64,
            _ => xxh3_64(record),
        }
    }

    /// Whether the compiled form is what this compiler would make of the source for settings
    /// of this fingerprint.
    pub fn is_current(&self, fingerprint: u64) -> bool {
        self.version == compile::VERSION && self.fingerprint == fingerprint
    }

    /// The compiled form, which must be current.
    pub fn document(&self) -> Result<Document, ReadError> {
        postcard::from_bytes(self.compiled).map_err(|_unreadable| self.damaged())
    }

    /// The compiled form of an earlier compiler, as far as it can be read.
    pub fn former_document(&self) -> Option<Document> {
        postcard::from_bytes(self.compiled).ok()
    }

    /// The hash of the source that it was made of.
    pub fn hash(&self) -> u128 {
        self.hash
    }

    /// Where the document stands.
    pub fn footprint(&self) -> Result<Footprint, ReadError> {
        let traces: Traces =
            postcard::from_bytes(self.traces).map_err(|_unreadable| self.damaged())?;
        Ok(Footprint {
            positions: vec![traces.position],
            aliases: traces.aliases,
        })
    }

    /// The source, where a version up to layout 3 wrote it here.
    pub fn embedded_source(&self) -> Option<SourceRecord> {
        let (path, source) = self.embedded?;
        let path = match self.footprint() {
            Ok(footprint) if self.embeds_no_path => self.dated_path(&footprint),
            _ => path.to_owned(),
        };
        Some(SourceRecord {
            path: SourcePath::stored(&path),
            source: source.to_vec(),
            notes: Notes::default(),
            feed_id: String::new(),
        })
    }

    pub fn damaged(&self) -> ReadError {
        damaged(self.id)
    }

    fn take_apart(id: &'a DocId, record: &'a [u8]) -> Option<Self> {
        let (header, rest) = record.split_at_checked(HEADER_BYTES)?;
        let content = record::checked(header, rest)?;
        let (traces, compiled) = content.split_at_checked(number(header, 27, 4) as usize)?;
        Some(Self {
            id,
            version: number(header, 1, 2) as u16,
            fingerprint: number(header, 3, 8) as u64,
            hash: number(header, 11, 16),
            traces,
            embedded: None,
            embeds_no_path: false,
            compiled,
        })
    }

    fn take_apart_old(id: &'a DocId, record: &'a [u8]) -> Option<Self> {
        let layout = *record.first()?;
        let header_bytes = OLD_HEADER_BYTES + if layout >= WITH_FILE { 2 } else { 0 };
        let (header, rest) = record.split_at_checked(header_bytes)?;
        let rest = match layout {
            WITH_SUM.. => record::checked(header, rest)?,
            _ => rest,
        };
        let (traces, rest) = rest.split_at_checked(number(header, 11, 4) as usize)?;
        let (source, rest) = rest.split_at_checked(number(header, 15, 4) as usize)?;
        let path_bytes = if layout >= WITH_FILE {
            number(header, 19, 2)
        } else {
            0
        };
        let (path, compiled) = rest.split_at_checked(path_bytes as usize)?;
        let path = str::from_utf8(path).ok()?;
        Some(Self {
            id,
            version: number(header, 1, 2) as u16,
            fingerprint: number(header, 3, 8) as u64,
            traces,
            hash: SourcePath::stored(path).hash(source),
            embedded: Some((path, source)),
            embeds_no_path: layout < WITH_FILE,
            compiled,
        })
    }

    /// The path of a post's file that layout 1 does not tell, with the date in its name: the date
    /// may have been there alone. It was midnight, and twelve hours later it is the same day in
    /// UTC as in almost every zone.
    fn dated_path(&self, footprint: &Footprint) -> String {
        let date = footprint
            .positions
            .first()
            .map_or(0, |position| position.date);
        if date == 0 || self.id.kind == Kind::Page {
            return String::new();
        }
        let noon = Moment {
            unix: date + 12 * 3600,
            offset_seconds: 0,
        };
        format!("posts/{}-{}.md", date::day(&noon), self.id.slug)
    }
}

fn damaged(id: &DocId) -> ReadError {
    ReadError::damaged(Key::Document(id.clone()))
}

/// A little-endian number in a header.
fn number(header: &[u8], from: usize, length: usize) -> u128 {
    let bytes = header[from..from + length].iter().rev();
    bytes.fold(0, |number, byte| number << 8 | u128::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::super::NewDocument;
    use super::*;
    use crate::compile::{Options, Source, Zone};

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
            math: true,
        }
    }

    fn new() -> NewDocument {
        let file = "posts/2026/2026-05-03-dated.md";
        NewDocument::compile(&SOURCE, file, &options("en")).expect("a post")
    }

    fn record() -> Vec<u8> {
        let entries = new().entries();
        let page = entries.into_iter().find(|(key, _)| key == "post/dated");
        page.expect("a page").1
    }

    /// The record as layout 3 wrote it.
    fn old_record() -> Vec<u8> {
        let traces = Traces {
            position: new().indexed().position(),
            aliases: Vec::new(),
        };
        let traces = postcard::to_allocvec(&traces).expect("plain data");
        let file = b"posts/2026/2026-05-03-dated.md";
        let mut header = vec![3, 1, 0];
        header.extend(7_u64.to_le_bytes());
        header.extend((traces.len() as u32).to_le_bytes());
        header.extend((SOURCE.text.len() as u32).to_le_bytes());
        header.extend((file.len() as u16).to_le_bytes());
        let content = [&traces[..], SOURCE.text, file, b"compiled"].concat();
        let sum = record::sum(&header, &content);
        [&header[..], &sum, &content].concat()
    }

    #[test]
    fn a_record_of_an_earlier_layout_tells_its_source_and_its_file() {
        let now = old_record();
        let at = OLD_HEADER_BYTES + 2;
        let unsummed = [&[2], &now[1..at], &now[at + record::SUM_BYTES..]].concat();
        let id = DocId::post("dated");
        for record in [now, unsummed] {
            let page = PageRecord::parse(&id, &record).expect("a record");
            let source = page.embedded_source().expect("a source");
            assert_eq!(source.source, SOURCE.text);
            assert_eq!(source.hash(), page.hash());
            let again =
                NewDocument::recompile(&id, source, &options("zh"), None).expect("compiled");
            assert_eq!(again.document.date.expect("a date").unix, 1_777_766_400);
            let path = again.source.path.of_document(&id);
            assert_eq!(path, "posts/2026/2026-05-03-dated.md");
        }
    }

    #[test]
    fn a_record_without_a_file_keeps_the_date_of_its_name() {
        let now = old_record();
        let at = OLD_HEADER_BYTES + 2 + record::SUM_BYTES;
        let length = |from: usize| number(&now, from, 4) as usize;
        let source_end = at + length(11) + length(15);
        let file = number(&now, 19, 2) as usize;
        let older = [
            &[1],
            &now[1..OLD_HEADER_BYTES],
            &now[at..source_end],
            &now[source_end + file..],
        ]
        .concat();
        let id = DocId::post("dated");
        let page = PageRecord::parse(&id, &older).expect("a record");
        let source = page.embedded_source().expect("a source");
        let again = NewDocument::recompile(&id, source, &options("en"), None).expect("compiled");
        assert_eq!(again.document.date.expect("a date").unix, 1_777_766_400);
    }

    #[test]
    fn a_record_with_one_changed_bit_is_damaged() {
        let id = DocId::post("dated");
        for now in [record(), old_record()] {
            for at in 1..now.len() {
                let mut changed = now.clone();
                changed[at] ^= 1;
                assert!(PageRecord::parse(&id, &changed).is_err(), "{at}");
            }
        }
    }

    #[test]
    fn a_record_is_current_for_the_settings_that_it_was_made_for() {
        let record = record();
        let id = DocId::post("dated");
        let page = PageRecord::parse(&id, &record).expect("a record");
        assert!(page.is_current(options("en").fingerprint()));
        assert!(!page.is_current(options("zh").fingerprint()));
        assert_eq!(page.document().expect("a document").title, "Dated");
    }
}
