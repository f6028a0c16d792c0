//! The pages that visitors see: one function for each kind of [`Route`].

mod alias;
mod blog;
mod document;
mod feed;
mod file;
mod list;
mod overview;
mod problem;
mod sitemap;
mod visibility;

use crate::error::PageError;
use crate::host::Host;
use crate::request::{Method, Request};
use crate::response::Response;
use crate::route::Route;
use crate::site::Site;
use crate::theme::{self, Frame, Theme};
use blog::Blog;
use minijinja::value::Value;
use std::sync::Arc;

/// The answer to a visitor.
pub fn respond(host: &impl Host, request: &Request, route: &Route) -> Response {
    match request.method {
        Method::Get | Method::Head => {}
        Method::Options => {
            return Response::empty(204).with("allow", ALLOW);
        }
        _ => return Response::method_not_allowed(ALLOW),
    }
    let answer = match route {
        Route::Home { number } => list::home(host, request, *number),
        Route::Post { slug } => document::post(host, request, slug),
        Route::Source { slug } => document::source(host, request, slug),
        Route::Page { slug } => document::page(host, request, slug),
        Route::Tags => overview::tags(host, request),
        Route::Tag { tag, number } => list::tag(host, request, tag, *number),
        Route::Archive => overview::archive(host, request),
        Route::Year { year, number } => list::year(host, request, *year, *number),
        Route::Feed(format) => feed::feed(host, request, *format),
        Route::Sitemap => sitemap::sitemap(host, request),
        Route::SitemapFile { number } => sitemap::file(host, request, *number),
        Route::Robots => file::robots(host, request),
        Route::Icon => file::favicon(host),
        Route::Media { name } => file::media(host, request, name),
        Route::Style { hash } => file::style(host, request, hash),
        Route::Asset { name } => file::asset(host, request, name),
        Route::Unknown { path } => alias::unknown(host, request, path),
        Route::Api { .. } => return Response::method_not_allowed("another address"),
    };
    answer
        .unwrap_or_else(|error| problem::failed(host, &error))
        .conditional(request)
}

const ALLOW: &str = "GET, HEAD, OPTIONS";

/// The answer to a path that is none.
pub fn malformed(host: &impl Host) -> Response {
    problem::page(host, &Arc::default(), 400, "not_found")
        .unwrap_or_else(|error| problem::failed(host, &error))
}

/// The answer to a path that names nothing, without a look at the store.
pub fn not_found(host: &impl Host) -> Response {
    problem::page(host, &Arc::default(), 404, "not_found")
        .unwrap_or_else(|error| problem::failed(host, &error))
}

/// A page of HTML under the policy of its site.
fn html(site: &Site, status: u16, page: Vec<u8>) -> Response {
    let response = Response::html(status, page);
    match &site.settings.content_security_policy {
        Some(policy) => response.with_content_security_policy(policy.clone()),
        None => response,
    }
}

/// Which template shows a page.
#[derive(Debug, Clone, Copy)]
struct Template<'a> {
    /// The one that its author asks for.
    own: Option<&'a str>,
    /// The one for all pages of its kind.
    usual: &'static str,
}

impl From<&'static str> for Template<'_> {
    fn from(usual: &'static str) -> Self {
        Self { own: None, usual }
    }
}

/// A page of about `room` bytes in the theme. Where a template of the author's is missing or
/// fails, the built-in one stands in, for a visitor can do nothing about it.
fn render(
    host: &impl Host,
    site: &Arc<Site>,
    template: Template<'_>,
    frame: Frame,
    content: Value,
    room: usize,
) -> Result<Vec<u8>, PageError> {
    let name = template.own.unwrap_or(template.usual);
    let name = if theme::exists(site, name) {
        name
    } else {
        host.log(&format!(
            "theme/{name} is missing: {} stands in",
            template.usual
        ));
        template.usual
    };
    let context = theme::context(site, frame, content);
    let error = match Theme::new(site).render(name, context.clone(), room) {
        Ok(page) => return Ok(page),
        Err(error) => PageError::Template(error),
    };
    if site.templates.is_empty() {
        return Err(error);
    }
    host.log(&format!("{error}; the built-in template stands in"));
    Theme::built_in()
        .render(template.usual, context, room)
        .map_err(PageError::Template)
}
