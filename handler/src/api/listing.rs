//! Everything that is published, part by part: posts of any state, pages, files.

use super::problem::Refusal;
use super::{Part, json};
use crate::document::Kind;
use crate::etag::ETag;
use crate::host::Host;
use crate::index::{Cursor, Index, IndexEntry, List, State};
use crate::key::Key;
use crate::media::{self, Media};
use crate::response::Response;
use crate::store::walk::{self, Position};
use serde::Serialize;

/// How many items one part has.
const ITEMS: usize = 200;

#[derive(Serialize)]
struct Document<'a> {
    slug: &'a str,
    title: &'a str,
    hash: ETag,
    state: State,
    date: i64,
    expires: Option<i64>,
    lang: &'a str,
}

#[derive(Serialize)]
struct File {
    name: String,
    hash: ETag,
    length: u64,
    #[serde(rename = "type")]
    media_type: &'static str,
    written: i64,
}

/// Posts and drafts, newest first; or pages, by slug.
pub(super) fn documents(
    host: &impl Host,
    kind: Kind,
    cursor: Option<&str>,
) -> Result<Response, Refusal> {
    let cursor = cursor.and_then(Cursor::parse).or(match kind {
        Kind::Page => Some(Cursor::start_of(List::Pages)),
        Kind::Post => None,
    });
    let is_wanted = |entry: &IndexEntry<'_>| entry.list.kind() == kind;
    let index = Index::open(host.get(&Key::Head.to_string())?)?;
    let now = host.now();
    let listing = index.listing(host, cursor.as_ref(), ITEMS)?;
    // Pages come last, so a part that ends with another kind is the last one of this kind.
    let is_over = listing.entries.last().is_none_or(|last| !is_wanted(last));
    let wanted = listing.entries.iter().filter(|entry| is_wanted(entry));
    let items = wanted.map(|entry| Document {
        slug: &entry.slug,
        title: &entry.title,
        hash: ETag(entry.hash),
        state: entry.state(now),
        date: entry.date,
        expires: entry.expires,
        lang: &entry.lang,
    });
    let part = Part {
        items: items.collect(),
        cursor: listing
            .next
            .filter(|_| !is_over)
            .map(|next| next.to_string()),
    };
    Ok(json(200, &part))
}

/// Uploaded files, in no order.
pub(super) fn media(host: &impl Host, cursor: Option<&str>) -> Result<Response, Refusal> {
    let position = Position::parse(cursor.unwrap_or_default());
    let is_media = |key: &str| matches!(Key::parse(key), Some(Key::Media(_)));
    let part = walk::part(host, &position, ITEMS, is_media)?;
    let mut items = Vec::with_capacity(part.keys.len());
    for (key, file) in read(host, &part.keys)? {
        if let Some(Key::Media(name)) = Key::parse(key) {
            items.push(File {
                hash: ETag(file.hash),
                length: file.length,
                media_type: media::media_type(&name),
                written: file.written,
                name,
            });
        }
    }
    let cursor = part.next.map(|next| next.to_text());
    Ok(json(200, &Part { items, cursor }))
}

/// The files under some keys. One that is damaged is left out: so a publisher sends it again.
pub(super) fn read<'k>(
    host: &impl Host,
    keys: &'k [String],
) -> Result<Vec<(&'k String, Media)>, Refusal> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let records = keys.iter().zip(host.get_many(keys)?);
    let files = records.filter_map(|(key, record)| {
        let file = Media::decode(key, &record?).ok()?;
        Some((key, file))
    });
    Ok(files.collect())
}
