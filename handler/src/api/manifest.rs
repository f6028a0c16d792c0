//! What is published, with the hash of each source: a publisher sends only what differs.

use super::listing::{read, word};
use super::problem::Refusal;
use super::{Part, json};
use crate::etag::ETag;
use crate::host::Host;
use crate::index::{self, Index, Kind};
use crate::media;
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
    state: &'static str,
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
        items.extend(site_items(&Site::decode(host.get(site::KEY)?.as_deref())?));
    }
    let index = Index::of(host.get(index::HEAD_KEY)?.as_deref())?;
    let now = host.now();
    let listing = index.listing(host, cursor, ITEMS)?;
    items.extend(listing.entries.iter().map(|entry| {
        let folder = if entry.kind == Kind::Page {
            "pages"
        } else {
            "posts"
        };
        Item {
            path: format!("{folder}/{}", entry.slug),
            hash: ETag(entry.hash),
            document: Some(DocumentState {
                date: entry.date,
                state: word(entry.state(now)),
            }),
        }
    }));
    let cursor = Some(listing.cursor.unwrap_or_else(|| FILES.to_owned()));
    Ok(Part { items, cursor })
}

/// The settings and the templates.
fn site_items(site: &Site) -> Vec<Item> {
    if site.written == 0 {
        return Vec::new();
    }
    let mut items = vec![file(
        "site.toml".to_owned(),
        ETag::of(site.source.as_bytes()),
    )];
    let templates = site.templates.iter();
    items.extend(
        templates.map(|(name, text)| file(format!("theme/{name}"), ETag::of(text.as_bytes()))),
    );
    items
}

/// The files. Stores list all keys, so this passes over everything once; only publishers ask it.
fn files(host: &impl Host, position: &Position) -> Result<Part<Item>, Refusal> {
    let part = walk::part(host, position, ITEMS, media::is_file)?;
    let files = read(host, &part.keys)?.into_iter();
    let items = files.map(|(key, media)| file(key.clone(), ETag(media.hash)));
    Ok(Part {
        items: items.collect(),
        cursor: part.next.map(|next| format!("{FILES}{}", next.to_text())),
    })
}

fn file(path: String, hash: ETag) -> Item {
    Item {
        path,
        hash,
        document: None,
    }
}
