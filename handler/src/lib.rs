//! The blog: a request in, a response out, over a store and a moment in time.
//!
//! One instance answers one request and is dropped: nothing here caches, counts or waits for a
//! second one. Only the adapter knows where it runs.

#[cfg(target_family = "wasm")]
mod adapter;
mod api;
mod audit;
pub mod body;
mod check;
pub mod compile;
pub mod date;
pub mod document;
pub mod error;
mod etag;
mod feed_item;
pub mod host;
mod html;
pub mod index;
pub mod key;
mod media;
mod nearest;
#[cfg(any(test, target_family = "wasm"))]
mod outlet;
mod pages;
mod post;
mod preview;
pub mod problem;
mod record;
pub mod request;
pub mod response;
mod route;
mod site;
mod sitemap;
pub mod store;
mod theme;
mod unicode;
mod version;
mod write;

use host::Host;
use request::Request;
use response::Response;
use route::{Resolved, Route};

/// Does the work of a request that is the same for all of them, ahead of the first.
pub use theme::preload_templates;

/// Answers one request.
pub fn respond(host: &impl Host, request: &Request) -> Response {
    match route::resolve(&request.path) {
        Resolved::Here(Route::Api { path }) => api::respond(host, request, &path),
        Resolved::Here(route) => pages::respond(host, request, &route),
        Resolved::Elsewhere { path, route } => elsewhere(host, request, &path, &route),
        Resolved::Malformed if route::is_api(&request.path) => api::malformed(),
        Resolved::Malformed => pages::malformed(host),
    }
}

/// Leads to the canonical path of a page that is there: nobody is sent to a page that is missing,
/// and former paths lead to their page at once.
fn elsewhere(host: &impl Host, request: &Request, path: &str, route: &Route) -> Response {
    let answer = pages::respond(host, request, route);
    let is_there = matches!(answer.status, 200 | 206 | 304 | 416);
    if !request.method.is_read() || !is_there {
        return answer;
    }
    if preview::is_asked(request) {
        // A redirect would be stored with the signature in it.
        return pages::not_found(host);
    }
    let query = if request.query.is_empty() {
        String::new()
    } else {
        format!("?{}", request.query)
    };
    Response::moved(format!("{path}{query}"))
}
