//! What lists and overviews are made of, as templates see it.

use super::document::{moment, post_url};
use super::view::{Fields, list, names, view};
use crate::date::Moment;
use crate::post::Card;
use crate::route;
use minijinja::value::Value;

/// A post in a list.
pub fn card(slug: String, mut card: Card) -> Value {
    view(CardFields {
        slug,
        excerpt: card.excerpt.take().map(Value::from_safe_string),
        tags: list(std::mem::take(&mut card.tags)),
        card,
    })
}

/// A post in a list of titles.
pub fn title(slug: &str, title: &str, lang: &str, date: Moment) -> Value {
    names([
        ("url", Value::from(post_url(slug))),
        ("title", Value::from(title)),
        ("lang", Value::from(lang)),
        ("date", moment(date)),
    ])
}

/// A tag and how many posts it has.
pub fn tag_count(name: &str, slug: &str, count: usize) -> Value {
    names([
        ("name", Value::from(name)),
        ("url", Value::from(route::encode(&["tags", slug]))),
        ("count", Value::from(count)),
    ])
}

/// A year and how many posts it has.
pub fn year_count(year: i16, count: usize) -> Value {
    let url = route::encode(&["archive".to_owned(), year.to_string()]);
    names([
        ("year", Value::from(year)),
        ("url", Value::from(url)),
        ("count", Value::from(count)),
    ])
}

/// Which page of a list it is.
#[derive(Debug)]
pub struct Pager {
    /// The path of the list.
    pub segments: Vec<String>,
    /// The number of the page, from 1.
    pub number: usize,
    pub pages: usize,
    /// How many entries all pages have.
    pub total: usize,
}

impl Pager {
    /// The path of a page of the list; the first has no number.
    pub fn path(&self, number: usize) -> String {
        let mut segments = self.segments.clone();
        if number > 1 {
            segments.extend(["page".to_owned(), number.to_string()]);
        }
        route::encode(&segments)
    }

    pub fn view(self) -> Value {
        view(self)
    }
}

impl Fields for Pager {
    const NAMES: &'static [&'static str] = &["number", "pages", "total", "newer_url", "older_url"];

    fn field(&self, name: &str) -> Option<Value> {
        let path = |is_there: bool, number| Value::from(is_there.then(|| self.path(number)));
        Some(match name {
            "number" => Value::from(self.number),
            "pages" => Value::from(self.pages),
            "total" => Value::from(self.total),
            "newer_url" => path(self.number > 1, self.number.saturating_sub(1)),
            "older_url" => path(self.number < self.pages, self.number + 1),
            _ => return None,
        })
    }
}

#[derive(Debug)]
struct CardFields {
    slug: String,
    /// Without what stands beside it here.
    card: Card,
    excerpt: Option<Value>,
    tags: Value,
}

impl Fields for CardFields {
    const NAMES: &'static [&'static str] = &[
        "url",
        "title",
        "date",
        "tags",
        "summary",
        "excerpt",
        "lang",
        "reading_minutes",
    ];

    fn field(&self, name: &str) -> Option<Value> {
        let card = &self.card;
        Some(match name {
            "url" => Value::from(post_url(&self.slug)),
            "title" => Value::from(&card.title),
            "date" => moment(card.date),
            "tags" => self.tags.clone(),
            "summary" => Value::from(&card.summary),
            "excerpt" => Value::from(self.excerpt.clone()),
            "lang" => Value::from(&card.lang),
            "reading_minutes" => Value::from(card.reading_minutes),
            _ => return None,
        })
    }
}
