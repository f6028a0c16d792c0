//! One uploaded file, or one file of the theme.

use super::guard::{conflict, expected};
use super::problem::{refusal, unwritten};
use super::{hex, json, template, unreadable};
use crate::error::ReadError;
use crate::host::Host;
use crate::media::{self, Media};
use crate::request::Request;
use crate::response::Response;
use crate::site::{self, Site};
use crate::write::{self, Expected};
use xxhash_rust::xxh3::xxh3_128;

/// A file of the interface, by what becomes of it.
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

impl<'a> File<'a> {
    /// The file that a path means.
    pub(super) fn new(noun: &str, name: &'a str) -> Self {
        match (noun, name) {
            ("media", name) => Self::Media(name),
            (_, "style.css") => Self::Style,
            (_, name) if name.ends_with(".html") || name.ends_with(".xml") => Self::Template(name),
            (_, name) => Self::Asset(name),
        }
    }

    /// The bytes.
    pub(super) fn get(&self, host: &impl Host) -> Response {
        self.read(host)
            .unwrap_or_else(|failure| unreadable(&failure))
    }

    /// Creates the file or replaces it.
    pub(super) fn put(&self, host: &impl Host, request: &Request) -> Response {
        if let Some(refused) = self.refused(&request.body) {
            return refused;
        }
        self.write(host, request, Some(&request.body))
    }

    /// Removes the file; what is not there is no error.
    pub(super) fn delete(&self, host: &impl Host, request: &Request) -> Response {
        self.write(host, request, None)
    }

    fn write(&self, host: &impl Host, request: &Request, bytes: Option<&[u8]>) -> Response {
        let expected = match expected(request) {
            Ok(expected) => expected,
            Err(refused) => return refused,
        };
        let holds = match (self, bytes) {
            (Self::Template(name), Some(text)) => {
                return template::put(host, name, text, expected);
            }
            (Self::Template(name), None) => return template::delete(host, name, expected),
            (Self::Style, sheet) => put_style(host, sheet, expected),
            (_, bytes) => write::write_file(host, &self.key(), bytes, expected),
        };
        match (holds, bytes) {
            (Ok(false), _) => conflict(),
            (Ok(true), Some(bytes)) => stored(bytes),
            (Ok(true), None) => Response::new(204, "application/json", Vec::new()),
            (Err(failure), _) => unwritten(&failure),
        }
    }

    fn read(&self, host: &impl Host) -> Result<Response, ReadError> {
        if let Self::Template(name) = self {
            return template::get(host, name);
        }
        if let Self::Style = self {
            return Ok(match Site::read(host)?.style {
                Some(sheet) => media::whole(media::media_type(site::STYLE), &sheet),
                None => missing(site::STYLE),
            });
        }
        let (key, name) = (self.key(), self.name());
        Ok(match host.get(&key)? {
            Some(record) => media::whole(media::media_type(name), &Media::decode(&key, &record)?),
            None => missing(name),
        })
    }

    fn refused(&self, body: &[u8]) -> Option<Response> {
        let name = self.name();
        if name.len() > MAX_NAME_BYTES {
            return Some(refusal(
                422,
                "name too long",
                "a file's path has at most 240 bytes",
            ));
        }
        if body.len() > media::MAX_BYTES {
            let detail = format!(
                "{name} has {} bytes, the most is {}: make it smaller, or link to it elsewhere",
                body.len(),
                media::MAX_BYTES
            );
            return Some(refusal(413, "file too large", &detail));
        }
        None
    }

    fn name(&self) -> &'a str {
        match self {
            Self::Media(name) | Self::Template(name) | Self::Asset(name) => name,
            Self::Style => "style.css",
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
fn put_style(
    host: &impl Host,
    sheet: Option<&[u8]>,
    expected: Option<Expected>,
) -> Result<bool, write::WriteError> {
    write::update_site(host, |site| {
        let found = site.style.as_ref().map(|sheet| sheet.hash);
        if expected.is_some_and(|expected| !expected.holds(found, sheet.map(xxh3_128))) {
            return Ok(false);
        }
        let written = sheet.map(|sheet| Media::write_parts(host, sheet, host.now()));
        site.style = written.transpose()?;
        Ok(true)
    })?
}

/// The answer to a file that was written.
pub(super) fn stored(body: &[u8]) -> Response {
    let hash = hex(xxh3_128(body));
    json(200, &serde_json::json!({ "hash": hash })).with("etag", format!("\"{hash}\""))
}

/// The answer where there is no such file.
pub(super) fn missing(name: &str) -> Response {
    refusal(404, "not found", &format!("there is no file {name:?}"))
}
