//! Aliases: paths that a document had elsewhere or before, and that lead to it still.

use crate::document::{DocId, Kind};
use crate::problem::Problem;
use crate::request::percent;
use crate::route::{self, Resolved, Route};

/// The canonical form of a path that an author wrote.
pub(super) fn normalise(path: &str) -> Result<String, String> {
    let bad = |why: &str| {
        Err(format!(
            "`{path}` {why}; write a path of this site such as /old/name"
        ))
    };
    if path.contains("://") || path.starts_with("//") {
        return bad("is an address of another site");
    }
    if path.contains(['?', '#']) {
        return bad("has a query or a fragment, which no path has");
    }
    let Some(canonical) = route::canonical(path) else {
        let is_broken = percent::decode(path).is_none();
        return bad(if is_broken {
            "has a percent sign that stands for no character"
        } else {
            "has `.` or `..` as a part, or is too long"
        });
    };
    if canonical.chars().any(char::is_control) {
        return bad("has a control character");
    }
    if canonical == "/" {
        return bad("names no page");
    }
    let segments: Vec<&str> = canonical.split('/').skip(1).collect();
    match route::resolve(&route::encode(&segments)) {
        Resolved::Here(Route::Post { .. } | Route::Page { .. } | Route::Unknown { .. }) => {
            Ok(canonical)
        }
        _ => bad("is an address of the blog itself, which would hide it"),
    }
}

/// Whether a page of this slug would be hidden by an address of the blog itself.
pub(super) fn hidden_page(kind: Kind, slug: &str) -> Option<Problem> {
    let page = DocId::page(slug);
    let is_hidden = kind == Kind::Page
        && !slug.is_empty()
        && DocId::from_url(&page.url()).as_ref() != Some(&page);
    is_hidden.then(|| {
        let message = format!(
            "/{slug} is an address of the blog itself, which would hide the page; \
             set another name with the field slug"
        );
        Problem::of_field(1, "slug", message)
    })
}
