//! What is no page: uploaded files, the style sheet, the theme's own files, robots.txt.

use super::{Blog, Failure};
use crate::host::Host;
use crate::media::{self, Media};
use crate::request::Request;
use crate::response::{Cache, Response};
use crate::theme;

/// An uploaded file, or the part of it that was asked for.
pub(super) fn media(host: &impl Host, name: &str, request: &Request) -> Result<Response, Failure> {
    let key = media::key(name);
    let Some(record) = host.get(&key)? else {
        let (blog, []) = Blog::open(host, [])?;
        return blog.not_found();
    };
    let file = Media::decode(&key, &record)?;
    Ok(media::answer(name, &file, request))
}

/// The style sheet, under the name that changes with it.
pub(super) fn style(host: &impl Host, hash: &str) -> Result<Response, Failure> {
    const CSS: &str = "text/css; charset=utf-8";
    if hash == theme::STYLE_HASH {
        return Ok(Response::new(200, CSS, theme::STYLE.as_bytes()).cached(Cache::Immutable));
    }
    let (blog, [sheet]) = Blog::open(host, [media::theme_key("style.css")])?;
    match sheet {
        Some(sheet) if blog.site.style.as_deref() == Some(hash) => {
            let sheet = Media::decode(&media::theme_key("style.css"), &sheet)?;
            Ok(media::whole(CSS, &sheet).cached(Cache::Immutable))
        }
        _ => blog.not_found(),
    }
}

/// A file of the theme: a font, a picture, a second style sheet.
pub(super) fn asset(host: &impl Host, name: &str) -> Result<Response, Failure> {
    let key = media::theme_key(name);
    let (blog, [record]) = Blog::open(host, [key.clone()])?;
    match record {
        Some(record) => {
            let file = Media::decode(&key, &record)?;
            Ok(media::whole(media::media_type(name), &file).cached(Cache::Seconds(3600)))
        }
        None => blog.not_found(),
    }
}

/// The icon: the author's `media/favicon.svg`, or the theme's.
pub(super) fn favicon(host: &impl Host) -> Result<Response, Failure> {
    const SVG: &str = "image/svg+xml";
    let key = media::key("favicon.svg");
    let answer = match host.get(&key)? {
        Some(record) => media::whole(SVG, &Media::decode(&key, &record)?),
        None => Response::new(200, SVG, theme::FAVICON.as_bytes()).with_etag(),
    };
    Ok(answer.cached(Cache::Seconds(3600)))
}

/// What crawlers may read: all but the interface.
pub(super) fn robots(host: &impl Host) -> Result<Response, Failure> {
    let (blog, []) = Blog::open(host, [])?;
    let sitemap = blog.absolute("/sitemap.xml");
    let text = format!("User-agent: *\nDisallow: /api/\n\nSitemap: {sitemap}\n");
    Ok(
        Response::new(200, "text/plain; charset=utf-8", text.into_bytes())
            .cached(Cache::Seconds(3600))
            .with_etag(),
    )
}
