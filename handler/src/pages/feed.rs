//! The newest posts for feed readers: one list of entries, written in three formats.

use super::{Blog, Failure, post_url};
use crate::date::{self, Moment};
use crate::document::{Kind, Tag};
use crate::error::ReadError;
use crate::host::Host;
use crate::index::Listed;
use crate::post::{self, Card, Post};
use crate::record;
use crate::response::{Cache, Response};
use crate::route::Feed;
use crate::theme::{Frame, Theme};
use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::Serialize;

/// How many posts a feed names.
const ENTRIES: usize = 20;

/// The records read for full texts, in bytes; posts beyond it appear with their summary.
const FULL_TEXT_BYTES: usize = 640 * 1024;

/// One post in a feed.
#[derive(Debug, Serialize)]
struct Entry {
    title: String,
    link: String,
    published: String,
    published_rfc822: String,
    updated: String,
    lang: String,
    authors: Vec<String>,
    tags: Vec<Tag>,
    summary: String,
    /// The full text, with absolute addresses.
    html: Option<String>,
    #[serde(skip)]
    changed: i64,
}

/// The feed in a format.
pub(super) fn feed(host: &impl Host, format: Feed) -> Result<Response, Failure> {
    let (mut blog, []) = Blog::open(host, [])?;
    let newest = blog.index()?.page(host, 1, ENTRIES, blog.now)?;
    blog.forget_index();
    let newest = newest.map(|page| page.entries).unwrap_or_default();
    let entries = entries(host, &blog, &newest)?;
    let changed = entries.iter().map(|entry| entry.changed).max().unwrap_or(0);
    let changed = Moment {
        unix: changed,
        offset_seconds: 0,
    };
    let (media_type, text) = match format {
        Feed::Json => (
            "application/feed+json; charset=utf-8",
            json(&blog, &entries),
        ),
        Feed::Atom => (
            "application/atom+xml; charset=utf-8",
            xml(&blog, "atom.xml", &entries, &changed)?,
        ),
        Feed::Rss => (
            "application/rss+xml; charset=utf-8",
            xml(&blog, "rss.xml", &entries, &changed)?,
        ),
    };
    Ok(Response::new(200, media_type, text)
        .with("last-modified", date::http(changed.unix))
        .cached(Cache::Seconds(300))
        .tagged())
}

fn xml(
    blog: &Blog,
    template: &str,
    entries: &[Entry],
    changed: &Moment,
) -> Result<Vec<u8>, Failure> {
    let room = entries
        .iter()
        .map(|entry| 1024 + entry.html.as_ref().map_or(0, |html| html.len() * 5 / 4))
        .sum();
    let mut text = Theme::new(&blog.site).render(
        template,
        Frame::default(),
        context! {
            entries => Value::from(Serde(entries)),
            updated => date::rfc3339(changed),
            updated_rfc822 => date::rfc822(changed),
        },
        room,
    )?;
    // XML 1.0 has no way to write the control characters that Markdown lets through.
    text.retain(|byte| *byte >= b' ' || matches!(byte, b'\n' | b'\r' | b'\t'));
    Ok(text)
}

/// JSON Feed 1.1 (jsonfeed.org).
fn json(blog: &Blog, entries: &[Entry]) -> Vec<u8> {
    let settings = &blog.site.settings;
    let items: Vec<_> = entries
        .iter()
        .map(|entry| {
            let authors: Vec<_> = entry
                .authors
                .iter()
                .map(|name| serde_json::json!({ "name": name }))
                .collect();
            let tags: Vec<_> = entry.tags.iter().map(|tag| &tag.name).collect();
            let mut item = serde_json::json!({
                "id": entry.link, "url": entry.link, "title": entry.title, "summary": entry.summary,
                "date_published": entry.published, "date_modified": entry.updated,
                "authors": authors, "tags": tags, "language": entry.lang,
            });
            match &entry.html {
                Some(html) => item["content_html"] = html.as_str().into(),
                None => item["content_text"] = entry.summary.as_str().into(),
            }
            item
        })
        .collect();
    serde_json::json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": settings.title, "description": settings.description, "language": settings.lang,
        "home_page_url": blog.absolute("/"), "feed_url": blog.absolute("/feed.json"),
        "items": items,
    })
    .to_string()
    .into_bytes()
}

