//! The sitemap: all addresses, in files of a bounded size (sitemaps.org).

use super::{Blog, Failure};
use crate::host::Host;
use crate::response::{Body, Cache, Response};
use crate::route;
use crate::sitemap::Urls;
use crate::theme::{Frame, Theme};
use minijinja::context;
use std::ops::ControlFlow;

const XML: &str = "application/xml; charset=utf-8";

/// With no more posts than this a file is made as a whole, so that its length is known.
const WHOLE: usize = 250;

/// The only file, or the list of files.
pub(super) fn sitemap(host: &impl Host) -> Result<Response, Failure> {
    let (blog, []) = Blog::open(host, [])?;
    match blog.index()?.sitemap_files() {
        0 | 1 => one(host, blog, 1),
        files => list(&blog, files),
    }
}

/// One of several files, counted from 1.
pub(super) fn file(host: &impl Host, number: usize) -> Result<Response, Failure> {
    let (blog, []) = Blog::open(host, [])?;
    match blog.index()?.sitemap_files() {
        files @ 2.. if number <= files => one(host, blog, number),
        _ => blog.not_found(),
    }
}

fn list(blog: &Blog, files: usize) -> Result<Response, Failure> {
    let content = context! { files => (1..=files).collect::<Vec<_>>() };
    let theme = Theme::new(&blog.site);
    let list = theme.render("sitemap-index.xml", Frame::default(), content, 80 * files)?;
    Ok(Response::new(200, XML, list)
        .cached(Cache::Seconds(3600))
        .with_etag())
}

fn one(host: &impl Host, mut blog: Blog, number: usize) -> Result<Response, Failure> {
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
    let tag = urls.tag();
    let mut response = Response::new(200, XML, Vec::new());
    response.body = if count <= WHOLE {
        let mut text = Vec::new();
        urls.pieces(host, |piece| text.extend(piece))?;
        text.into()
    } else {
        Body::stream(None, move |store, sink| {
            let mut flow = ControlFlow::Continue(());
            urls.pieces(&store, |piece| {
                if flow.is_continue() {
                    flow = sink(piece);
                }
            })
        })
    };
    Ok(response.cached(Cache::Seconds(3600)).with("etag", tag))
}
