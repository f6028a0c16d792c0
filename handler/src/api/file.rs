//! One uploaded file, or one file of the theme.

use super::preconditions::conflict;
use super::problem::{Refusal, refusal};
use super::{json, template};
use crate::body::BodyError;
use crate::etag::ETag;
use crate::host::Host;
use crate::media::{self, Media};
use crate::response::Response;
use crate::site::{self, Site};
use crate::write::{self, Expected, WriteError};
use serde::Serialize;

/// A file of the interface, by what becomes of it.
#[derive(Clone, Copy)]
pub(super) enum File<'a> {
    /// A file that visitors load.
    Media(&'a str),
    /// The theme's style sheet, whose hash is part of its address.
    Style,
    /// A template: part of the site's record.
    Template(&'a str),
    /// Another file of the theme.
    Asset(&'a str),
}

/// The longest name, in bytes, that fits into a key.
pub(super) const MAX_NAME_BYTES: usize = 240;

/// The largest template, which is also the limit of all together.
const MAX_TEMPLATE_BYTES: usize = 128 * 1024;

/// The answer to a file that was written.
#[derive(Serialize)]
struct Stored {
    hash: ETag,
}

impl<'a> File<'a> {
    pub(super) fn media(name: &'a str) -> Self {
        Self::Media(name)
    }

    pub(super) fn theme(name: &'a str) -> Self {
        match name {
            site::STYLE => Self::Style,
            name if name.ends_with(".html") || name.ends_with(".xml") => Self::Template(name),
            name => Self::Asset(name),
        }
    }

    /// The bytes that are to become the file.
    pub(super) fn body(&self, host: &impl Host) -> Result<Vec<u8>, Refusal> {
        let name = self.name();
        if name.len() > MAX_NAME_BYTES {
            let detail = "a file's path has at most 240 bytes";
            return Err(refusal(422, "name too long", detail).into());
        }
        let limit = match self {
            Self::Template(_) => MAX_TEMPLATE_BYTES,
            Self::Media(_) | Self::Style | Self::Asset(_) => media::MAX_BYTES,
        };
        host.body(limit).map_err(|error| match error {
            BodyError::TooLarge { limit } => {
                let detail = format!(
                    "{name} has more than {} KiB: make it smaller, or link to it elsewhere",
                    limit / 1024
                );
                refusal(error.status(), "file too large", &detail).into()
            }
            error => error.into(),
        })
    }

    pub(super) fn get(&self, host: &impl Host) -> Result<Response, Refusal> {
        let name = self.name();
        let file = match self {
            Self::Template(name) => return template::get(host, name),
            Self::Style => Site::read(host)?.style,
            Self::Media(_) | Self::Asset(_) => {
                let key = self.key();
                let file = host.get(&key)?.map(|record| Media::decode(&key, &record));
                file.transpose()?
            }
        };
        let file = file.ok_or_else(|| missing(name))?;
        Ok(media::whole(media::media_type(name), &file))
    }

    /// Creates the file or replaces it.
    pub(super) fn put(
        &self,
        host: &impl Host,
        bytes: &[u8],
        expected: Option<Expected>,
    ) -> Result<Response, Refusal> {
        let holds = match self {
            Self::Template(name) => return template::put(host, name, bytes, expected),
            Self::Style => write_style(host, Some(bytes), expected)?,
            _ => write::write_file(host, &self.key(), Some(bytes), expected)?,
        };
        if !holds {
            return Err(conflict().into());
        }
        Ok(stored(bytes))
    }

    pub(super) fn delete(
        &self,
        host: &impl Host,
        expected: Option<Expected>,
    ) -> Result<Response, Refusal> {
        let is_there = match self {
            Self::Template(name) => return template::delete(host, name, expected),
            Self::Style => Site::read(host)?.style.is_some(),
            _ => host.get(&self.key())?.is_some(),
        };
        if !is_there {
            return Err(missing(self.name()));
        }
        let holds = match self {
            Self::Style => write_style(host, None, expected)?,
            _ => write::write_file(host, &self.key(), None, expected)?,
        };
        if !holds {
            return Err(conflict().into());
        }
        Ok(Response::empty(204))
    }

    pub(super) fn name(&self) -> &'a str {
        match self {
            Self::Media(name) | Self::Template(name) | Self::Asset(name) => name,
            Self::Style => site::STYLE,
        }
    }

    fn key(&self) -> String {
        match self {
            Self::Media(name) => media::key(name),
            _ => media::theme_key(self.name()),
        }
    }
}

/// Writes or removes the style sheet: its parts first, then, in one write, its bytes and the name
/// by which pages ask for it.
fn write_style(
    host: &impl Host,
    sheet: Option<&[u8]>,
    expected: Option<Expected>,
) -> Result<bool, WriteError> {
    write::update_site(host, |site| {
        let found = site.style.as_ref().map(|sheet| sheet.hash);
        let new = sheet.map(|sheet| ETag::of(sheet).0);
        if expected.is_some_and(|expected| !expected.holds(found, new)) {
            return Ok(false);
        }
        let written = sheet.map(|sheet| Media::write_parts(host, sheet, host.now()));
        site.style = written.transpose()?;
        Ok(true)
    })?
}

pub(super) fn stored(bytes: &[u8]) -> Response {
    let hash = ETag::of(bytes);
    json(200, &Stored { hash }).with_tag(hash)
}

/// The answer where there is no such file.
pub(super) fn missing(name: &str) -> Refusal {
    refusal(404, "not found", &format!("there is no file {name:?}")).into()
}
