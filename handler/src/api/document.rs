//! One post or page by its slug.

use super::guard::{conflict, expected};
use super::problem::{invalid, refusal, unwritten};
use super::{hex, json, unreadable};
pub(super) use crate::compile::Kind;
use crate::host::Host;
use crate::post::{self, Stored};
use crate::request::Request;
use crate::response::Response;
use crate::write::{self, Edit, Outcome, Status};
use xxhash_rust::xxh3::xxh3_128;

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
            .with("etag", format!("\"{}\"", hex(xxh3_128(stored.source)))),
        Err(error) => unreadable(&error.into()),
    }
}

/// Creates the document or replaces it.
pub(super) fn put(host: &impl Host, kind: Kind, slug: &str, request: &Request) -> Response {
    let expected = match expected(request) {
        Ok(expected) => expected,
        Err(refused) => return refused,
    };
    let edit = Edit::Put {
        kind,
        name: slug,
        file: "",
        source: &request.body,
        expected,
    };
    answer(host, slug, &edit, xxh3_128(&request.body))
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
            0,
        ),
        Err(refused) => refused,
    }
}

fn answer(host: &impl Host, slug: &str, edit: &Edit<'_>, hash: u128) -> Response {
    let outcome = match write::apply(host, std::slice::from_ref(edit)) {
        Ok(mut outcomes) => outcomes.pop(),
        Err(failure) => return unwritten(&failure),
    };
    let Some(Outcome {
        status,
        problems,
        slug: Some(named),
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
            json(
                code,
                &serde_json::json!({ "slug": named, "hash": hex(hash), "status": status.word() }),
            )
            .with("etag", format!("\"{}\"", hex(hash)))
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
