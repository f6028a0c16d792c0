//! A feed, as templates see it.

use super::view::{Fields, list, names};
use crate::date::{self, Moment};
use crate::feed_item::FeedItem;
use minijinja::value::Value;

/// A post in a feed of a certain site.
#[derive(Debug)]
pub struct FeedEntry {
    pub item: FeedItem,
    /// The address of the post today.
    pub link: String,
    /// The whole text with absolute addresses; `None` where it was left out.
    pub html: Option<String>,
}

/// A feed that was last changed at a moment.
pub fn feed(entries: Vec<FeedEntry>, changed: &Moment) -> Value {
    names([
        ("entries", list(entries)),
        ("updated", Value::from(date::rfc3339(changed))),
        ("updated_rfc822", Value::from(date::rfc822(changed))),
    ])
}

impl Fields for FeedEntry {
    const NAMES: &'static [&'static str] = &[
        "id",
        "title",
        "link",
        "published",
        "published_rfc822",
        "updated",
        "lang",
        "authors",
        "tags",
        "summary",
        "html",
    ];

    fn field(&self, name: &str) -> Option<Value> {
        let item = &self.item;
        Some(match name {
            "id" => Value::from(&item.id),
            "title" => Value::from(&item.title),
            "link" => Value::from(&self.link),
            "published" => Value::from(date::rfc3339(&item.date)),
            "published_rfc822" => Value::from(date::rfc822(&item.date)),
            "updated" => Value::from(date::rfc3339(&item.changed())),
            "lang" => Value::from(&item.lang),
            "authors" => item.authors.iter().collect(),
            "tags" => list(item.tags.clone()),
            "summary" => Value::from(&item.summary),
            "html" => Value::from(self.html.as_deref()),
            _ => return None,
        })
    }
}
