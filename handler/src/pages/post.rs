//! The page of one post, of one page outside the stream, and the ways that lead to them.

use super::{About, Blog, Failure, post_url, problem, tag_links};
use crate::document::{DocId, Document};
use crate::host::Host;
use crate::index::{IndexEntry, Neighbours};
use crate::key::Key;
use crate::post;
use crate::preview;
use crate::request::Request;
use crate::response::{Cache, Response};
use crate::route;
use crate::theme;
use minijinja::context;
use minijinja::value::{Serde, Value};

/// Whether a visitor may see a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    Yes,
    NotYet,
    NoMore,
}

/// A post.
pub(super) fn post(host: &impl Host, slug: &str, request: &Request) -> Result<Response, Failure> {
    let path = format!("/posts/{slug}");
    let (mut blog, [record, alias]) = Blog::open(
        host,
        [
            Key::Document(DocId::post(slug)).into(),
            Key::alias(&path).into(),
        ],
    )?;
    let Some(record) = record else {
        return elsewhere(&blog, alias);
    };
    let post = document(host, &blog, &DocId::post(slug), &record)?;
    // The page is made in the room that the record leaves.
    drop(record);
    match shown(&post, blog.now) {
        Shown::Yes => {}
        _ if preview::is_valid(host, request, slug) => {
            let path = post_url(slug);
            let page = show(&blog, "post", "post.html", &path, post, (None, None))?;
            return Ok(page.kept_from_others());
        }
        Shown::NotYet => return blog.not_found(),
        Shown::NoMore => return problem::page(&blog.site, 410, "gone"),
    }
    let date = post.date.as_ref().map_or(0, |date| date.unix);
    let beside_it = neighbours(host, &mut blog, date, slug).unwrap_or_else(|failure| {
        host.log(&format!(
            "posts/{slug} is shown without its neighbours: {failure}"
        ));
        Neighbours::default()
    });
    let beside = |entry: Option<IndexEntry<'static>>| {
        entry.map(|entry| context! { url => post_url(&entry.slug), title => entry.title.as_ref() })
    };
    let content = (beside(beside_it.older), beside(beside_it.newer));
    show(&blog, "post", "post.html", &post_url(slug), post, content)
}

/// The posts beside a post; the index goes before their leaves are read.
fn neighbours(
    host: &impl Host,
    blog: &mut Blog,
    date: i64,
    slug: &str,
) -> Result<Neighbours, Failure> {
    let around = blog.index()?.surroundings(date, slug, blog.now);
    blog.forget_index();
    Ok(around.neighbours(host)?)
}

/// A page outside the stream of posts.
pub(super) fn page(host: &impl Host, slug: &str) -> Result<Response, Failure> {
    let path = format!("/{slug}");
    let (blog, [record, alias]) = Blog::open(
        host,
        [
            Key::Document(DocId::page(slug)).into(),
            Key::alias(&path).into(),
        ],
    )?;
    let Some(record) = record else {
        return elsewhere(&blog, alias);
    };
    let page = document(host, &blog, &DocId::page(slug), &record)?;
    drop(record);
    match shown(&page, blog.now) {
        Shown::Yes => show(
            &blog,
            "page",
            "page.html",
            &route::encode(&[slug]),
            page,
            (None, None),
        ),
        Shown::NotYet => blog.not_found(),
        Shown::NoMore => problem::page(&blog.site, 410, "gone"),
    }
}

/// The Markdown of a post, as its author wrote it.
pub(super) fn source(host: &impl Host, slug: &str) -> Result<Response, Failure> {
    let id = DocId::post(slug);
    let (blog, [record]) = Blog::open(host, [Key::Document(id.clone()).into()])?;
    let Some(record) = record else {
        return blog.not_found();
    };
    let post = document(host, &blog, &id, &record)?;
    let Some(source) = post::read_source(host, &id)? else {
        return blog.not_found();
    };
    if shown(&post, blog.now) != Shown::Yes {
        return blog.not_found();
    }
    Ok(
        Response::new(200, "text/markdown; charset=utf-8", source.source)
            .with(
                "link",
                format!("<{}>; rel=\"canonical\"", blog.absolute(&post_url(slug))),
            )
            .cached(Cache::Revalidate)
            .tagged(),
    )
}

/// A path that names no page: perhaps one of long ago.
pub(super) fn unknown(host: &impl Host, path: &str) -> Result<Response, Failure> {
    let (blog, [alias]) = Blog::open(host, [Key::alias(path).into()])?;
    elsewhere(&blog, alias)
}

/// The compiled document of a record.
fn document(host: &impl Host, blog: &Blog, id: &DocId, record: &[u8]) -> Result<Document, Failure> {
    let options = blog.site.settings.compile_options();
    let fingerprint = options.fingerprint();
    Ok(post::load(host, id, record, fingerprint, || options)?)
}

fn elsewhere(blog: &Blog, alias: Option<Vec<u8>>) -> Result<Response, Failure> {
    match alias.and_then(|target| String::from_utf8(target).ok()) {
        Some(target) => Ok(Response::moved(target)),
        None => blog.not_found(),
    }
}

fn shown(document: &Document, now: i64) -> Shown {
    let scheduled = document.date.as_ref().is_some_and(|date| date.unix > now);
    if document.draft || scheduled {
        Shown::NotYet
    } else if document.expires.as_ref().is_some_and(|end| end.unix <= now) {
        Shown::NoMore
    } else {
        Shown::Yes
    }
}

fn show(
    blog: &Blog,
    kind: &'static str,
    template: &str,
    path: &str,
    document: Document,
    (older, newer): (Option<Value>, Option<Value>),
) -> Result<Response, Failure> {
    let summary = document.summary.clone();
    let template = document
        .template
        .clone()
        .unwrap_or_else(|| template.to_owned());
    let (title, description) = (document.title.clone(), document.description.clone());
    let about = About {
        status: 200,
        kind,
        title: &title,
        description: description.as_deref().unwrap_or(&summary),
        path,
        lang: &blog.site.settings.lang,
        room: document.html.len(),
    };
    blog.page(
        &template,
        &about,
        context! { post => of(blog, document, path), older, newer },
    )
}

/// The document as templates see it.
fn of(blog: &Blog, document: Document, path: &str) -> Value {
    let author = &blog.site.settings.author;
    let mut authors = document.authors;
    if authors.is_empty() && !author.is_empty() {
        authors.push(author.clone());
    }
    context! {
        slug => document.slug,
        url => path,
        title => document.title,
        date => document.date.as_ref().map(theme::moment),
        updated => document.updated.as_ref().map(theme::moment),
        tags => tag_links(&document.tags),
        description => document.description,
        authors,
        lang => document.lang,
        html => Value::from_safe_string(document.html),
        toc => Value::from(Serde(&document.toc)),
        words => document.words,
        cjk => document.cjk,
        reading_minutes => document.reading_minutes,
        extra => theme::json(&document.extra),
        source_url => path.starts_with("/posts/").then(|| format!("{path}.md")),
        draft => document.draft,
    }
}
