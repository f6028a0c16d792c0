//! The publishing interface: JSON over HTTP for whoever holds the admin token.
//!
//! A path becomes an [`ApiRoute`], a request an [`ApiRequest`], which is then carried out. The
//! body is read last: a stranger cannot make an instance wait for it.

mod batch;
mod document;
mod file;
mod link_report;
mod listing;
mod maintenance;
mod manifest;
mod preconditions;
mod preview;
mod problem;
mod request;
mod route;
mod settings;
mod strict_object;
mod template;
mod token;

use crate::host::Host;
use crate::request::Request;
use crate::response::{Cache, Response};
use problem::{Refusal, refusal};
use request::ApiRequest;
use route::ApiRoute;
use serde::Serialize;

/// The answer to a publisher. `path` is what stands behind `/api/`, decoded.
pub fn respond(host: &impl Host, request: &Request, path: &str) -> Response {
    let answer = answer(host, request, path).unwrap_or_else(|Refusal(response)| response);
    answer.cached(Cache::Never).conditional(request)
}

fn answer(host: &impl Host, request: &Request, path: &str) -> Result<Response, Refusal> {
    token::check(host, request)?;
    let route = ApiRoute::parse(path).ok_or_else(|| unknown(path))?;
    match ApiRequest::parse(host, request, route)? {
        ApiRequest::ListDocuments { kind, cursor } => {
            listing::documents(host, kind, cursor.as_deref())
        }
        ApiRequest::GetDocument(id) => document::get(host, &id),
        ApiRequest::PutDocument {
            id,
            source,
            expected,
        } => document::put(host, &id, &source, expected),
        ApiRequest::DeleteDocument { id, expected } => document::delete(host, &id, expected),
        ApiRequest::Batch { body } => batch::apply(host, &body),
        ApiRequest::Preview { slug, days } => preview::sign(host, slug, days),
        ApiRequest::ListMedia { cursor } => listing::media(host, cursor.as_deref()),
        ApiRequest::GetFile(file) => file.get(host),
        ApiRequest::PutFile {
            file,
            bytes,
            expected,
        } => file.put(host, &bytes, expected),
        ApiRequest::DeleteFile { file, expected } => file.delete(host, expected),
        ApiRequest::GetSite => settings::get(host),
        ApiRequest::PutSite { source, expected } => settings::put(host, &source, expected),
        ApiRequest::Manifest { cursor } => manifest::manifest(host, cursor.as_deref()),
        ApiRequest::LinkReports { cursor } => link_report::link_reports(host, cursor.as_deref()),
        ApiRequest::Check { cursor } => maintenance::check(host, cursor.as_deref()),
        ApiRequest::Reindex => maintenance::reindex(host),
        ApiRequest::Collect => maintenance::collect(host),
    }
}

/// The answer to a publisher's path that is none.
pub fn malformed() -> Response {
    refusal(
        400,
        "malformed path",
        "the path has broken escapes, `..`, or is too long",
    )
}

fn unknown(path: &str) -> Refusal {
    let detail = format!("the interface has nothing at /api/{path}");
    refusal(404, "no such address", &detail).into()
}

/// A JSON answer.
fn json(status: u16, value: &impl Serialize) -> Response {
    json_of("application/json", status, value)
}

fn json_of(media_type: &'static str, status: u16, value: &impl Serialize) -> Response {
    match serde_json::to_vec(value) {
        Ok(bytes) => Response::new(status, media_type, bytes),
        Err(error) => Response::new(
            500,
            "text/plain; charset=utf-8",
            format!("the answer cannot be written as JSON: {error}\n").into_bytes(),
        ),
    }
}

/// A part of a list that is too long for one answer.
#[derive(Serialize)]
struct Part<T> {
    items: Vec<T>,
    /// Where the next part begins.
    cursor: Option<String>,
}
