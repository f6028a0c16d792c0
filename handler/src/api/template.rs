//! One template of the theme: a part of the site's record.

use super::file::{missing, stored};
use super::preconditions::conflict;
use super::problem::{Refusal, invalid};
use crate::etag::ETag;
use crate::host::Host;
use crate::problem::Problem;
use crate::response::Response;
use crate::site::Site;
use crate::theme;
use crate::write::{self, Expected};
use std::sync::Arc;

/// What became of a change.
enum Change {
    Made,
    Refused(Problem),
    Conflict,
    TooLarge,
    Missing,
}

/// The text, tagged with its hash.
pub(super) fn get(host: &impl Host, name: &str) -> Result<Response, Refusal> {
    let mut site = Site::read(host)?;
    let text = site.templates.remove(name).ok_or_else(|| missing(name))?;
    Ok(Response::new(200, "text/plain; charset=utf-8", text.into_bytes()).with_etag())
}

/// Creates the template or replaces it.
pub(super) fn put(
    host: &impl Host,
    name: &str,
    bytes: &[u8],
    expected: Option<Expected>,
) -> Result<Response, Refusal> {
    let text = str::from_utf8(bytes)
        .map_err(|error| problem(format!("{error}: save the template as UTF-8")))?;
    theme::check_nesting(text).map_err(|problem| invalid(&[problem]))?;
    let change = write::update_site(host, |site| {
        if !holds(site, name, expected, Some(ETag::of(bytes))) {
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
    answer(change?, name, || stored(bytes))
}

/// Removes the template; the built-in one takes its place.
pub(super) fn delete(
    host: &impl Host,
    name: &str,
    expected: Option<Expected>,
) -> Result<Response, Refusal> {
    let change = write::update_site(host, |site| {
        if !site.templates.contains_key(name) {
            return Change::Missing;
        }
        if !holds(site, name, expected, None) {
            return Change::Conflict;
        }
        let mut after = site.clone();
        after.templates.remove(name);
        checked(site, after, name)
    });
    answer(change?, name, || Response::empty(204))
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

fn holds(site: &Site, name: &str, expected: Option<Expected>, new: Option<ETag>) -> bool {
    let found = site.templates.get(name);
    let found = found.map(|text| ETag::of(text.as_bytes()).0);
    expected.is_none_or(|expected| expected.holds(found, new.map(|tag| tag.0)))
}

fn answer(
    change: Change,
    name: &str,
    made: impl FnOnce() -> Response,
) -> Result<Response, Refusal> {
    match change {
        Change::Made => Ok(made()),
        Change::Refused(problem) => Ok(invalid(&[problem])),
        Change::Conflict => Err(conflict().into()),
        Change::Missing => Err(missing(name)),
        Change::TooLarge => {
            let reason = "all templates together have at most 128 KiB: every page reads them";
            Err(problem(reason.to_owned()))
        }
    }
}

fn problem(message: String) -> Refusal {
    invalid(&[Problem::new(1, message)]).into()
}
