//! JSON Feed 1.1 (jsonfeed.org).

use super::super::Blog;
use crate::date;
use crate::host::Host;
use crate::theme::FeedEntry;
use serde::Serialize;

#[derive(Serialize)]
struct Feed<'a> {
    version: &'static str,
    title: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    description: &'a str,
    language: &'a str,
    home_page_url: String,
    feed_url: String,
    authors: [Author<'a>; 1],
    items: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct Author<'a> {
    name: &'a str,
}

#[derive(Serialize)]
struct Item<'a> {
    id: &'a str,
    url: &'a str,
    title: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    summary: &'a str,
    date_published: String,
    date_modified: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<Author<'a>>,
    tags: Vec<&'a str>,
    language: &'a str,
    /// An item has this or the next.
    #[serde(skip_serializing_if = "Option::is_none")]
    content_html: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_text: Option<&'a str>,
}

pub(super) fn feed(blog: &Blog<'_, impl Host>, entries: &[FeedEntry]) -> Vec<u8> {
    let settings = &blog.site.settings;
    let author = Some(settings.author.as_str()).filter(|author| !author.is_empty());
    let feed = Feed {
        version: "https://jsonfeed.org/version/1.1",
        title: &settings.title,
        description: &settings.description,
        language: &settings.lang,
        home_page_url: blog.absolute("/"),
        feed_url: blog.absolute("/feed.json"),
        authors: [Author {
            name: author.unwrap_or(&settings.title),
        }],
        items: entries.iter().map(item).collect(),
    };
    serde_json::to_vec(&feed).expect("texts and lists of texts are always JSON")
}

fn item(entry: &FeedEntry) -> Item<'_> {
    let FeedEntry { item, link, html } = entry;
    let authors = item.authors.iter();
    Item {
        id: &item.id,
        url: link,
        title: &item.title,
        summary: &item.summary,
        date_published: date::rfc3339(&item.date),
        date_modified: date::rfc3339(&item.changed()),
        authors: authors.map(|name| Author { name }).collect(),
        tags: item.tags.iter().map(|tag| tag.name.as_str()).collect(),
        language: &item.lang,
        content_html: html.as_deref(),
        content_text: html.is_none().then_some(item.summary.as_str()),
    }
}
