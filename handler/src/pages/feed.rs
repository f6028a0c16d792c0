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
    // U+FFFE and U+FFFF begin with the byte 0xef, as do many that are allowed.
    let is_suspect =
        |byte: &u8| matches!(byte, 0..=8 | b'\x0b' | b'\x0c' | b'\x0e'..=b'\x1f' | 0xef);
    let (mut at, mut kept) = (0, 0);
    while at < text.len() {
        let allowed = match text[at..] {
            [0xef, 0xbf, 0xbe | 0xbf, ..] => {
                at += 3;
                continue;
            }
            [0xef, ..] => 1,
            _ => 0,
        };
        let rest = &text[at + allowed..];
        let run = allowed + rest.iter().position(is_suspect).unwrap_or(rest.len());
        text.copy_within(at..at + run, kept);
        kept += run;
        at += run.max(1);
    }
    text.truncate(kept);
}

#[cfg(test)]
mod tests {
    use super::drop_forbidden;

    #[track_caller]
    fn check(text: &str, left: &str) {
        let mut bytes = text.as_bytes().to_vec();
        drop_forbidden(&mut bytes);
        assert_eq!(String::from_utf8(bytes).as_deref(), Ok(left));
    }

    #[test]
    fn only_what_xml_cannot_hold_is_dropped() {
        check("", "");
        check("a\tb\r\nc", "a\tb\r\nc");
        check("\0a\u{8}\u{b}b\u{1f}", "ab");
        check("\u{fffe}a\u{ffff}\u{ffff}b\u{fffe}", "ab");
        check("，\u{fffd}\u{10fffe}\u{7f}é", "，\u{fffd}\u{10fffe}\u{7f}é");
    }
}
