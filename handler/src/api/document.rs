//! One post or page by its slug.

use super::guard::{conflict, expected};
use super::problem::{invalid, refusal, unwritten};
use super::{hex, json, unreadable};
pub(super) use crate::document::Kind;
use crate::host::Host;
use crate::post::{self, Origin, Stored};
use crate::request::Request;
use crate::response::Response;
use crate::route;
use crate::store::StoreError;
use crate::write::{self, Edit, Outcome, Status};

/// The header that tells the path of the file that a document comes from, percent-encoded.
const FILE: &str = "mayfly-file";

fn file_header(path: &str) -> String {
    let steps: Vec<&str> = path.split('/').collect();
    let encoded = route::encode(&steps);
    encoded.trim_start_matches('/').to_owned()
}

/// The kind that a word of the path means.
pub(super) fn kind(noun: &str) -> Kind {
    if noun == "pages" {
        Kind::Page
    } else {
        Kind::Post
    }
}

/// The source, tagged with its hash.
pub(super) fn get(host: &impl Host, kind: Kind, slug: &str) -> Response {
    let record = match host.get(&post::key(kind, slug)) {
        Ok(Some(record)) => record,
        Ok(None) => return missing(slug),
        Err(error) => return unreadable(&error.into()),
    };
    match Stored::parse(kind, slug, &record) {
        Ok(stored) => Response::new(200, "text/markdown; charset=utf-8", stored.source.to_vec())
            .with("etag", format!("\"{}\"", hex(stored.hash())))
            .with(FILE, file_header(&stored.origin.path(kind, slug))),
        Err(error) => unreadable(&error),
    }
}

/// Creates the document or replaces it. What has come from a file stays the document of that
/// file: the name may be all that tells the date.
pub(super) fn put(host: &impl Host, kind: Kind, slug: &str, request: &Request) -> Response {
    let expected = match expected(request) {
        Ok(expected) => expected,
        Err(refused) => return refused,
    };
    let origin = match origin(host, kind, slug) {
        Ok(origin) => origin,
        Err(error) => return unreadable(&error.into()),
    };
    let edit = Edit::Put {
        kind,
        name: origin.name(slug),
        file: &origin.path(kind, slug),
        source: &request.body,
        expected,
    };
    answer(host, slug, &edit)
}

/// Removes the document.
pub(super) fn delete(host: &impl Host, kind: Kind, slug: &str, request: &Request) -> Response {
    match expected(request) {
        Ok(expected) => answer(
            host,
            slug,
            &Edit::Delete {
                kind,
                slug,
                expected,
            },
        ),
        Err(refused) => refused,
    }
}

/// The file that stands behind the document of today, if there is one.
fn origin(host: &impl Host, kind: Kind, slug: &str) -> Result<Origin, StoreError> {
    if slug.len() > post::MAX_SLUG_BYTES {
        return Ok(Origin::default());
    }
    let record = host.get(&post::key(kind, slug))?;
    let stored = record
        .as_deref()
        .and_then(|record| Stored::parse(kind, slug, record).ok());
    Ok(stored.map(|stored| stored.origin).unwrap_or_default())
}

fn answer(host: &impl Host, slug: &str, edit: &Edit<'_>) -> Response {
    let outcome = match write::apply(host, std::slice::from_ref(edit)) {
        Ok(mut outcomes) => outcomes.pop(),
        Err(failure) => return unwritten(&failure),
    };
    let Some(Outcome {
        status,
        problems,
        slug: Some(named),
        hash,
        ..
    }) = outcome
    else {
        return missing(slug);
    };
    match status {
        Status::Refused => invalid(&problems),
        Status::Missing => missing(slug),
        Status::Conflict => conflict(),
        Status::Deleted => Response::new(204, "application/json", Vec::new()),
        Status::Created | Status::Updated | Status::Unchanged => {
            let code = if status == Status::Created { 201 } else { 200 };
            let hash = hex(hash.unwrap_or_default());
            json(
                code,
                &serde_json::json!({ "slug": named, "hash": hash, "status": status.word() }),
            )
            .with("etag", format!("\"{hash}\""))
        }
    }
}

/// The answer where nothing has this slug.
pub(super) fn missing(slug: &str) -> Response {
    refusal(
        404,
        "not found",
        &format!("nothing is published as {slug:?}"),
    )
}
