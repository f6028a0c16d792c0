//! The link report: everything a check of links needs of each document (its anchors, its links,
//! its images without a text), and what the compiler warns of.

use super::problem::Refusal;
use super::{Part, json};
use crate::document::{Kind, Link};
use crate::etag::ETag;
use crate::host::Host;
use crate::index::{Cursor, Index, IndexEntry, State};
use crate::key::Key;
use crate::post::{self, NewDocument};
use crate::problem::Problem;
use crate::response::Response;
use crate::site::Site;
use serde::Serialize;

/// How many documents one part has.
const ITEMS: usize = 64;

/// What is told of one document.
#[derive(Serialize)]
struct LinkReport {
    kind: Kind,
    slug: String,
    path: String,
    file: String,
    hash: ETag,
    state: State,
    anchors: Vec<String>,
    links: Vec<Link>,
    images_without_alt: Vec<Link>,
    warnings: Vec<Problem>,
}

/// Of posts, drafts and pages.
pub(super) fn link_reports(host: &impl Host, cursor: Option<&str>) -> Result<Response, Refusal> {
    let options = Site::read(host)?.compile_options();
    let index = Index::open(host.get(&Key::Head.to_string())?)?;
    let listing = index.listing(host, cursor.and_then(Cursor::parse).as_ref(), ITEMS)?;
    let now = host.now();
    let mut items = Vec::with_capacity(listing.entries.len());
    for entry in &listing.entries {
        let id = entry.id();
        // Another publisher may have removed it meanwhile.
        let Some(source) = post::read_source(host, &id)? else {
            continue;
        };
        let new = NewDocument::recompile(&id, source, &options, None)?;
        items.push(report(entry, new, now));
    }
    let cursor = listing.next.map(|next| next.to_string());
    Ok(json(200, &Part { items, cursor }))
}

fn report(entry: &IndexEntry<'_>, new: NewDocument<'_>, now: i64) -> LinkReport {
    let NewDocument {
        id,
        document,
        source,
        ..
    } = new;
    LinkReport {
        kind: id.kind,
        path: id.url(),
        file: source.path.of_document(&id),
        slug: id.slug,
        hash: ETag(entry.hash),
        state: entry.state(now),
        anchors: document.toc.into_iter().map(|heading| heading.id).collect(),
        links: source.notes.links,
        images_without_alt: source.notes.images_without_alt,
        warnings: source.notes.warnings,
    }
}
