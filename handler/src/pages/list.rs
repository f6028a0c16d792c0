//! Lists of posts: the front page, a tag, a year.

use super::Blog;
use crate::date::Moment;
use crate::error::{PageError, ReadError};
use crate::host::Host;
use crate::index::Page;
use crate::key::Key;
use crate::post::{self, Card};
use crate::record;
use crate::request::Request;
use crate::response::Response;
use crate::store::Each;
use crate::theme::{self, Frame, Pager, names};
use crate::version::Version;
use minijinja::value::Value;

/// The titles of a year: a title takes one line, so a page shows more of them.
const TITLES_PER_PAGE: usize = 100;

/// About how long the content of a list is.
const ROOM: usize = 8 * 1024;

/// The posts, newest first.
pub(super) fn home(
    host: &impl Host,
    request: &Request,
    number: usize,
) -> Result<Response, PageError> {
    let (mut blog, []) = Blog::open(host, request, [])?;
    let settings = &blog.site.settings;
    let per_page = settings.posts_per_page;
    let (title, description) = (settings.title.clone(), settings.description.clone());
    let found = blog.index()?.page(host, number, per_page, blog.now)?;
    blog.forget_index();
    let found = match found {
        Some(page) => page,
        // A blog without posts still has a front page.
        None if number == 1 => Page {
            entries: Vec::new(),
            number,
            pages: 1,
            total: 0,
        },
        None => return blog.not_found(),
    };
    let slugs = found.entries.iter().map(|entry| entry.slug.to_string());
    let cards = Cards::read(host, slugs.collect())?;
    let pager = pager(&[], number, &found);
    let frame = Frame {
        status: 200,
        kind: if number == 1 { "home" } else { "list" },
        title,
        description,
        path: pager.path(number),
    };
    let version = version(&blog, &pager, &cards);
    blog.page(&version, "list.html", frame, ROOM, || {
        names([("posts", cards.view(host)), ("pager", pager.view())])
    })
}

/// The posts of a tag.
pub(super) fn tag(
    host: &impl Host,
    request: &Request,
    tag: &str,
    number: usize,
) -> Result<Response, PageError> {
    let (mut blog, []) = Blog::open(host, request, [])?;
    let settings = &blog.site.settings;
    let (lang, per_page) = (settings.lang.clone(), settings.posts_per_page);
    let table = blog.index()?.tag_table();
    blog.forget_index();
    let Some(found) = table.page(host, tag, number, per_page, blog.now)? else {
        return blog.not_found();
    };
    let slugs = found
        .posts
        .entries
        .iter()
        .map(|entry| entry.slug.to_string());
    let cards = Cards::read(host, slugs.collect())?;
    let pager = pager(&["tags", tag], number, &found.posts);
    let name = found.tag.name;
    let frame = Frame {
        status: 200,
        kind: "tag",
        description: theme::word(&lang, "tag_description").replace("{}", &name),
        title: name.clone(),
        path: pager.path(number),
    };
    let mut version = version(&blog, &pager, &cards);
    version.add_text(&name);
    blog.page(&version, "list.html", frame, ROOM, || {
        names([
            ("posts", cards.view(host)),
            ("heading", Value::from(name)),
            ("pager", pager.view()),
        ])
    })
}

/// The titles of a year.
pub(super) fn year(
    host: &impl Host,
    request: &Request,
    year: i16,
    number: usize,
) -> Result<Response, PageError> {
    let (mut blog, []) = Blog::open(host, request, [])?;
    let found = blog
        .index()?
        .year_page(host, year, number, TITLES_PER_PAGE, blog.now)?;
    blog.forget_index();
    let Some(found) = found else {
        return blog.not_found();
    };
    let year = year.to_string();
    let pager = pager(&["archive", &year], number, &found);
    let frame = Frame {
        status: 200,
        kind: "year",
        title: year.clone(),
        description: theme::word(&blog.site.settings.lang, "year_description").replace("{}", &year),
        path: pager.path(number),
    };
    let mut version = blog.version();
    add_pager(&mut version, &pager);
    for entry in &found.entries {
        version.add(entry.date.cast_unsigned());
        version.add(i64::from(entry.offset_seconds).cast_unsigned());
        for text in [&entry.slug, &entry.title, &entry.lang] {
            version.add_text(text);
        }
    }
    blog.page(&version, "archive.html", frame, ROOM, || {
        let posts = found.entries.iter().map(|entry| {
            let date = Moment {
                unix: entry.date,
                offset_seconds: entry.offset_seconds,
            };
            theme::title(&entry.slug, &entry.title, &entry.lang, date)
        });
        names([
            ("posts", posts.collect()),
            ("year", Value::from(year)),
            ("pager", pager.view()),
        ])
    })
}

fn pager<E>(segments: &[&str], number: usize, page: &Page<E>) -> Pager {
    Pager {
        segments: segments.iter().map(|&segment| segment.to_owned()).collect(),
        number,
        pages: page.pages,
        total: page.total,
    }
}

fn version(blog: &Blog<'_, impl Host>, pager: &Pager, cards: &Cards) -> Version {
    let mut version = blog.version();
    add_pager(&mut version, pager);
    for (slug, record) in &cards.0 {
        version.add_text(slug);
        let record = record.as_ref().ok().and_then(Option::as_deref);
        version.add(record.map_or(0, record::fingerprint));
    }
    version
}

fn add_pager(version: &mut Version, pager: &Pager) {
    for number in [pager.number, pager.pages, pager.total] {
        version.add(number as u64);
    }
}

/// The records of what a list shows, by the slugs of their posts.
struct Cards(Vec<(String, Each)>);

impl Cards {
    fn read(host: &impl Host, slugs: Vec<String>) -> Result<Self, ReadError> {
        let keys: Vec<String> = slugs.iter().map(|slug| key(slug)).collect();
        let records = if keys.is_empty() {
            Vec::new()
        } else {
            host.get_each(&keys)?
        };
        Ok(Self(slugs.into_iter().zip(records).collect()))
    }

    /// One that cannot be read is left out: it must not take the others with it.
    fn view(self, host: &impl Host) -> Value {
        let cards =
            self.0
                .into_iter()
                .filter_map(|(slug, record)| match decode(&key(&slug), record) {
                    Ok(card) => Some(theme::card(slug, card)),
                    Err(error) => {
                        host.log(&format!("{} is left out of a list: {error}", key(&slug)));
                        None
                    }
                });
        Value::from(cards.collect::<Vec<_>>())
    }
}

fn key(slug: &str) -> String {
    Key::Card(slug.to_owned()).to_string()
}

fn decode(key: &str, record: Each) -> Result<Card, ReadError> {
    let record = record?.ok_or_else(|| ReadError::damaged(key))?;
    record::decode(post::CARD_VERSION, key, &record)
}
