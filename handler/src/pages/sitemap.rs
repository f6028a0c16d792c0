//! The sitemap: all addresses, in files of a bounded size (sitemaps.org).

use super::{Blog, render};
use crate::error::PageError;
use crate::host::Host;
use crate::request::Request;
use crate::response::{Body, Cache, Response};
use crate::route;
use crate::sitemap::Urls;
use crate::theme::{Frame, names};
use std::ops::ControlFlow;

const XML: &str = "application/xml; charset=utf-8";

/// With no more posts than this a file is made as a whole, so that its length is known.
const WHOLE: usize = 250;

/// The only file, or the list of files.
pub(super) fn sitemap(host: &impl Host, request: &Request) -> Result<Response, PageError> {
    let (blog, []) = Blog::open(host, request, [])?;
    match blog.index()?.sitemap_files() {
        0 | 1 => one(host, blog, 1),
        files => list(&blog, files),
    }
}

/// One of several files, counted from 1.
pub(super) fn file(
    host: &impl Host,
    request: &Request,
    number: usize,
) -> Result<Response, PageError> {
    let (blog, []) = Blog::open(host, request, [])?;
    match blog.index()?.sitemap_files() {
        files @ 2.. if number <= files => one(host, blog, number),
        _ => blog.not_found(),
    }
}

fn list(blog: &Blog<'_, impl Host>, files: usize) -> Result<Response, PageError> {
    let mut version = blog.version();
    version.add(files as u64);
    let response = Response::new(200, XML, Vec::new()).cached(Cache::Seconds(3600));
    blog.answer(response, &version, || {
        let content = names([("files", (1..=files).collect())]);
        let template = "sitemap-index.xml".into();
        let room = 80 * files;
        render(
            blog.host,
            &blog.site,
            template,
            Frame::default(),
            content,
            room,
        )
    })
}

fn one<H: Host>(host: &H, mut blog: Blog<'_, H>, number: usize) -> Result<Response, PageError> {
    let Some(posts) = blog.index()?.sitemap(number, blog.now) else {
        return blog.not_found();
    };
    let count = posts.count();
    let mut urls = Urls::new(&blog.site.settings.url, posts);
    if number == 1 {
        urls.add("/");
        for page in blog.index()?.pages_list(host, blog.now)? {
            urls.add(&route::encode(&[page.slug.as_ref()]));
        }
    }
    blog.forget_index();
    let mut version = blog.version();
    urls.add_to(&mut version);
    let response = Response::new(200, XML, Vec::new())
        .cached(Cache::Seconds(3600))
        .with_tag(version.tag());
    let mut response = response.conditional(blog.request);
    if response.status == 304 {
        return Ok(response);
    }
    response.body = Body::stream(None, move |store, sink| urls.send(&store, sink));
    if count <= WHOLE {
        let mut text = Vec::new();
        response.body.send(host, &mut |piece| {
            text.extend(piece);
            ControlFlow::Continue(())
        })?;
        response.body = text.into();
    }
    Ok(response)
}
