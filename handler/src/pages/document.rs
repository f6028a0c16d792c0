//! The page of one post, of one page outside the stream, and the source of a post.

use super::visibility::Visibility;
use super::{Blog, Template, alias};
use crate::document::{DocId, Document};
use crate::error::{PageError, ReadError};
use crate::host::Host;
use crate::index::{IndexEntry, Neighbours};
use crate::key::Key;
use crate::post::{self, PageRecord};
use crate::preview;
use crate::request::Request;
use crate::response::{Cache, Response};
use crate::theme::{self, Frame, names};
use minijinja::value::Value;

/// A document, read from its record.
pub(super) struct Found {
    pub(super) document: Document,
    /// Differs where the record differs.
    fingerprint: u64,
}

impl Found {
    pub(super) fn read(
        blog: &Blog<'_, impl Host>,
        id: &DocId,
        record: &[u8],
    ) -> Result<Self, ReadError> {
        let site = &blog.site;
        let fingerprint = site.compile_fingerprint;
        let options = || site.compile_options();
        Ok(Self {
            document: post::load(blog.host, id, record, fingerprint, options)?,
            fingerprint: PageRecord::fingerprint_of(record),
        })
    }
}

/// A post.
pub(super) fn post(host: &impl Host, request: &Request, slug: &str) -> Result<Response, PageError> {
    let id = DocId::post(slug);
    let path = format!("/posts/{slug}");
    let keys = [Key::Document(id.clone()), Key::alias(&path)];
    let (mut blog, [record, alias]) = Blog::open(host, request, keys)?;
    let Some(record) = record else {
        return alias::follow(&blog, alias);
    };
    let found = Found::read(&blog, &id, &record)?;
    // The page is made in the room that the record leaves.
    drop(record);
    let beside = match Visibility::of(&found.document, blog.now) {
        Visibility::Visible => neighbours(&mut blog, &found.document, slug),
        _ if preview::is_valid(host, request, slug) => {
            let page = show(&blog, "post", &id, found, Neighbours::default())?;
            return Ok(page.private());
        }
        Visibility::Unpublished => return blog.not_found(),
        Visibility::Expired => return blog.gone(),
    };
    show(&blog, "post", &id, found, beside)
}

/// The posts beside a post; none where the index cannot tell.
fn neighbours(blog: &mut Blog<'_, impl Host>, post: &Document, slug: &str) -> Neighbours {
    let date = post.date.map_or(0, |date| date.unix);
    let around = blog
        .index()
        .map(|index| index.surroundings(date, slug, blog.now));
    // It goes before the leaves are read.
    blog.forget_index();
    let found = around.and_then(|around| around.neighbours(blog.host));
    found.unwrap_or_else(|error| {
        let message = format!("posts/{slug} is shown without its neighbours: {error}");
        blog.host.log(&message);
        Neighbours::default()
    })
}

/// A page outside the stream of posts.
pub(super) fn page(host: &impl Host, request: &Request, slug: &str) -> Result<Response, PageError> {
    let id = DocId::page(slug);
    let path = format!("/{slug}");
    let keys = [Key::Document(id.clone()), Key::alias(&path)];
    let (mut blog, [record, alias]) = Blog::open(host, request, keys)?;
    let Some(record) = record else {
        return alias::follow(&blog, alias);
    };
    blog.forget_index();
    let found = Found::read(&blog, &id, &record)?;
    drop(record);
    match Visibility::of(&found.document, blog.now) {
        Visibility::Visible => show(&blog, "page", &id, found, Neighbours::default()),
        Visibility::Unpublished => blog.not_found(),
        Visibility::Expired => blog.gone(),
    }
}

/// The Markdown of a post, as its author wrote it.
pub(super) fn source(
    host: &impl Host,
    request: &Request,
    slug: &str,
) -> Result<Response, PageError> {
    let id = DocId::post(slug);
    let (blog, [record]) = Blog::open(host, request, [Key::Document(id.clone())])?;
    let Some(record) = record else {
        return blog.not_found();
    };
    let found = Found::read(&blog, &id, &record)?;
    if Visibility::of(&found.document, blog.now) != Visibility::Visible {
        return blog.not_found();
    }
    let Some(source) = post::read_source(host, &id)? else {
        return blog.not_found();
    };
    let canonical = format!("<{}>; rel=\"canonical\"", blog.absolute(&id.url()));
    Ok(
        Response::new(200, "text/markdown; charset=utf-8", source.source)
            .with("link", canonical)
            .cached(Cache::Revalidate)
            .with_etag(),
    )
}

fn show(
    blog: &Blog<'_, impl Host>,
    kind: &'static str,
    id: &DocId,
    found: Found,
    Neighbours { older, newer }: Neighbours,
) -> Result<Response, PageError> {
    let Found {
        mut document,
        fingerprint,
    } = found;
    let mut version = blog.version();
    version.add(fingerprint);
    for beside in [&older, &newer] {
        let (slug, title) = beside
            .as_ref()
            .map_or(("", ""), |beside| (&beside.slug, &beside.title));
        version.add_text(slug);
        version.add_text(title);
    }
    let path = id.url();
    let own = document.template.take();
    let frame = Frame {
        status: 200,
        kind,
        title: document.title.clone(),
        description: document
            .description
            .as_ref()
            .unwrap_or(&document.summary)
            .clone(),
        path: path.clone(),
    };
    let template = Template {
        own: own.as_deref(),
        usual: if kind == "post" {
            "post.html"
        } else {
            "page.html"
        },
    };
    let room = document.html.len();
    let neighbour = |beside: Option<IndexEntry<'static>>| {
        Value::from(beside.map(|beside| theme::neighbour(&beside.slug, &beside.title)))
    };
    blog.page(&version, template, frame, room, || {
        let author = &blog.site.settings.author;
        names([
            ("post", theme::document(document, path, author)),
            ("older", neighbour(older)),
            ("newer", neighbour(newer)),
        ])
    })
}
