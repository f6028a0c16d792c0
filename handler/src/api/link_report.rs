//! The link report: everything a check of links needs of each document (its anchors, its links,
//! its images without a text), and what the compiler warns of.

use super::{hex, json, unreadable};
use crate::document::Link;
use crate::error::ReadError;
use crate::host::Host;
use crate::index::{Cursor, Index, IndexEntry};
use crate::key::Key;
use crate::post::{self, NewDocument};
use crate::request::Request;
use crate::response::Response;
use crate::site::Site;
use serde_json::{Value, json as value};

/// How many documents one answer has.
const PAGE: usize = 64;

/// Of posts, drafts and pages.
pub(super) fn link_reports(host: &impl Host, request: &Request) -> Response {
    match page(host, request.parameter("cursor").as_deref()) {
        Ok(page) => json(200, &page),
        Err(failure) => unreadable(&failure),
    }
}

fn page(host: &impl Host, cursor: Option<&str>) -> Result<Value, ReadError> {
    let options = Site::read(host)?.compile_options();
    let index = Index::open(host.get(&Key::Head.to_string())?.as_deref())?;
    let listing = index.listing(host, cursor.and_then(Cursor::parse).as_ref(), PAGE)?;
    let now = host.now();
    let mut items = Vec::with_capacity(listing.entries.len());
    for entry in &listing.entries {
        let id = entry.id();
        // Another publisher may have removed it meanwhile.
        let Some(source) = post::read_source(host, &id)? else {
            continue;
        };
        let new = NewDocument::recompile(&id, source, &options, None)?;
        items.push(report(entry, &new, now));
    }
    let cursor = listing.next.map(|next| next.to_string());
    Ok(value!({ "items": items, "cursor": cursor }))
}

fn report(entry: &IndexEntry<'_>, new: &NewDocument, now: i64) -> Value {
    let warnings = new.source.notes.warnings.iter();
    let warnings: Vec<Value> = warnings
        .map(|warning| value!({ "line": warning.line, "field": warning.field, "message": warning.message }))
        .collect();
    let headings = new.document.toc.iter().map(|heading| &heading.id);
    value!({
        "kind": new.id.kind,
        "slug": entry.slug,
        "path": new.id.url(),
        "file": new.source.path.of_document(&new.id),
        "hash": hex(entry.hash),
        "state": entry.state(now),
        "anchors": headings.collect::<Vec<_>>(),
        "links": links(&new.source.notes.links),
        "images_without_alt": links(&new.source.notes.images_without_alt),
        "warnings": warnings,
    })
}

fn links(links: &[Link]) -> Vec<Value> {
    let links = links.iter();
    links
        .map(|link| value!({ "target": link.target, "line": link.line }))
        .collect()
}
