//! What the compiler knows of each document beside its text: for a check of what is written,
//! which has to know where links lead from, and what they may lead to.

use super::listing::word;
use super::problem::Refusal;
use super::{Part, json};
use crate::alias;
use crate::document::{Document, Link};
use crate::etag::ETag;
use crate::host::Host;
use crate::index::{self, Index, Listed};
use crate::post::{self, Stored};
use crate::response::Response;
use crate::site::{self, Site};
use serde_json::{Value, json as value};

/// How many documents one part has.
const ITEMS: usize = 64;

/// How many records are read at once.
const TOGETHER: usize = 8;

/// Outlines of posts, drafts and pages.
pub(super) fn outlines(host: &impl Host, cursor: Option<&str>) -> Result<Response, Refusal> {
    let options = Site::decode(host.get(site::KEY)?.as_deref())?
        .settings
        .compile_options();
    let index = Index::of(host.get(index::HEAD_KEY)?.as_deref())?;
    let listing = index.listing(host, cursor, ITEMS)?;
    let now = host.now();
    let mut items = Vec::with_capacity(listing.entries.len());
    for some in listing.entries.chunks(TOGETHER) {
        let keys = some.iter().map(|entry| post::key(kind(entry), &entry.slug));
        let keys: Vec<String> = keys.collect();
        for (entry, record) in some.iter().zip(host.get_many(&keys)?) {
            // Another publisher may have removed it meanwhile.
            let Some(record) = record else { continue };
            let stored = Stored::parse(kind(entry), &entry.slug, &record)?;
            let document = stored.document(kind(entry), &entry.slug, &options)?;
            let file = stored.origin.path(kind(entry), &entry.slug);
            items.push(outline(entry, &file, &document, now));
        }
    }
    let cursor = listing.cursor;
    Ok(json(200, &Part { items, cursor }))
}

fn outline(entry: &Listed<'_>, file: &str, document: &Document, now: i64) -> Value {
    let is_page = kind(entry) == crate::document::Kind::Page;
    let headings = document.toc.iter().map(|heading| &heading.id);
    value!({
        "kind": if is_page { "page" } else { "post" },
        "slug": entry.slug,
        "path": alias::target(kind(entry), &entry.slug),
        "file": file,
        "hash": ETag(entry.hash),
        "state": word(entry.state(now)),
        "anchors": headings.collect::<Vec<_>>(),
        "links": links(&document.links),
        "images_without_alt": links(&document.images_without_alt),
    })
}

fn links(links: &[Link]) -> Vec<Value> {
    let links = links.iter();
    links
        .map(|link| value!({ "target": link.target, "line": link.line }))
        .collect()
}

fn kind(entry: &Listed<'_>) -> crate::document::Kind {
    match entry.kind {
        index::Kind::Page => crate::document::Kind::Page,
        index::Kind::Post | index::Kind::Draft => crate::document::Kind::Post,
    }
}
