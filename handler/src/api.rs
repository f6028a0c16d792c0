//! The publishing interface: JSON over HTTP for whoever holds the admin token.

mod batch;
mod check;
mod document;
mod file;
mod guard;
mod link_report;
mod listing;
mod manifest;
mod object;
mod preview;
mod problem;
mod settings;
mod template;
mod token;
mod upkeep;

use crate::error::ReadError;
use crate::host::Host;
use crate::request::{Method, Request};
use crate::response::{Cache, Response};
use problem::refusal;

/// The answer to a publisher. `path` is what stands behind `/api/`, decoded.
pub fn respond(host: &impl Host, request: &Request, path: &str) -> Response {
    let answer = match token::check(
        host.admin_token().as_deref(),
        request.header("authorization"),
    ) {
        Ok(()) => dispatch(host, request, path),
        Err(refused) => refused,
    };
    answer.cached(Cache::Never).conditional(request)
}

/// The answer to a publisher's path that is none.
pub fn malformed() -> Response {
    refusal(
        400,
        "no path",
        "the path has broken escapes, `..`, or is too long",
    )
}

fn dispatch(host: &impl Host, request: &Request, path: &str) -> Response {
    use Method as M;
    let (noun, name) = path.split_once('/').unwrap_or((path, ""));
    match (noun, name, request.method) {
        // No store has a key of such a name; to publish one is told in more words.
        (_, name, method) if name.len() > file::MAX_NAME_BYTES && method != M::Put => unknown(path),
        ("batch", "", M::Post) => batch::batch(host, request),
        ("batch", "", _) => only("POST"),
        ("manifest", "", M::Get | M::Head) => manifest::manifest(host, request),
        ("manifest", "", _) => only("GET, HEAD"),
        ("outlines", "", M::Get | M::Head) => link_report::link_reports(host, request),
        ("outlines", "", _) => only("GET, HEAD"),
        ("check", "", M::Get | M::Head) => check::check(host, request),
        ("check", "", _) => only("GET, HEAD"),
        ("reindex", "", M::Post) => upkeep::reindex(host),
        ("gc", "", M::Post) => upkeep::collect(host),
        ("reindex" | "gc", "", _) => only("POST"),
        ("site", "", M::Get | M::Head) => settings::get(host),
        ("site", "", M::Put) => settings::put(host, request),
        ("site", "", _) => only("GET, HEAD, PUT"),
        ("posts", "", M::Get | M::Head) => listing::posts(host, request),
        ("pages", "", M::Get | M::Head) => listing::pages(host, request),
        ("media", "", M::Get | M::Head) => listing::media(host, request),
        ("posts" | "pages" | "media", "", _) => only("GET, HEAD"),
        ("theme" | "preview", "", _) => unknown(path),
        ("preview", slug, M::Post) => preview::sign(host, slug, request),
        ("preview", _, _) => only("POST"),
        ("posts" | "pages", slug, method) => {
            let kind = document::kind(noun);
            match method {
                M::Get | M::Head => document::get(host, kind, slug),
                M::Put => document::put(host, kind, slug, request),
                M::Delete => document::delete(host, kind, slug, request),
                _ => only("GET, HEAD, PUT, DELETE"),
            }
        }
        ("media" | "theme", name, method) => {
            let file = file::File::new(noun, name);
            match method {
                M::Get | M::Head => file.get(host),
                M::Put => file.put(host, request),
                M::Delete => file.delete(host, request),
                _ => only("GET, HEAD, PUT, DELETE"),
            }
        }
        _ => unknown(path),
    }
}

fn unknown(path: &str) -> Response {
    refusal(
        404,
        "no such address",
        &format!("the interface has nothing at /api/{path}"),
    )
}

/// The answer to a method that the address does not allow.
fn only(allow: &str) -> Response {
    let detail = format!("this address answers to {allow}");
    refusal(405, "method not allowed", &detail).with("allow", allow)
}

/// A JSON answer.
fn json(status: u16, value: &serde_json::Value) -> Response {
    Response::new(status, "application/json", value.to_string().into_bytes())
}

/// A hash as the interface writes it.
fn hex(hash: u128) -> String {
    format!("{hash:032x}")
}

/// The answer to a read that failed. A publisher is told why: it is their own store.
fn unreadable(error: &ReadError) -> Response {
    let answer = refusal(
        error.status(),
        "the store cannot be read",
        &error.to_string(),
    );
    match error.status() {
        503 => answer.with("retry-after", problem::RETRY_SECONDS),
        _ => answer,
    }
}
