//! The newest posts for feed readers: one list of entries, written in three formats.

mod json;
mod read;

use super::{Blog, render};
use crate::date::{self, Moment};
use crate::error::PageError;
use crate::host::Host;
use crate::request::Request;
use crate::response::{Cache, Response};
use crate::route::Feed;
use crate::theme::{self, FeedEntry, Frame};
use read::Items;

/// How many posts a feed names.
const ENTRIES: usize = 20;

/// The feed in a format.
pub(super) fn feed(
    host: &impl Host,
    request: &Request,
    format: Feed,
) -> Result<Response, PageError> {
    let (mut blog, []) = Blog::open(host, request, [])?;
    let newest = blog.index()?.page(host, 1, ENTRIES, blog.now)?;
    blog.forget_index();
    let newest = newest.map(|page| page.entries).unwrap_or_default();
    let changed = newest
        .iter()
        .map(|listed| listed.updated.unwrap_or(listed.date))
        .max();
    let changed = Moment {
        // A blog without posts was changed when its settings were.
        unix: changed.unwrap_or(blog.site.written),
        offset_seconds: 0,
    };
    let items = Items::read(&blog, &newest)?;
    let mut version = blog.version();
    version.add(changed.unix.cast_unsigned());
    items.add_to(&mut version);
    let media_type = match format {
        Feed::Json => "application/feed+json; charset=utf-8",
        Feed::Atom => "application/atom+xml; charset=utf-8",
        Feed::Rss => "application/rss+xml; charset=utf-8",
    };
    let response = Response::new(200, media_type, Vec::new())
        .with("last-modified", date::http(changed.unix))
        .cached(Cache::Seconds(300));
    blog.answer(response, &version, || {
        let entries = items.entries(&blog);
        match format {
            Feed::Json => Ok(json::feed(&blog, &entries)),
            Feed::Atom => xml(&blog, "atom.xml", entries, &changed),
            Feed::Rss => xml(&blog, "rss.xml", entries, &changed),
        }
    })
}

fn xml(
    blog: &Blog<'_, impl Host>,
    template: &'static str,
    entries: Vec<FeedEntry>,
    changed: &Moment,
) -> Result<Vec<u8>, PageError> {
    let room = entries
        .iter()
        .map(|entry| 1024 + entry.html.as_ref().map_or(0, |html| html.len() * 5 / 4))
        .sum();
    let content = theme::feed(entries, changed);
    let frame = Frame::default();
    let mut text = render(blog.host, &blog.site, template.into(), frame, content, room)?;
    drop_forbidden(&mut text);
    Ok(text)
}

/// Drops the characters that XML 1.0 cannot hold, not even escaped (XML 1.0, 2.2).
fn drop_forbidden(text: &mut Vec<u8>) {
    let mut kept = 0;
    let mut at = 0;
    while at < text.len() {
        match text[at..] {
            // U+FFFE and U+FFFF.
            [0xef, 0xbf, 0xbe | 0xbf, ..] => at += 3,
            [b'\n' | b'\r' | b'\t' | b' '.., ..] => {
                text[kept] = text[at];
                kept += 1;
                at += 1;
            }
            _ => at += 1,
        }
    }
    text.truncate(kept);
}
