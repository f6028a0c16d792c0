//! The sitemap: all addresses, in files of a bounded size (sitemaps.org).

use super::{Blog, Failure, post_url};
use crate::compile::Moment;
use crate::host::Host;
use crate::response::{Cache, Response};
use crate::theme::{Frame, Theme};
use crate::{date, route};
use minijinja::context;
use minijinja::value::Value;

/// The only file, or the list of files.
pub(super) fn sitemap(host: &impl Host) -> Result<Response, Failure> {
    let (blog, []) = Blog::open(host, [])?;
    match blog.index()?.sitemap_files() {
        0 | 1 => one(host, &blog, 1),
        files => answer(
            &blog,
            "sitemap-index.xml",
            context! { files => (1..=files).collect::<Vec<_>>() },
            4096,
        ),
    }
}

/// One of several files, counted from 1.
pub(super) fn file(host: &impl Host, number: usize) -> Result<Response, Failure> {
    let (blog, []) = Blog::open(host, [])?;
    match blog.index()?.sitemap_files() {
        files @ 2.. if number <= files => one(host, &blog, number),
        _ => blog.not_found(),
    }
}

fn one(host: &impl Host, blog: &Blog, number: usize) -> Result<Response, Failure> {
    let mut urls: Vec<Value> = Vec::new();
    if number == 1 {
        urls.push(context! { path => "/" });
        for page in blog.index()?.pages_list(host, blog.now)? {
            urls.push(context! { path => route::encode(&[page.slug.as_ref()]) });
        }
    }
    for post in blog
        .index()?
        .sitemap(host, number, blog.now)?
        .unwrap_or_default()
    {
        let changed = Moment {
            unix: post.updated.unwrap_or(post.date),
            offset_seconds: 0,
        };
        urls.push(context! { path => post_url(&post.slug), changed => date::rfc3339(&changed) });
    }
    let room = 160 * urls.len();
    answer(blog, "sitemap.xml", context! { urls }, room)
}

fn answer(blog: &Blog, template: &str, content: Value, room: usize) -> Result<Response, Failure> {
    let text = Theme::new(&blog.site).render(template, Frame::default(), content, room)?;
    Ok(Response::new(200, "application/xml; charset=utf-8", text)
        .cached(Cache::Seconds(3600))
        .tagged())
}
