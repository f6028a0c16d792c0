//! What is published, with the hash of each source: a publisher sends only what differs.

use super::listing::read;
use super::problem::Refusal;
use super::{Part, json};
use crate::etag::ETag;
use crate::host::Host;
use crate::index::{Cursor, Index, State};
use crate::key::Key;
use crate::response::Response;
use crate::site::{self, Site};
use crate::store::walk::{self, Position};
use serde::Serialize;

/// How many documents, or files, one part of the manifest names.
const ITEMS: usize = 500;

/// The cursors of the second half, the files, begin with this; documents' cursors never do.
const FILES: &str = "files:";

#[derive(Serialize)]
struct Item {
    path: String,
    hash: ETag,
    /// Only documents have a date and a state.
    #[serde(flatten)]
    document: Option<DocumentState>,
}

#[derive(Serialize)]
struct DocumentState {
    date: i64,
    state: State,
}

/// A part of the manifest: first the documents, as the index has them, then the files.
pub(super) fn manifest(host: &impl Host, cursor: Option<&str>) -> Result<Response, Refusal> {
    let part = match cursor.and_then(|cursor| cursor.strip_prefix(FILES)) {
        Some(position) => files(host, &Position::parse(position))?,
        None => documents(host, cursor)?,
    };
    Ok(json(200, &part))
}

fn documents(host: &impl Host, cursor: Option<&str>) -> Result<Part<Item>, Refusal> {
    let mut items = Vec::new();
    if cursor.is_none() {
        items.extend(site_items(&Site::read(host)?));
    }
    let index = Index::open(host.get(&Key::Head.to_string())?)?;
    let now = host.now();
    let listing = index.listing(host, cursor.and_then(Cursor::parse).as_ref(), ITEMS)?;
    items.extend(listing.entries.iter().map(|entry| {
        let folder = entry.list.kind().folder();
        Item {
            path: format!("{folder}/{}", entry.slug),
            hash: ETag(entry.hash),
            document: Some(DocumentState {
                date: entry.date,
                state: entry.state(now),
            }),
        }
    }));
    let next = listing.next.map(|next| next.to_string());
    let cursor = Some(next.unwrap_or_else(|| FILES.to_owned()));
    Ok(Part { items, cursor })
}

/// The settings, the templates and the style sheet.
fn site_items(site: &Site) -> Vec<Item> {
    if site.written == 0 {
        return Vec::new();
    }
    // Settings that nobody sent are as good as an empty file.
    let source = site.source_hash.map_or_else(|| ETag::of(b""), ETag);
    let mut items = vec![file("site.toml".to_owned(), source)];
    let sheet = site.style.iter();
    items.extend(sheet.map(|sheet| file(theme_path(site::STYLE), ETag(sheet.hash))));
    let templates = site.templates.iter();
    items.extend(templates.map(|(name, text)| file(theme_path(name), ETag::of(text.as_bytes()))));
    items
}

/// The files. Stores list all keys, so this passes over everything once; only publishers ask it.
fn files(host: &impl Host, position: &Position) -> Result<Part<Item>, Refusal> {
    let part = walk::part(host, position, ITEMS, |key| match Key::parse(key) {
        Some(Key::Media(_)) => true,
        // The style sheet is part of the site.
        Some(Key::Theme(name)) => name != site::STYLE,
        _ => false,
    })?;
    let files = read(host, &part.keys)?.into_iter();
    let items = files.map(|(key, media)| file(key.clone(), ETag(media.hash)));
    Ok(Part {
        items: items.collect(),
        cursor: part.next.map(|next| format!("{FILES}{}", next.to_text())),
    })
}

fn theme_path(name: &str) -> String {
    format!("theme/{name}")
}

fn file(path: String, hash: ETag) -> Item {
    Item {
        path,
        hash,
        document: None,
    }
}
