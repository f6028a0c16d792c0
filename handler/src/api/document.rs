//! One post or page by its slug.

use super::json;
use super::preconditions::conflict;
use super::problem::{Refusal, invalid, refusal};
use crate::document::DocId;
use crate::error::ReadError;
use crate::etag::ETag;
use crate::host::Host;
use crate::post::{self, SourcePath};
use crate::response::Response;
use crate::route;
use crate::write::{self, Edit, Expected, Status};
use serde::Serialize;

/// The header that tells the path of the file that a document comes from, percent-encoded.
const FILE: &str = "mayfly-file";

/// The answer to a document that was written.
#[derive(Serialize)]
struct Written<'a> {
    slug: &'a str,
    hash: ETag,
    status: &'static str,
}

/// The source, tagged with its hash.
pub(super) fn get(host: &impl Host, id: &DocId) -> Result<Response, Refusal> {
    let source = post::read_source(host, id)?.ok_or_else(|| missing(id))?;
    let tag = ETag(source.hash());
    let path = source.path.of_document(id);
    let steps: Vec<&str> = path.split('/').collect();
    let file = route::encode(&steps);
    let file = file.trim_start_matches('/').to_owned();
    let source = source.source;
    Ok(Response::new(200, "text/markdown; charset=utf-8", source)
        .with_tag(tag)
        .with(FILE, file))
}

/// Creates the document or replaces it. What has come from a file stays the document of that
/// file: the name may be all that tells the date.
pub(super) fn put(
    host: &impl Host,
    id: &DocId,
    source: &[u8],
    expected: Option<Expected>,
) -> Result<Response, Refusal> {
    let origin = origin(host, id)?;
    let edit = Edit::Put {
        kind: id.kind,
        name: origin.name(&id.slug),
        slug: Some(&id.slug),
        file: &origin.of_document(id),
        source,
        expected,
    };
    apply(host, id, &edit)
}

/// Removes the document.
pub(super) fn delete(
    host: &impl Host,
    id: &DocId,
    expected: Option<Expected>,
) -> Result<Response, Refusal> {
    let edit = Edit::Delete {
        id: id.clone(),
        expected,
    };
    apply(host, id, &edit)
}

/// The file that stands behind the document of today, if there is one.
fn origin(host: &impl Host, id: &DocId) -> Result<SourcePath, ReadError> {
    if id.slug.len() > post::MAX_SLUG_BYTES {
        return Ok(SourcePath::default());
    }
    match post::read_source(host, id) {
        Ok(source) => Ok(source.map(|source| source.path).unwrap_or_default()),
        Err(error @ ReadError::Store(_)) => Err(error),
        // One that cannot be read is replaced.
        Err(_) => Ok(SourcePath::default()),
    }
}

fn apply(host: &impl Host, id: &DocId, edit: &Edit<'_>) -> Result<Response, Refusal> {
    let outcome = write::apply(host, std::slice::from_ref(edit))?.pop();
    let outcome = outcome.ok_or_else(|| missing(id))?;
    Ok(match outcome.status {
        Status::Refused => invalid(&outcome.problems),
        Status::Missing => return Err(missing(id)),
        Status::Conflict => conflict(),
        Status::Deleted => Response::empty(204),
        status @ (Status::Created | Status::Updated | Status::Unchanged) => {
            let code = if status == Status::Created { 201 } else { 200 };
            let written = Written {
                slug: &id.slug,
                hash: ETag(outcome.hash.unwrap_or_default()),
                status: status.word(),
            };
            json(code, &written).with_tag(written.hash)
        }
    })
}

/// The answer where nothing has this slug.
pub(super) fn missing(id: &DocId) -> Refusal {
    let folder = id.kind.folder();
    let detail = format!("nothing is published as {folder}/{}", id.slug);
    refusal(404, "not found", &detail).into()
}
