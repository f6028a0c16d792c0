//! Everything that is published, part by part: posts of any state, pages, files.

use super::problem::Refusal;
use super::{Part, json};
use crate::document;
use crate::etag::ETag;
use crate::host::Host;
use crate::index::{self, Index, Kind, Listed, State};
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
    state: &'static str,
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
    kind: document::Kind,
    cursor: Option<&str>,
) -> Result<Response, Refusal> {
    let is_page = kind == document::Kind::Page;
    let cursor = cursor.or(is_page.then_some(index::PAGES_CURSOR));
    let is_wanted = |entry: &Listed<'_>| (entry.kind == Kind::Page) == is_page;
    let index = Index::of(host.get(index::HEAD_KEY)?.as_deref())?;
    let now = host.now();
    let listing = index.listing(host, cursor, ITEMS)?;
    // Pages come last, so a part that ends with another kind is the last one of this kind.
    let is_over = listing.entries.last().is_none_or(|last| !is_wanted(last));
    let wanted = listing.entries.iter().filter(|entry| is_wanted(entry));
    let items = wanted.map(|entry| Document {
        slug: &entry.slug,
        title: &entry.title,
        hash: ETag(entry.hash),
        state: word(entry.state(now)),
        date: entry.date,
        expires: entry.expires,
        lang: &entry.lang,
    });
    let part = Part {
        items: items.collect(),
        cursor: listing.cursor.filter(|_| !is_over),
    };
    Ok(json(200, &part))
}

/// The word for a state in answers.
pub(super) fn word(state: State) -> &'static str {
    match state {
        State::Draft => "draft",
        State::Scheduled => "scheduled",
        State::Published => "published",
        State::Expired => "expired",
    }
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
