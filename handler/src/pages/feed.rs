//! The newest posts for feed readers: one list of entries, written in three formats.

use super::{Blog, Failure, post_url};
use crate::date;
use crate::date::Moment;
use crate::document::Tag;
use crate::error::ReadError;
use crate::feed_item::FeedItem;
use crate::host::Host;
use crate::index::IndexEntry;
use crate::key::Key;
use crate::post::{self, Card};
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

/// The newest posts, in their order; one that cannot be read is left out, and one for whose text
/// there is no room appears with its summary.
fn entries(
    host: &impl Host,
    blog: &Blog,
    newest: &[IndexEntry<'static>],
) -> Result<Vec<Entry>, Failure> {
    let mut room = FULL_TEXT_BYTES;
    let key = |listed: &IndexEntry<'_>| {
        let bytes = usize::try_from(listed.feed_bytes).unwrap_or(usize::MAX);
        let fits = bytes <= room;
        room -= if fits { bytes } else { 0 };
        match fits {
            true => Key::FeedItem(listed.slug.to_string()),
            false => Key::Card(listed.slug.to_string()),
        }
    };
    let keys: Vec<String> = newest.iter().map(key).map(String::from).collect();
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let mut entries = Vec::with_capacity(newest.len());
    for ((listed, key), record) in newest.iter().zip(&keys).zip(host.get_each(&keys)?) {
        let item = record
            .map_err(ReadError::from)
            .and_then(|record| item(key, record.as_deref()));
        match item {
            Ok(item) => entries.push(entry(blog, listed, item)),
            Err(error) => host.log(&format!("{key} is left out of a feed: {error}")),
        }
    }
    Ok(entries)
}

/// What a key says of a post: its feed item, or its card.
fn item(key: &str, record: Option<&[u8]>) -> Result<FeedItem, ReadError> {
    let record = record.ok_or_else(|| ReadError::damaged(key))?;
    if matches!(Key::parse(key), Some(Key::FeedItem(_))) {
        return FeedItem::decode(key, record);
    }
    let card: Card = record::decode(post::CARD_VERSION, key, record)?;
    Ok(FeedItem {
        id: String::new(),
        title: card.title,
        date: card.date,
        updated: None,
        lang: card.lang,
        authors: Vec::new(),
        tags: card.tags,
        summary: card.summary,
        html: String::new(),
    })
}

fn entry(blog: &Blog, listed: &IndexEntry<'_>, item: FeedItem) -> Entry {
    let author = &blog.site.settings.author;
    let changed = item.updated.unwrap_or(item.date);
    let mut authors = item.authors;
    if authors.is_empty() && !author.is_empty() {
        authors.push(author.clone());
    }
    Entry {
        title: item.title,
        link: blog.absolute(&post_url(&listed.slug)),
        published: date::rfc3339(&item.date),
        published_rfc822: date::rfc822(&item.date),
        updated: date::rfc3339(&changed),
        lang: item.lang,
        authors,
        tags: item.tags,
        summary: item.summary,
        html: Some(item.html)
            .filter(|html| !html.is_empty())
            .map(|html| html.replace('\0', &blog.site.settings.url)),
        changed: changed.unix,
    }
}
