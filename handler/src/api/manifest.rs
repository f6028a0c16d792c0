//! What is published, with the hash of each source: a publisher sends only what differs.

use super::{hex, json, unreadable};
use crate::error::ReadError;
use crate::host::Host;
use crate::index::{Cursor, Index};
use crate::key::Key;
use crate::media::Media;
use crate::request::Request;
use crate::response::Response;
use crate::site::{self, Site};
use crate::store::walk::{self, Position};
use serde_json::{Value, json as value};
use xxhash_rust::xxh3::xxh3_128;

/// How many documents, or files, one part of the manifest names.
const PART: usize = 500;

/// The cursors of the second half, the files, begin with this; documents' cursors never do.
const FILES: &str = "files:";

/// A part of the manifest: first the documents, as the index has them, then the files.
pub(super) fn manifest(host: &impl Host, request: &Request) -> Response {
    let cursor = request.parameter("cursor");
    let part = match cursor
        .as_deref()
        .and_then(|cursor| cursor.strip_prefix(FILES))
    {
        Some(position) => files(host, &Position::parse(position)),
        None => documents(host, cursor.as_deref()),
    };
    match part {
        Ok((items, cursor)) => json(200, &value!({ "items": items, "cursor": cursor })),
        Err(failure) => unreadable(&failure),
    }
}

type Part = (Vec<Value>, Option<String>);

fn documents(host: &impl Host, cursor: Option<&str>) -> Result<Part, ReadError> {
    let mut items = Vec::new();
    if cursor.is_none() {
        items.extend(site_items(&Site::read(host)?));
    }
    let index = Index::open(host.get(&Key::Head.to_string())?.as_deref())?;
    let now = host.now();
    let listing = index.listing(host, cursor.and_then(Cursor::parse).as_ref(), PART)?;
    items.extend(listing.entries.iter().map(|entry| {
        let folder = entry.list.kind().folder();
        let state = entry.state(now);
        value!({ "path": format!("{folder}/{}", entry.slug), "hash": hex(entry.hash), "date": entry.date, "state": state })
    }));
    Ok((
        items,
        Some(
            listing
                .next
                .map_or_else(|| FILES.to_owned(), |next| next.to_string()),
        ),
    ))
}

/// The settings, the templates and the style sheet.
fn site_items(site: &Site) -> Vec<Value> {
    if site.written == 0 {
        return Vec::new();
    }
    let item = |path: &str, hash: u128| value!({ "path": path, "hash": hex(hash) });
    // Settings that nobody sent are as good as an empty file.
    let source_hash = site.source_hash.unwrap_or_else(|| xxh3_128(b""));
    let mut items = vec![item("site.toml", source_hash)];
    let sheet = site.style.iter();
    items.extend(sheet.map(|sheet| item(&theme_path(site::STYLE), sheet.hash)));
    let templates = site.templates.iter();
    items.extend(templates.map(|(name, text)| item(&theme_path(name), xxh3_128(text.as_bytes()))));
    items
}

fn theme_path(name: &str) -> String {
    format!("theme/{name}")
}

/// The files. Stores list all keys, so this passes over everything once; only publishers ask it.
fn files(host: &impl Host, position: &Position) -> Result<Part, ReadError> {
    let part = walk::part(host, position, PART, |key| {
        // The style sheet is part of the site.
        key.starts_with("media/") || (key.starts_with("theme/") && key != theme_path(site::STYLE))
    })?;
    let records = if part.keys.is_empty() {
        Vec::new()
    } else {
        host.get_many(&part.keys)?
    };
    let mut items = Vec::with_capacity(part.keys.len());
    for (key, record) in part.keys.iter().zip(records) {
        // A damaged file is not named, and so it is sent again.
        let file = record.and_then(|record| Media::decode(key, &record).ok());
        items.extend(file.map(|file| value!({ "path": key, "hash": hex(file.hash) })));
    }
    let next = part.next.map(|next| format!("{FILES}{}", next.to_text()));
    Ok((items, next))
}
