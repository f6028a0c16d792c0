//! Lists of posts: the front page, a tag, a year.

use super::{About, Blog, Failure, post_url, tag_links};
use crate::date::Moment;
use crate::error::ReadError;
use crate::host::Host;
use crate::key::Key;
use crate::post::{self, Card};
use crate::record;
use crate::response::Response;
use crate::route;
use crate::store::StoreError;
use crate::theme;
use minijinja::context;
use minijinja::value::Value;

/// The titles of a year: a title takes one line, so a page shows more of them.
const TITLES_PER_PAGE: usize = 100;

/// The posts, newest first.
pub(super) fn home(host: &impl Host, number: usize) -> Result<Response, Failure> {
    let (mut blog, []) = Blog::open(host, [])?;
    let per_page = blog.site.settings.posts_per_page;
    let found = blog.index()?.page(host, number, per_page, blog.now)?;
    blog.forget_index();
    let settings = &blog.site.settings;
    let (slugs, pages, total) = match &found {
        Some(page) => (
            page.entries
                .iter()
                .map(|entry| entry.slug.to_string())
                .collect(),
            page.pages,
            page.total,
        ),
        // A blog without posts still has a front page.
        None if number == 1 => (Vec::new(), 1, 0),
        None => return blog.not_found(),
    };
    let pager = pager(&[], number, pages, total);
    let path = page_path(&[], number);
    let about = About {
        status: 200,
        kind: if number == 1 { "home" } else { "list" },
        title: &settings.title,
        description: &settings.description,
        path: &path,
        lang: &settings.lang,
        room: 8 * 1024,
    };
    blog.page(
        "list.html",
        &about,
        context! { posts => cards(host, &slugs)?, pager },
    )
}

/// The posts of a tag.
pub(super) fn tag(host: &impl Host, tag: &str, number: usize) -> Result<Response, Failure> {
    let (mut blog, []) = Blog::open(host, [])?;
    let per_page = blog.site.settings.posts_per_page;
    let table = blog.index()?.tag_table();
    blog.forget_index();
    let Some(found) = table.page(host, tag, number, per_page, blog.now)? else {
        return blog.not_found();
    };
    let settings = &blog.site.settings;
    let segments = ["tags", tag];
    let path = page_path(&segments, number);
    let about = About {
        status: 200,
        kind: "tag",
        title: &found.tag.name,
        description: "",
        path: &path,
        lang: &settings.lang,
        room: 8 * 1024,
    };
    let slugs: Vec<String> = found
        .posts
        .entries
        .iter()
        .map(|entry| entry.slug.to_string())
        .collect();
    let content = context! {
        posts => cards(host, &slugs)?,
        heading => found.tag.name.as_str(),
        pager => pager(&segments, number, found.posts.pages, found.posts.total),
    };
    blog.page("list.html", &about, content)
}

/// The titles of a year.
pub(super) fn year(host: &impl Host, year: i16, number: usize) -> Result<Response, Failure> {
    let (mut blog, []) = Blog::open(host, [])?;
    let found = blog
        .index()?
        .year_page(host, year, number, TITLES_PER_PAGE, blog.now)?;
    let Some(found) = found else {
        return blog.not_found();
    };
    blog.forget_index();
    let year = year.to_string();
    let segments = ["archive", year.as_str()];
    let path = page_path(&segments, number);
    let about = About {
        status: 200,
        kind: "year",
        title: &year,
        description: "",
        path: &path,
        lang: &blog.site.settings.lang,
        room: 8 * 1024,
    };
    let posts: Value = found.entries.iter().map(|entry| context! {
        url => post_url(&entry.slug),
        title => entry.title.as_ref(),
        lang => entry.lang.as_ref(),
        date => theme::moment(&Moment { unix: entry.date, offset_seconds: entry.offset_seconds }),
    }).collect();
    let pager = pager(&segments, number, found.pages, found.total);
    blog.page(
        "archive.html",
        &about,
        context! { posts, year => year.as_str(), pager },
    )
}

/// What a list shows of each post. One that cannot be read is left out: it must not take the
/// others with it.
fn cards(host: &impl Host, slugs: &[String]) -> Result<Value, Failure> {
    let keys: Vec<String> = slugs
        .iter()
        .map(|slug| Key::Card(slug.clone()).into())
        .collect();
    let records = if keys.is_empty() {
        Vec::new()
    } else {
        host.get_each(&keys)?
    };
    let mut shown = Vec::with_capacity(slugs.len());
    for ((slug, key), record) in slugs.iter().zip(&keys).zip(records) {
        match card(key, record) {
            Ok(card) => shown.push(entry(slug, card)),
            Err(error) => host.log(&format!("{key} is left out of a list: {error}")),
        }
    }
    Ok(Value::from(shown))
}

fn card(key: &str, record: Result<Option<Vec<u8>>, StoreError>) -> Result<Card, Failure> {
    let record = record?.ok_or_else(|| ReadError::damaged(key))?;
    Ok(record::decode(post::CARD_VERSION, key, &record)?)
}

fn entry(slug: &str, card: Card) -> Value {
    context! {
        url => post_url(slug),
        title => card.title,
        date => theme::moment(&card.date),
        tags => tag_links(&card.tags),
        summary => card.summary,
        excerpt => card.excerpt.map(Value::from_safe_string),
        lang => card.lang,
        reading_minutes => card.reading_minutes,
    }
}

fn pager(segments: &[&str], number: usize, pages: usize, total: usize) -> Value {
    context! {
        number, pages, total,
        newer_url => (number > 1).then(|| page_path(segments, number - 1)),
        older_url => (number < pages).then(|| page_path(segments, number + 1)),
    }
}

/// The path of a page of a list; the first has no number.
fn page_path(segments: &[&str], number: usize) -> String {
    let mut segments: Vec<String> = segments.iter().map(|&segment| segment.to_owned()).collect();
    if number > 1 {
        segments.extend(["page".to_owned(), number.to_string()]);
    }
    route::encode(&segments)
}
