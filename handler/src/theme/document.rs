//! A post or a page, as templates see it.

use super::context::json;
use super::view::{Fields, list, names, view};
use crate::date::{self, Moment};
use crate::document::{Document, Heading, Tag};
use crate::route;
use minijinja::value::Value;

/// A document whose page has this path; `author` is whoever wrote it if it does not say so.
pub fn document(document: Document, path: String, author: &str) -> Value {
    let extra = json(&document.extra);
    with_extra(document, path, author, extra)
}

/// The same with other free data.
pub(super) fn with_extra(
    mut document: Document,
    path: String,
    author: &str,
    extra: Value,
) -> Value {
    if document.authors.is_empty() && !author.is_empty() {
        document.authors.push(author.to_owned());
    }
    view(DocumentFields {
        path,
        html: Value::from_safe_string(std::mem::take(&mut document.html)),
        tags: list(std::mem::take(&mut document.tags)),
        toc: list(std::mem::take(&mut document.toc)),
        extra,
        document,
    })
}

/// A post beside another one.
pub fn neighbour(slug: &str, title: &str) -> Value {
    names([
        ("url", Value::from(post_url(slug))),
        ("title", Value::from(title)),
    ])
}

/// A moment: for machines, as a day, and as a number.
pub(super) fn moment(moment: Moment) -> Value {
    view(moment)
}

pub(super) fn post_url(slug: &str) -> String {
    route::encode(&["posts", slug])
}

#[derive(Debug)]
struct DocumentFields {
    /// Without what stands beside it here.
    document: Document,
    path: String,
    html: Value,
    tags: Value,
    toc: Value,
    extra: Value,
}

impl Fields for DocumentFields {
    const NAMES: &'static [&'static str] = &[
        "slug",
        "url",
        "title",
        "date",
        "updated",
        "tags",
        "description",
        "authors",
        "lang",
        "html",
        "toc",
        "words",
        "cjk",
        "reading_minutes",
        "extra",
        "source_url",
        "draft",
    ];

    fn field(&self, name: &str) -> Option<Value> {
        let document = &self.document;
        Some(match name {
            "slug" => Value::from(&document.slug),
            "url" => Value::from(&self.path),
            "title" => Value::from(&document.title),
            "date" => Value::from(document.date.map(moment)),
            "updated" => Value::from(document.updated.map(moment)),
            "tags" => self.tags.clone(),
            "description" => Value::from(document.description.as_deref()),
            "authors" => document.authors.iter().collect(),
            "lang" => Value::from(&document.lang),
            "html" => self.html.clone(),
            "toc" => self.toc.clone(),
            "words" => Value::from(document.words),
            "cjk" => Value::from(document.cjk),
            "reading_minutes" => Value::from(document.reading_minutes),
            "extra" => self.extra.clone(),
            "source_url" => {
                let is_post = self.path.starts_with("/posts/");
                Value::from(is_post.then(|| format!("{}.md", self.path)))
            }
            "draft" => Value::from(document.draft),
            _ => return None,
        })
    }
}

impl Fields for Moment {
    const NAMES: &'static [&'static str] = &["iso", "day", "unix"];

    fn field(&self, name: &str) -> Option<Value> {
        Some(match name {
            "iso" => Value::from(date::rfc3339(self)),
            "day" => Value::from(date::day(self)),
            "unix" => Value::from(self.unix),
            _ => return None,
        })
    }
}

impl Fields for Tag {
    const NAMES: &'static [&'static str] = &["name", "slug", "url"];

    fn field(&self, name: &str) -> Option<Value> {
        Some(match name {
            "name" => Value::from(&self.name),
            "slug" => Value::from(&self.slug),
            "url" => Value::from(route::encode(&["tags", &self.slug])),
            _ => return None,
        })
    }
}

impl Fields for Heading {
    const NAMES: &'static [&'static str] = &["level", "id", "text"];

    fn field(&self, name: &str) -> Option<Value> {
        Some(match name {
            "level" => Value::from(self.level),
            "id" => Value::from(&self.id),
            "text" => Value::from(&self.text),
            _ => return None,
        })
    }
}
