//! What is no page: uploaded files, the style sheet, the theme's own files, robots.txt.

use super::Blog;
use crate::error::PageError;
use crate::host::Host;
use crate::key::Key;
use crate::media::{self, Media};
use crate::request::Request;
use crate::response::{Cache, Response};
use crate::{site, theme};

const CSS: &str = "text/css; charset=utf-8";

/// An uploaded file, or the part of it that was asked for.
pub(super) fn media(
    host: &impl Host,
    request: &Request,
    name: &str,
) -> Result<Response, PageError> {
    let key = Key::Media(name.to_owned()).to_string();
    let Some(record) = host.get(&key)? else {
        let (blog, []) = Blog::open(host, request, [])?;
        return blog.not_found();
    };
    let file = Media::decode(&key, &record)?;
    Ok(media::answer(name, &file, request))
}

/// The style sheet, under the name that changes with it. Nothing else is ever sent under a name
/// that browsers keep for a year.
pub(super) fn style(
    host: &impl Host,
    request: &Request,
    hash: &str,
) -> Result<Response, PageError> {
    let is_of = |known: u128| hash == format!("{known:032x}");
    if is_of(theme::STYLE_HASH) {
        return Ok(Response::new(200, CSS, theme::STYLE.as_bytes()).cached(Cache::Immutable));
    }
    let (blog, []) = Blog::open(host, request, [])?;
    match &blog.site.style {
        Some(sheet) if is_of(sheet.hash) => Ok(media::whole(CSS, sheet).cached(Cache::Immutable)),
        _ => blog.not_found(),
    }
}

/// A file of the theme: a font, a picture, a second style sheet.
pub(super) fn asset(
    host: &impl Host,
    request: &Request,
    name: &str,
) -> Result<Response, PageError> {
    let key = Key::Theme(name.to_owned());
    let (blog, [record]) = Blog::open(host, request, [key.clone()])?;
    let file = match (record, &blog.site.style) {
        (_, Some(sheet)) if name == site::STYLE => sheet.clone(),
        (Some(record), _) => Media::decode(&key.to_string(), &record)?,
        (None, _) => return blog.not_found(),
    };
    Ok(media::whole(media::media_type(name), &file).cached(Cache::Seconds(3600)))
}

/// The icon: the author's `media/favicon.svg`, or the theme's.
pub(super) fn favicon(host: &impl Host) -> Result<Response, PageError> {
    const SVG: &str = "image/svg+xml";
    let key = Key::Media("favicon.svg".to_owned()).to_string();
    let answer = match host.get(&key)? {
        Some(record) => media::whole(SVG, &Media::decode(&key, &record)?),
        None => Response::new(200, SVG, theme::FAVICON.as_bytes()).with_etag(),
    };
    Ok(answer.cached(Cache::Seconds(3600)))
}

/// What crawlers may read: all but the interface.
pub(super) fn robots(host: &impl Host, request: &Request) -> Result<Response, PageError> {
    let (blog, []) = Blog::open(host, request, [])?;
    let sitemap = blog.absolute("/sitemap.xml");
    let text = format!("User-agent: *\nDisallow: /api/\n\nSitemap: {sitemap}\n");
    Ok(
        Response::new(200, "text/plain; charset=utf-8", text.into_bytes())
            .cached(Cache::Seconds(3600))
            .with_etag(),
    )
}
