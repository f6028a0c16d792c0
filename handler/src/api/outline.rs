//! What the compiler knows of each document beside its text: for a check of what is written,
//! which has to know where links lead from, and what they may lead to.

use super::{hex, json, unreadable};
use crate::alias;
use crate::document::{self, Document, Link};
use crate::host::Host;
use crate::index::{self, Index, Listed};
use crate::pages::Failure;
use crate::post::{self, Stored};
use crate::request::Request;
use crate::response::Response;
use crate::site::{self, Site};
use serde_json::{Value, json as value};

/// How many documents one part has.
const PART: usize = 64;

/// How many records are read at once.
const TOGETHER: usize = 8;

/// Outlines of posts, drafts and pages.
pub(super) fn outlines(host: &impl Host, request: &Request) -> Response {
    match part(host, request.parameter("cursor").as_deref()) {
        Ok(part) => json(200, &part),
        Err(failure) => unreadable(&failure),
    }
}

fn part(host: &impl Host, cursor: Option<&str>) -> Result<Value, Failure> {
    let options = Site::decode(host.get(site::KEY)?.as_deref())?
        .settings
        .compile_options();
    let index = Index::of(host.get(index::HEAD_KEY)?.as_deref())?;
    let listing = index.listing(host, cursor, PART)?;
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
    Ok(value!({ "items": items, "cursor": listing.cursor }))
}

fn outline(entry: &Listed<'_>, file: &str, document: &Document, now: i64) -> Value {
    let is_page = kind(entry) == document::Kind::Page;
    let headings = document.toc.iter().map(|heading| &heading.id);
    value!({
        "kind": if is_page { "page" } else { "post" },
        "slug": entry.slug,
        "path": alias::target(kind(entry), &entry.slug),
        "file": file,
        "hash": hex(entry.hash),
        "state": format!("{:?}", entry.state(now)).to_lowercase(),
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

fn kind(entry: &Listed<'_>) -> document::Kind {
    match entry.kind {
        index::Kind::Page => document::Kind::Page,
        index::Kind::Post | index::Kind::Draft => document::Kind::Post,
    }
}
