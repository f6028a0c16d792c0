//! The link report: everything a check of links needs of each document (its anchors, its links,
//! its images without a text), and what the compiler warns of.

use super::{hex, json, unreadable};
use crate::alias;

use crate::compile::Compiled;
use crate::document::Link;
use crate::host::Host;
use crate::index::{self, Index, Listed};
use crate::pages::Failure;
use crate::post::{self, Stored};
use crate::request::Request;
use crate::response::Response;
use crate::site::{self, Site};
use serde_json::{Value, json as value};

/// How many documents one answer has.
const PAGE: usize = 64;

/// How many records are read at once; each may have half a megabyte.
const CHUNK: usize = 8;

/// Of posts, drafts and pages.
pub(super) fn link_reports(host: &impl Host, request: &Request) -> Response {
    match page(host, request.parameter("cursor").as_deref()) {
        Ok(page) => json(200, &page),
        Err(failure) => unreadable(&failure),
    }
}

fn page(host: &impl Host, cursor: Option<&str>) -> Result<Value, Failure> {
    let options = Site::decode(host.get(site::KEY)?.as_deref())?
        .settings
        .compile_options();
    let index = Index::of(host.get(index::HEAD_KEY)?.as_deref())?;
    let listing = index.listing(host, cursor, PAGE)?;
    let now = host.now();
    let mut items = Vec::with_capacity(listing.entries.len());
    for chunk in listing.entries.chunks(CHUNK) {
        let keys = chunk
            .iter()
            .map(|entry| post::key(kind(entry), &entry.slug));
        let keys: Vec<String> = keys.collect();
        for (entry, record) in chunk.iter().zip(host.get_many(&keys)?) {
            // Another publisher may have removed it meanwhile.
            let Some(record) = record else { continue };
            let stored = Stored::parse(kind(entry), &entry.slug, &record)?;
            let compiled = stored.compile(kind(entry), &entry.slug, &options)?;
            let file = stored.origin.path(kind(entry), &entry.slug);
            items.push(report(entry, &file, &compiled, now));
        }
    }
    Ok(value!({ "items": items, "cursor": listing.cursor }))
}

fn report(entry: &Listed<'_>, file: &str, compiled: &Compiled, now: i64) -> Value {
    let (document, notes) = (&compiled.document, &compiled.notes);
    let warnings = notes.warnings.iter();
    let warnings: Vec<Value> = warnings
        .map(|warning| value!({ "line": warning.line, "field": warning.field, "message": warning.message }))
        .collect();
    let is_page = kind(entry) == crate::document::Kind::Page;
    let headings = document.toc.iter().map(|heading| &heading.id);
    value!({
        "kind": if is_page { "page" } else { "post" },
        "slug": entry.slug,
        "path": alias::target(kind(entry), &entry.slug),
        "file": file,
        "hash": hex(entry.hash),
        "state": format!("{:?}", entry.state(now)).to_lowercase(),
        "anchors": headings.collect::<Vec<_>>(),
        "links": links(&notes.links),
        "images_without_alt": links(&notes.images_without_alt),
        "warnings": warnings,
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
