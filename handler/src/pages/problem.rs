//! The pages that say why there is no page. None of them tells what went on inside.

use super::{About, Failure, render};
use crate::host::Host;
use crate::key::Key;
use crate::response::{Cache, Response};
use crate::site::Site;
use crate::theme;
use minijinja::context;

/// The page of a status, in the theme.
pub(super) fn page(site: &Site, status: u16, word: &str) -> Result<Response, Failure> {
    let lang = site.settings.lang.as_str();
    let heading = theme::word(lang, &format!("{word}_heading"));
    let message = theme::word(lang, &format!("{word}_message"));
    let about = About {
        status,
        kind: "error",
        title: &heading,
        description: "",
        path: "",
        lang,
        room: 0,
    };
    let html = render(
        site,
        "error.html",
        &about,
        context! { status, heading => heading.as_str(), message },
    )?;
    Ok(Response::html(status, html).cached(Cache::Never))
}

/// The page for a request that failed: 503 where another try may do, else 500.
pub(super) fn failed(host: &impl Host, failure: &Failure) -> Response {
    host.log(&format!("{failure}"));
    // The failure may lie in the author's own templates, or in the store: the built-in ones
    // need neither.
    let site = match failure {
        Failure::Store(_) | Failure::Template(_) => Site::default(),
        Failure::Record(_) => settings(host),
    };
    let status = match failure {
        Failure::Store(_) => 503,
        Failure::Record(error) => error.status(),
        Failure::Template(_) => 500,
    };
    let response = page(&site, status, "error").unwrap_or_else(|_| {
        Response::new(
            status,
            "text/plain; charset=utf-8",
            b"the page could not be made\n".as_slice(),
        )
    });
    if status == 503 {
        response.with("retry-after", "5")
    } else {
        response
    }
}

/// The site's settings without its templates.
fn settings(host: &impl Host) -> Site {
    let record = host.get(&Key::Site.to_string()).ok().flatten();
    let site = Site::decode(record.as_deref()).unwrap_or_default();
    Site {
        templates: Default::default(),
        ..site
    }
}
