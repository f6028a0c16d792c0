//! The pages that say why there is no page. None of them tells what went on inside.

use super::render;
use crate::error::{PageError, ReadError};
use crate::host::Host;
use crate::response::{Cache, Response};
use crate::site::Site;
use crate::theme::{self, Frame, names};
use minijinja::value::Value;
use std::sync::Arc;

/// After how many seconds another try may do, where the store did not answer.
const RETRY_SECONDS: &str = "5";

/// After how many seconds the index may have been rebuilt.
const REBUILD_SECONDS: &str = "60";

/// The page of a status, in the theme.
pub(super) fn page(
    host: &impl Host,
    site: &Arc<Site>,
    status: u16,
    word: &str,
) -> Result<Response, PageError> {
    let lang = site.settings.lang.as_str();
    let heading = theme::word(lang, &format!("{word}_heading"));
    let message = theme::word(lang, &format!("{word}_message"));
    let frame = Frame {
        status,
        kind: "error",
        title: heading.to_owned(),
        ..Frame::default()
    };
    let content = names([
        ("status", Value::from(status)),
        ("heading", Value::from(heading)),
        ("message", Value::from(message)),
    ]);
    let html = render(host, site, "error.html".into(), frame, content, 4096)?;
    Ok(Response::html(status, html).cached(Cache::Never))
}

/// The page for a request that failed.
pub(super) fn failed(host: &impl Host, error: &PageError) -> Response {
    host.log(&error.to_string());
    // The store is not asked again where it did not answer.
    let site = match error {
        PageError::Read(ReadError::Store(_)) | PageError::Template(_) => Site::default(),
        PageError::Read(_) => Site::read(host).unwrap_or_default(),
    };
    let (word, retry) = match error {
        PageError::Read(ReadError::IndexOutdated) => ("rebuilding", Some(REBUILD_SECONDS)),
        PageError::Read(ReadError::Store(_)) => ("error", Some(RETRY_SECONDS)),
        _ => ("error", None),
    };
    let status = error.status();
    let response = page(host, &Arc::new(site), status, word).unwrap_or_else(|_| {
        Response::new(
            status,
            "text/plain; charset=utf-8",
            b"the page could not be made\n".as_slice(),
        )
    });
    match retry {
        Some(seconds) => response.with("retry-after", seconds),
        None => response,
    }
}
