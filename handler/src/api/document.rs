//! One post or page by its slug.

use super::json;
use super::preconditions::conflict;
use super::problem::{Refusal, invalid, refusal};
use crate::compile::{self, Options, Source};
use crate::document::DocId;
use crate::error::ReadError;
use crate::etag::ETag;
use crate::host::Host;
use crate::post::{self, Origin, Stored};
use crate::problem::Problem;
use crate::response::Response;
use crate::route;
use crate::site::{self, Site};
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
    let record = host.get(&post::key(id.kind, &id.slug))?;
    let record = record.ok_or_else(|| missing(id))?;
    let stored = Stored::parse(id.kind, &id.slug, &record)?;
    let path = stored.origin.path(id.kind, &id.slug);
    let steps: Vec<&str> = path.split('/').collect();
    let file = route::encode(&steps);
    let source = stored.source.to_vec();
    Ok(Response::new(200, "text/markdown; charset=utf-8", source)
        .with_tag(ETag(stored.hash()))
        .with(FILE, file.trim_start_matches('/').to_owned()))
}

/// Creates the document or replaces it. What has come from a file stays the document of that
/// file: the name may be all that tells the date.
pub(super) fn put(
    host: &impl Host,
    id: &DocId,
    source: &[u8],
    expected: Option<Expected>,
) -> Result<Response, Refusal> {
    let (origin, options) = origin(host, id)?;
    let name = origin.name(&id.slug);
    check_slug(id, name, source, &options)?;
    let edit = Edit::Put {
        kind: id.kind,
        name,
        file: &origin.path(id.kind, &id.slug),
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
        kind: id.kind,
        slug: &id.slug,
        expected,
    };
    apply(host, id, &edit)
}

/// The file that stands behind the document of today, if there is one, and what a new version
/// is compiled with.
fn origin(host: &impl Host, id: &DocId) -> Result<(Origin, Options), ReadError> {
    let mut keys = vec![site::KEY.to_owned()];
    if id.slug.len() <= post::MAX_SLUG_BYTES {
        keys.push(post::key(id.kind, &id.slug));
    }
    let mut values = host.get_many(&keys)?.into_iter();
    let site = Site::decode(values.next().flatten().as_deref())?;
    let record = values.next().flatten();
    // One that cannot be read is replaced.
    let stored = record
        .as_deref()
        .and_then(|record| Stored::parse(id.kind, &id.slug, record).ok());
    let origin = stored.map(|stored| stored.origin).unwrap_or_default();
    Ok((origin, site.settings.compile_options()))
}

/// Makes sure that the source is that of the document which the address and the preconditions
/// are about.
fn check_slug(id: &DocId, name: &str, text: &[u8], options: &Options) -> Result<(), Refusal> {
    let kind = id.kind;
    let document = compile::compile(&Source { kind, name, text }, options);
    let slug = document.map_err(|problems| invalid(&problems))?.slug;
    if slug == id.slug {
        return Ok(());
    }
    let folder = kind.folder();
    let message = format!(
        "the front matter names the slug {slug:?}: send it to /api/{folder}/{slug}, or leave the field out"
    );
    Err(invalid(&[Problem::of_field(1, "slug", message)]).into())
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
