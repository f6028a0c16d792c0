//! A record of any age, taken apart: what it must still tell stands before the compiled form.

use super::{HEADER_BYTES, LAYOUT, Traces, fingerprint, key};
use crate::compile::{self, Document, Kind, Moment, Options, Source};
use crate::date;
use crate::record::{self, RecordError};

/// A record taken apart, its compiled form not decoded.
pub struct Stored<'a> {
    version: u16,
    options: u64,
    /// Where else it left traces.
    pub traces: Traces,
    /// What was published.
    pub source: &'a [u8],
    compiled: &'a [u8],
}

impl<'a> Stored<'a> {
    /// Takes a record apart.
    pub fn parse(kind: Kind, slug: &str, record: &'a [u8]) -> Result<Self, RecordError> {
        if let Some(found) = record.first().filter(|found| **found > LAYOUT) {
            return Err(RecordError::Newer {
                key: key(kind, slug),
                found: (*found).into(),
                known: LAYOUT.into(),
            });
        }
        Self::take_apart(record).ok_or_else(|| RecordError::Damaged {
            key: key(kind, slug),
        })
    }

    /// The compiled form; one of another compiler, or for other settings, is made again.
    pub fn document(
        &self,
        kind: Kind,
        slug: &str,
        options: &Options,
    ) -> Result<Document, RecordError> {
        let damaged = || RecordError::Damaged {
            key: key(kind, slug),
        };
        if self.is_current(options) {
            return postcard::from_bytes(self.compiled).ok().ok_or_else(damaged);
        }
        let name = self.name(kind, slug);
        let source = Source {
            kind,
            name: &name,
            text: self.source,
        };
        let mut document = compile::compile(&source, options)
            .ok()
            .ok_or_else(damaged)?;
        slug.clone_into(&mut document.slug);
        Ok(document)
    }

    /// A name that gives the post its date, if only the name of its file did. That was midnight:
    /// twelve hours later it is the same day in UTC as in almost every zone.
    fn name(&self, kind: Kind, slug: &str) -> String {
        let noon = Moment {
            unix: self.traces.place.date + 12 * 3600,
            offset_seconds: 0,
        };
        match kind {
            Kind::Post if self.traces.place.date != 0 => format!("{}-{slug}", date::day(&noon)),
            _ => slug.to_owned(),
        }
    }

    /// Whether the compiled form is what this compiler would make of the source.
    pub fn is_current(&self, options: &Options) -> bool {
        self.version == compile::VERSION && self.options == fingerprint(options)
    }

    fn take_apart(record: &'a [u8]) -> Option<Self> {
        let (header, rest) = record.split_at_checked(HEADER_BYTES)?;
        let number = |range: std::ops::Range<usize>| {
            header[range]
                .iter()
                .rev()
                .fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte))
        };
        let rest = match header[0] {
            LAYOUT => record::checked(header, rest)?,
            _ => rest,
        };
        let (traces, rest) = rest.split_at_checked(usize::try_from(number(11..15)).ok()?)?;
        let (source, compiled) = rest.split_at_checked(usize::try_from(number(15..19)).ok()?)?;
        Some(Self {
            version: u16::from_le_bytes([header[1], header[2]]),
            options: number(3..11),
            traces: postcard::from_bytes(traces).ok()?,
            source,
            compiled,
        })
    }
}
