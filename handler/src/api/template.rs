//! One template of the theme: a part of the site's record.

use super::file::{missing, stored};
use super::guard::conflict;
use super::hex;
use super::problem::{invalid, unwritten};
use crate::error::ReadError;
use crate::host::Host;
use crate::problem::Problem;
use crate::response::Response;
use crate::site::Site;
use crate::theme;
use crate::write::{self, Expected, WriteError};
use std::sync::Arc;
use xxhash_rust::xxh3::xxh3_128;

/// What became of a change.
enum Change {
    Made,
    Refused(Problem),
    Conflict,
    TooLarge,
}

/// The text, tagged with its hash.
pub(super) fn get(host: &impl Host, name: &str) -> Result<Response, ReadError> {
    let site = Site::read(host)?;
    Ok(match site.templates.get(name) {
        Some(text) => {
            let tag = format!("\"{}\"", hex(xxh3_128(text.as_bytes())));
            Response::new(200, "text/plain; charset=utf-8", text.clone().into_bytes())
                .with("etag", tag)
        }
        None => missing(name),
    })
}

/// Creates the template or replaces it.
pub(super) fn put(
    host: &impl Host,
    name: &str,
    body: &[u8],
    expected: Option<Expected>,
) -> Response {
    let Ok(text) = std::str::from_utf8(body) else {
        return problem(1, "not UTF-8: save the template as UTF-8".to_owned());
    };
    if let Err(problem) = theme::check_nesting(text) {
        return invalid(&[problem]);
    }
    let change = write::update_site(host, |site| {
        if !holds(site, name, expected, Some(xxh3_128(body))) {
            return Change::Conflict;
        }
        let mut after = site.clone();
        after.templates.insert(name.to_owned(), text.to_owned());
        if after.templates_fit() {
            checked(site, after, name)
        } else {
            Change::TooLarge
        }
    });
    answer(change, || stored(body))
}

/// Removes the template; the built-in one takes its place.
pub(super) fn delete(host: &impl Host, name: &str, expected: Option<Expected>) -> Response {
    let change = write::update_site(host, |site| {
        if !holds(site, name, expected, None) {
            return Change::Conflict;
        }
        let mut after = site.clone();
        after.templates.remove(name);
        checked(site, after, name)
    });
    answer(change, || {
        Response::new(204, "application/json", Vec::new())
    })
}

/// Takes over a change of one template, if all pages can be made with it.
fn checked(site: &mut Site, after: Site, name: &str) -> Change {
    let after = Arc::new(after);
    match theme::check(site, &after, name) {
        Ok(()) => {
            *site = Arc::unwrap_or_clone(after);
            Change::Made
        }
        Err(problem) => Change::Refused(problem),
    }
}

fn holds(site: &Site, name: &str, expected: Option<Expected>, new: Option<u128>) -> bool {
    let found = site.templates.get(name);
    let found = found.map(|text| xxh3_128(text.as_bytes()));
    expected.is_none_or(|expected| expected.holds(found, new))
}

fn answer(change: Result<Change, WriteError>, made: impl FnOnce() -> Response) -> Response {
    match change {
        Ok(Change::Made) => made(),
        Ok(Change::Refused(problem)) => invalid(&[problem]),
        Ok(Change::Conflict) => conflict(),
        Ok(Change::TooLarge) => problem(
            1,
            "all templates together have at most 128 KiB: every page reads them".to_owned(),
        ),
        Err(failure) => unwritten(&failure),
    }
}

fn problem(line: usize, message: String) -> Response {
    invalid(&[Problem {
        line: u32::try_from(line).unwrap_or(1),
        field: None,
        message,
    }])
}