/// The newest posts; one that cannot be read is left out.
fn entries(
    host: &impl Host,
    blog: &Blog,
    newest: &[Listed<'static>],
) -> Result<Vec<Entry>, Failure> {
    let mut room = FULL_TEXT_BYTES;
    let (full, short): (Vec<&Listed<'static>>, Vec<&Listed<'static>>) =
        newest.iter().partition(|listed| {
            let bytes = usize::try_from(listed.bytes).unwrap_or(usize::MAX);
            let fits = bytes <= room;
            if fits {
                room -= bytes;
            }
            fits
        });
    let mut entries: Vec<Entry> = Vec::with_capacity(newest.len());
    let left_out = |error: &ReadError| host.log(&format!("left out of a feed: {error}"));
    let options = blog.site.settings.compile_options();
    for (listed, record) in read(host, &full, |slug| post::key(Kind::Post, slug))? {
        let post = Post::decode(Kind::Post, &listed.slug, &record, &options).inspect_err(left_out);
        entries.extend(post.ok().and_then(|post| full_entry(blog, listed, &post)));
    }
    for (listed, record) in read(host, &short, post::card_key)? {
        let card = record::decode(post::CARD_VERSION, &post::card_key(&listed.slug), &record)
            .inspect_err(left_out);
        entries.extend(card.ok().map(|card| short_entry(blog, listed, card)));
    }
    entries.sort_by(|a, b| b.published.cmp(&a.published));
    Ok(entries)
}

fn read<'l>(
    host: &impl Host,
    listed: &[&'l Listed<'static>],
    key: impl Fn(&str) -> String,
) -> Result<Vec<(&'l Listed<'static>, Vec<u8>)>, Failure> {
    if listed.is_empty() {
        return Ok(Vec::new());
    }
    let keys: Vec<String> = listed.iter().map(|listed| key(&listed.slug)).collect();
    let mut read = Vec::with_capacity(listed.len());
    for ((listed, key), record) in listed.iter().zip(&keys).zip(host.get_each(&keys)?) {
        match record {
            Ok(record) => read.extend(record.map(|record| (*listed, record))),
            Err(error) => host.log(&format!("{key} is left out of a feed: {error}")),
        }
    }
    Ok(read)
}

fn full_entry(blog: &Blog, listed: &Listed<'_>, post: &Post) -> Option<Entry> {
    let mut entry = short_entry(blog, listed, post.card()?);
    if !post.document.authors.is_empty() {
        entry.authors.clone_from(&post.document.authors);
    }
    entry.html = Some(absolute_links(&post.document.html, &blog.site.settings.url));
    Some(entry)
}

fn short_entry(blog: &Blog, listed: &Listed<'_>, card: Card) -> Entry {
    let author = &blog.site.settings.author;
    let changed = Moment {
        unix: listed.updated.unwrap_or(card.date.unix),
        ..card.date
    };
    Entry {
        title: card.title,
        link: blog.absolute(&post_url(&listed.slug)),
        published: date::rfc3339(&card.date),
        published_rfc822: date::rfc822(&card.date),
        updated: date::rfc3339(&changed),
        lang: card.lang,
        authors: if author.is_empty() {
            Vec::new()
        } else {
            vec![author.clone()]
        },
        tags: card.tags,
        summary: card.summary,
        html: None,
        changed: changed.unix,
    }
}

/// A feed is read elsewhere: links and images on this site need its address.
fn absolute_links(html: &str, url: &str) -> String {
    html.replace("href=\"/", &format!("href=\"{url}/"))
        .replace("src=\"/", &format!("src=\"{url}/"))
}
