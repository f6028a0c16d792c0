//! Everything that is published, part by part: posts of any state, pages, files.

use super::{hex, json, unreadable};
use crate::error::ReadError;
use crate::host::Host;
use crate::index::{Cursor, Index, IndexEntry, List};
use crate::key::Key;
use crate::media::{self, Media};
use crate::request::Request;
use crate::response::Response;
use crate::store::walk::{self, Position};
use serde_json::{Value, json as value};

/// How many items one part has.
const PART: usize = 200;

/// Posts and drafts, newest first.
pub(super) fn posts(host: &impl Host, request: &Request) -> Response {
    let cursor = request.parameter("cursor");
    let cursor = cursor.as_deref().and_then(Cursor::parse);
    answer(documents(host, cursor.as_ref(), |list| list != List::Pages))
}

/// Pages, by slug.
pub(super) fn pages(host: &impl Host, request: &Request) -> Response {
    let cursor = request.parameter("cursor");
    let cursor = cursor.as_deref().and_then(Cursor::parse);
    let cursor = cursor.unwrap_or(Cursor::start_of(List::Pages));
    answer(documents(host, Some(&cursor), |list| list == List::Pages))
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
    cursor: Option<&Cursor>,
    is_wanted: impl Fn(List) -> bool,
) -> Result<Part, ReadError> {
    let index = Index::open(host.get(&Key::Head.to_string())?.as_deref())?;
    let now = host.now();
    let listing = index.listing(host, cursor, PART)?;
    let is_over = listing
        .entries
        .last()
        .is_none_or(|last| !is_wanted(last.list));
    let wanted = listing.entries.iter().filter(|entry| is_wanted(entry.list));
    let items = wanted.map(|entry| document(entry, now)).collect();
    Ok((
        items,
        listing
            .next
            .filter(|_| !is_over)
            .map(|next| next.to_string()),
    ))
}

fn document(entry: &IndexEntry<'_>, now: i64) -> Value {
    let state = entry.state(now);
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
                let name = key.strip_prefix("media/").unwrap_or(key);
                value!({
                    "name": name, "hash": hex(file.hash), "length": file.length,
                    "type": media::media_type(name), "written": file.written,
                })
            }));
        }
    }
    Ok((items, part.next.map(|next| next.to_text())))
}
