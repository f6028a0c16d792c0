//! One uploaded file, or one file of the theme.

use super::problem::{invalid, refusal, unwritten};
use super::{hex, json, unreadable};
use crate::compile::Problem;
use crate::host::Host;
use crate::media::{self, Media};
use crate::pages;
use crate::request::Request;
use crate::response::Response;
use crate::store::StoreError;
use crate::{theme, write};
use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

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
const MAX_NAME_BYTES: usize = 240;

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
        let written = match self {
            Self::Template(name) => return put_template(host, name, &request.body),
            Self::Style => self.store(host, &request.body).and_then(|()| {
                let hash = format!("{:016x}", xxh3_64(&request.body));
                write::site(host, |site| site.style = Some(hash))
            }),
            Self::Media(_) | Self::Asset(_) => self.store(host, &request.body),
        };
        match written {
            Ok(()) => stored(&request.body),
            Err(failure) => unwritten(&failure),
        }
    }

    /// Removes the file; what is not there is no error.
    pub(super) fn delete(&self, host: &impl Host) -> Response {
        let removed = match self {
            Self::Template(name) => write::site(host, |site| drop(site.templates.remove(*name))),
            Self::Style => {
                write::site(host, |site| site.style = None).and_then(|()| self.forget(host))
            }
            Self::Media(_) | Self::Asset(_) => self.forget(host),
        };
        match removed {
            Ok(()) => Response::new(204, "application/json", Vec::new()),
            Err(failure) => unwritten(&failure),
        }
    }

    fn read(&self, host: &impl Host) -> Result<Response, pages::Failure> {
        if let Self::Template(name) = self {
            let site = crate::site::Site::decode(host.get(crate::site::KEY)?.as_deref())?;
            return Ok(match site.templates.get(*name) {
                Some(text) => {
                    Response::new(200, "text/plain; charset=utf-8", text.clone().into_bytes())
                        .tagged()
                }
                None => missing(name),
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

    fn store(&self, host: &impl Host, bytes: &[u8]) -> Result<(), write::Failure> {
        let file = Media::write_parts(host, bytes, host.now())?;
        Ok(host.set(&self.key(), file.encode())?)
    }

    /// Removes the record. The parts stay until they are collected: another file may have them too.
    fn forget(&self, host: &impl Host) -> Result<(), write::Failure> {
        let removed: Result<(), StoreError> = host.delete_many(&[self.key()]);
        Ok(removed?)
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

fn put_template(host: &impl Host, name: &str, body: &[u8]) -> Response {
    let problem = |line: usize, message: String| {
        invalid(&[Problem {
            line: u32::try_from(line).unwrap_or(1),
            field: None,
            message,
        }])
    };
    let Ok(text) = std::str::from_utf8(body) else {
        return problem(1, "not UTF-8: save the template as UTF-8".to_owned());
    };
    if let Err(problem) = theme::check(name, text) {
        return invalid(&[problem]);
    }
    let fits = write::site(host, |site| {
        let before = site.templates.insert(name.to_owned(), text.to_owned());
        let fits = site.templates_fit();
        if !fits {
            site.templates.remove(name);
            site.templates
                .extend(before.map(|before| (name.to_owned(), before)));
        }
        fits
    });
    match fits {
        Ok(true) => stored(body),
        Ok(false) => problem(
            1,
            "all templates together have at most 128 KiB: every page reads them".to_owned(),
        ),
        Err(failure) => unwritten(&failure),
    }
}

fn stored(body: &[u8]) -> Response {
    json(200, &serde_json::json!({ "hash": hex(xxh3_128(body)) }))
}

fn missing(name: &str) -> Response {
    refusal(404, "not found", &format!("there is no file {name:?}"))
}
