//! Everything that is published, part by part: posts of any state, pages, files.

use super::{hex, json, unreadable};
use crate::error::ReadError;
use crate::host::Host;
use crate::index::{self, Index, Kind, Listed};
use crate::media::{self, Media};
use crate::request::Request;
use crate::response::Response;
use crate::store::walk::{self, Position};
use serde_json::{Value, json as value};

/// How many items one part has.
const PART: usize = 200;

/// The cursor behind all posts and drafts, where pages begin.
const PAGES: &str = "2:0:";

/// Posts and drafts, newest first.
pub(super) fn posts(host: &impl Host, request: &Request) -> Response {
    let cursor = request.parameter("cursor");
    answer(documents(host, cursor.as_deref(), |kind| {
        kind != Kind::Page
    }))
}

/// Pages, by slug.
pub(super) fn pages(host: &impl Host, request: &Request) -> Response {
    let cursor = request.parameter("cursor");
    let cursor = cursor.as_deref().unwrap_or(PAGES);
    answer(documents(host, Some(cursor), |kind| kind == Kind::Page))
}

/// Uploaded files, in no order.
pub(super) fn media(host: &impl Host, request: &Request) -> Response {
    let cursor = request.parameter("cursor").unwrap_or_default();
    answer(files(host, &cursor))
}

type Part = (Vec<Value>, Option<String>);

fn answer(part: Result<Part, ReadError>) -> Response {
    match part {
        Ok((items, cursor)) => json(200, &value!({ "items": items, "cursor": cursor })),
        Err(failure) => unreadable(&failure),
    }
}

fn documents(
    host: &impl Host,
    cursor: Option<&str>,
    is_wanted: impl Fn(Kind) -> bool,
) -> Result<Part, ReadError> {
    let index = Index::of(host.get(index::HEAD_KEY)?.as_deref())?;
    let now = host.now();
    let listing = index.listing(host, cursor, PART)?;
    let is_over = listing
        .entries
        .last()
        .is_none_or(|last| !is_wanted(last.kind));
    let wanted = listing.entries.iter().filter(|entry| is_wanted(entry.kind));
    let items = wanted.map(|entry| document(entry, now)).collect();
    Ok((items, listing.cursor.filter(|_| !is_over)))
}

fn document(entry: &Listed<'_>, now: i64) -> Value {
    let state = format!("{:?}", entry.state(now)).to_lowercase();
    value!({
        "slug": entry.slug, "title": entry.title, "hash": hex(entry.hash), "state": state,
        "date": entry.date, "expires": entry.expires, "lang": entry.lang,
    })
}

fn files(host: &impl Host, cursor: &str) -> Result<Part, ReadError> {
    let position = Position::parse(cursor);
    let part = walk::part(host, &position, PART, |key| key.starts_with("media/"))?;
    let mut items = Vec::with_capacity(part.keys.len());
    if !part.keys.is_empty() {
        for (key, record) in part.keys.iter().zip(host.get_many(&part.keys)?) {
            let file = record.and_then(|record| Media::decode(key, &record).ok());
            items.extend(file.map(|file| {
                let name = key.trim_start_matches("media/");
                value!({
                    "name": name, "hash": hex(file.hash), "length": file.length,
                    "type": media::media_type(name), "written": file.written,
                })
            }));
        }
    }
    Ok((items, part.next.map(|next| next.to_text())))
}
