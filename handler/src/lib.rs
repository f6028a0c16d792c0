//! The blog: a request in, a response out, over a store and a moment in time.
//!
//! One instance answers one request and is dropped: nothing here caches, counts or waits for a
//! second one. Only the adapter knows where it runs.

#[cfg(target_family = "wasm")]
mod adapter;
mod api;
mod audit;
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
mod version;
mod write;

use host::Host;
use request::{Method, Request};
use response::Response;
use route::{Resolved, Route};

/// Does the work of a request that is the same for all of them, ahead of the first.
pub use theme::preload_templates;

/// Answers one request.
pub fn respond(host: &impl Host, request: &Request) -> Response {
    match resolve(&request.path) {
        Resolved::Here(Route::Api { path }) => api::respond(host, request, &path),
        Resolved::Here(route) => pages::respond(host, request, &route),
        Resolved::Elsewhere(path) if matches!(request.method, Method::Get | Method::Head) => {
            let query = if request.query.is_empty() {
                String::new()
            } else {
                format!("?{}", request.query)
            };
            Response::moved(format!("{path}{query}"))
        }
        Resolved::Malformed if request.path.starts_with(API) => api::malformed(),
        Resolved::Elsewhere(_) | Resolved::Malformed => pages::malformed(host),
    }
}

const API: &str = "/api/";

/// Where a path leads. Publishers are not sent elsewhere: few of them follow with a body.
fn resolve(path: &str) -> Resolved {
    match route::resolve(path) {
        Resolved::Elsewhere(canonical) if canonical.starts_with(API) => route::resolve(&canonical),
        resolved => resolved,
    }
}
