//! Pages of every kind with made-up content, on which a theme is tried before a visitor sees it.

use super::list::Pager;
use super::view::names;
use super::{FeedEntry, Frame, document, feed, list};
use crate::date::Moment;
use crate::document::{Document, Heading, Tag};
use crate::feed_item::FeedItem;
use crate::post::Card;
use minijinja::value::{Enumerator, Object, ObjectRepr, Value};
use std::fmt;
use std::sync::Arc;

const DATE: Moment = Moment {
    unix: 1_764_000_000,
    offset_seconds: 3600,
};

/// A page of a kind: its template, and what it is told.
pub(super) struct Sample {
    pub(super) template: &'static str,
    pub(super) frame: Frame,
    pub(super) content: Value,
}

/// A page of every kind, full and as bare as it can be.
pub(super) fn pages() -> Vec<Sample> {
    let mut pages = vec![
        sample("list.html", "home", list_of(Vec::new(), "")),
        sample("list.html", "home", list_of(vec![post_card()], "")),
        sample("list.html", "list", list_of(vec![post_card()], "")),
        sample("list.html", "tag", list_of(vec![post_card()], "Tag")),
        sample(
            "archive.html",
            "archive",
            names([("years", Value::from_iter([Value::UNDEFINED; 0]))]),
        ),
        sample(
            "archive.html",
            "archive",
            names([("years", [list::year_count(2026, 2)].into_iter().collect())]),
        ),
        sample("archive.html", "year", year()),
        sample(
            "tags.html",
            "tags",
            names([("tags", Value::from_iter([Value::UNDEFINED; 0]))]),
        ),
        sample(
            "tags.html",
            "tags",
            names([(
                "tags",
                [list::tag_count("Tag", "tag", 2)].into_iter().collect(),
            )]),
        ),
        sample(
            "sitemap-index.xml",
            "",
            names([("files", [1, 2].into_iter().collect())]),
        ),
        Sample {
            frame: Frame {
                status: 404,
                ..frame("error")
            },
            ..sample("error.html", "error", error())
        },
    ];
    for template in ["atom.xml", "rss.xml"] {
        pages.push(sample(template, "", feed(Vec::new(), &DATE)));
        let entries = vec![entry(Some("<p>text</p>")), entry(None)];
        pages.push(sample(template, "", feed(entries, &DATE)));
    }
    pages
}

/// Documents, full and bare, each with its free data and with any that a template asks for: only
/// some posts may have what a template wants, and the others never use it.
pub(super) fn documents(kind: &'static str) -> Vec<[Sample; 2]> {
    let (template, path) = match kind {
        "post" => ("post.html", "/posts/sample"),
        _ => ("page.html", "/sample"),
    };
    let with = |document: Document, extra| {
        let is_between = kind == "post" && document.updated.is_some();
        let beside = Value::from(is_between.then(|| document::neighbour("beside", "Beside")));
        let post = document::with_extra(document, path.to_owned(), "", extra);
        let content = names([("post", post), ("older", beside.clone()), ("newer", beside)]);
        sample(template, kind, content)
    };
    let pair = |document: Document| {
        let extra = Value::from_iter([("", ""); 0]);
        [
            with(document.clone(), extra),
            with(document, Value::from_object(Anything)),
        ]
    };
    let bare = Document {
        // Only drafts of posts have no date.
        date: (kind == "post").then_some(DATE),
        ..bare()
    };
    vec![pair(full()), pair(bare)]
}

fn sample(template: &'static str, kind: &'static str, content: Value) -> Sample {
    Sample {
        template,
        frame: frame(kind),
        content,
    }
}

fn frame(kind: &'static str) -> Frame {
    Frame {
        status: 200,
        kind,
        title: "Sample".to_owned(),
        description: "A sample".to_owned(),
        path: "/sample".to_owned(),
    }
}

fn list_of(posts: Vec<Value>, heading: &'static str) -> Value {
    let pager = Pager {
        segments: Vec::new(),
        number: 2,
        pages: 3,
        total: 21,
    };
    let heading = Some(heading).filter(|heading| !heading.is_empty());
    names([
        ("posts", posts.into()),
        ("pager", pager.view()),
        ("heading", heading.map_or(Value::UNDEFINED, Value::from)),
    ])
}

fn year() -> Value {
    let title = list::title("sample", "Sample", "en", DATE);
    names([
        ("posts", [title].into_iter().collect()),
        ("year", Value::from("2026")),
    ])
}

fn error() -> Value {
    names([
        ("status", Value::from(404)),
        ("heading", Value::from("Sample")),
        ("message", Value::from("A sample")),
    ])
}

fn post_card() -> Value {
    let card = Card {
        title: "Sample".to_owned(),
        date: DATE,
        tags: tags(),
        summary: "A sample".to_owned(),
        excerpt: None,
        lang: "en".to_owned(),
        reading_minutes: 1,
    };
    list::card("sample".to_owned(), card)
}

fn tags() -> Vec<Tag> {
    vec![Tag {
        name: "Tag".to_owned(),
        slug: "tag".to_owned(),
    }]
}

fn entry(html: Option<&str>) -> FeedEntry {
    FeedEntry {
        item: FeedItem {
            id: "https://blog.example/posts/sample".to_owned(),
            title: "Sample".to_owned(),
            date: DATE,
            updated: html.map(|_| DATE),
            lang: "en".to_owned(),
            authors: html.map(|_| "Author".to_owned()).into_iter().collect(),
            tags: tags(),
            summary: html.map_or_else(String::new, |_| "A sample".to_owned()),
            html: String::new(),
        },
        link: "https://blog.example/posts/sample".to_owned(),
        html: html.map(str::to_owned),
    }
}

fn bare() -> Document {
    Document {
        slug: "sample".to_owned(),
        title: "Sample".to_owned(),
        date: None,
        updated: None,
        expires: None,
        draft: false,
        tags: Vec::new(),
        description: None,
        aliases: Vec::new(),
        lang: "en".to_owned(),
        authors: Vec::new(),
        template: None,
        extra: "{}".to_owned(),
        html: String::new(),
        toc: Vec::new(),
        excerpt: None,
        summary: String::new(),
        words: 0,
        cjk: 0,
        reading_minutes: 0,
    }
}

fn full() -> Document {
    let heading = |level, id: &str| Heading {
        level,
        id: id.to_owned(),
        text: "Heading".to_owned(),
    };
    Document {
        date: Some(DATE),
        updated: Some(DATE),
        tags: tags(),
        description: Some("A sample".to_owned()),
        authors: vec!["Author".to_owned(), "Another".to_owned()],
        html: "<h2 id=\"a\">Heading</h2>\n<p>text</p>\n".to_owned(),
        toc: vec![heading(2, "a"), heading(3, "b"), heading(2, "c")],
        words: 1,
        reading_minutes: 1,
        ..bare()
    }
}

/// Has every field, each of which has every field, and so on.
struct Anything;

impl fmt::Debug for Anything {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("1")
    }
}

impl Object for Anything {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Map
    }

    fn get_value(self: &Arc<Self>, _: &Value) -> Option<Value> {
        Some(Value::from_dyn_object(self.clone()))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Str(&["any"])
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("1")
    }
}
