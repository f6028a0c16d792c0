//! One post or page by its slug.

use super::guard::{conflict, expected};
use super::problem::{invalid, refusal, unwritten};
use super::{hex, json, unreadable};
use crate::document::DocId;
pub(super) use crate::document::Kind;
use crate::error::ReadError;
use crate::host::Host;
use crate::post::{self, SourcePath};
use crate::request::Request;
use crate::response::Response;
use crate::route;
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
    let id = DocId::new(kind, slug);
    match post::read_source(host, &id) {
        Ok(Some(source)) => {
            let tag = format!("\"{}\"", hex(source.hash()));
            let file = file_header(&source.path.of_document(&id));
            Response::new(200, "text/markdown; charset=utf-8", source.source)
                .with("etag", tag)
                .with(FILE, file)
        }
        Ok(None) => missing(slug),
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
        Err(error) => return unreadable(&error),
    };
    let edit = Edit::Put {
        kind,
        name: origin.name(slug),
        file: &origin.of_document(&DocId::new(kind, slug)),
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
                id: DocId::new(kind, slug),
                expected,
            },
        ),
        Err(refused) => refused,
    }
}

/// The file that stands behind the document of today, if there is one.
fn origin(host: &impl Host, kind: Kind, slug: &str) -> Result<SourcePath, ReadError> {
    if slug.len() > post::MAX_SLUG_BYTES {
        return Ok(SourcePath::default());
    }
    match post::read_source(host, &DocId::new(kind, slug)) {
        Ok(source) => Ok(source.map(|source| source.path).unwrap_or_default()),
        Err(error @ ReadError::Store(_)) => Err(error),
        Err(_) => Ok(SourcePath::default()),
    }
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
