//! The pages that visitors see: one function for each kind of [`Route`].

mod feed;
mod file;
mod list;
mod overview;
mod post;
mod problem;
mod sitemap;

use crate::date;
use crate::error::ReadError;
use crate::host::Host;
use crate::index::Index;
use crate::key::Key;
use crate::request::{Method, Request};
use crate::response::{Cache, Response};
use crate::route::{self, Route};
use crate::site::Site;
use crate::store::StoreError;
use crate::theme::{Frame, Theme};
use minijinja::context;
use minijinja::value::Value;
use std::fmt;

/// The answer to a visitor.
pub fn respond(host: &impl Host, request: &Request, route: &Route) -> Response {
    match request.method {
        Method::Get | Method::Head => {}
        Method::Options => {
            return Response::new(204, "text/plain", Vec::new()).with("allow", ALLOW);
        }
        _ => return Response::method_not_allowed(ALLOW),
    }
    let answer = match route {
        Route::Home { number } => list::home(host, *number),
        Route::Post { slug } => post::post(host, slug, request),
        Route::Source { slug } => post::source(host, slug),
        Route::Page { slug } => post::page(host, slug),
        Route::Tags => overview::tags(host),
        Route::Tag { tag, number } => list::tag(host, tag, *number),
        Route::Archive => overview::archive(host),
        Route::Year { year, number } => list::year(host, *year, *number),
        Route::Feed(format) => feed::feed(host, *format),
        Route::Sitemap => sitemap::sitemap(host),
        Route::SitemapFile { number } => sitemap::file(host, *number),
        Route::Robots => file::robots(host),
        Route::Icon => file::favicon(host),
        Route::Media { name } => file::media(host, name, request),
        Route::Style { hash } => file::style(host, hash),
        Route::Asset { name } => file::asset(host, name),
        Route::Unknown { path } => post::unknown(host, path),
        Route::Api { .. } => return Response::method_not_allowed("another address"),
    };
    answer
        .unwrap_or_else(|failure| problem::failed(host, &failure))
        .conditional(request)
}

const ALLOW: &str = "GET, HEAD, OPTIONS";

/// Why a page could not be made. The text is for the log; visitors see a page that tells nothing.
#[derive(Debug)]
pub enum Failure {
    /// The store did not answer: another try may do.
    Store(StoreError),
    /// Something cannot be read.
    Record(ReadError),
    /// A template of the author's fails on this page.
    Template(minijinja::Error),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store(error) => error.fmt(f),
            Self::Record(error) => error.fmt(f),
            Self::Template(error) => {
                let name = error.name().unwrap_or("a template");
                write!(f, "theme/{name}:{}: {error}", error.line().unwrap_or(1))
            }
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<ReadError> for Failure {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Store(error) => Self::Store(error),
            error => Self::Record(error),
        }
    }
}

impl From<minijinja::Error> for Failure {
    fn from(error: minijinja::Error) -> Self {
        Self::Template(error)
    }
}

/// The values of some keys, where they are set.
type Found<const N: usize> = [Option<Vec<u8>>; N];

/// The blog as one request finds it: all that lies behind the first round trip to the store.
struct Blog {
    site: Site,
    /// An index that cannot be read leaves the posts readable.
    index: Result<Index, ReadError>,
    /// When the index was written.
    written: i64,
    now: i64,
}

impl Blog {
    /// Reads the site, the head of the index, and `more` keys, in one round trip.
    fn open<const N: usize>(
        host: &impl Host,
        more: [String; N],
    ) -> Result<(Self, Found<N>), Failure> {
        let mut keys: Vec<String> = vec![Key::Site.into(), Key::Head.into()];
        keys.extend(more);
        let mut values = host.get_many(&keys)?;
        values.resize(keys.len(), None);
        // Each value goes as soon as it is read: `head` grows with the blog.
        let site = Site::decode(values[0].take().as_deref())?;
        let index = Index::open(values[1].take().as_deref());
        let more = std::array::from_fn(|n| values[n + 2].take());
        Ok((
            Self {
                site,
                written: index.as_ref().map_or(0, Index::written),
                index,
                now: host.now(),
            },
            more,
        ))
    }

    fn index(&self) -> Result<&Index, Failure> {
        self.index.as_ref().map_err(|error| error.clone().into())
    }

    /// Lets the index go: the page is made in the room that it leaves, so that pages of large
    /// blogs need no more than those of small ones.
    fn forget_index(&mut self) {
        self.index = Ok(Index::default());
    }

    /// Puts what a template is about into the theme.
    fn page(&self, template: &str, about: &About<'_>, content: Value) -> Result<Response, Failure> {
        let html = render(&self.site, template, about, content)?;
        let response = Response::html(about.status, html)
            .cached(Cache::Revalidate)
            .tagged();
        Ok(match about.status {
            200 => response.with(
                "last-modified",
                date::http(self.written.max(self.site.written)),
            ),
            _ => response,
        })
    }

    fn not_found(&self) -> Result<Response, Failure> {
        problem::page(&self.site, 404, "not_found")
    }

    /// An absolute address on this site.
    fn absolute(&self, path: &str) -> String {
        format!("{}{path}", self.site.settings.url)
    }
}

/// What the frame around a page's content has to know of it.
struct About<'a> {
    status: u16,
    kind: &'static str,
    title: &'a str,
    description: &'a str,
    /// The canonical path; empty for a page that has none.
    path: &'a str,
    lang: &'a str,
    /// About how many bytes its content has.
    room: usize,
}

fn render(
    site: &Site,
    template: &str,
    about: &About<'_>,
    content: Value,
) -> Result<Vec<u8>, Failure> {
    let menu = site.settings.menu.iter().map(|item| {
        context! { label => item.label.as_str(), url => item.url.as_str(), current => item.url == about.path }
    });
    let canonical =
        (!about.path.is_empty()).then(|| format!("{}{}", site.settings.url, about.path));
    let frame = Frame {
        page: context! {
            kind => about.kind,
            title => about.title,
            description => about.description,
            canonical => canonical,
            lang => about.lang,
            robots => (about.status != 200).then_some("noindex"),
        },
        menu: menu.collect(),
    };
    let room = about.room + FRAME_BYTES;
    Ok(Theme::new(site).render(template, frame, content, room)?)
}

/// About what the frame around a page's content takes.
const FRAME_BYTES: usize = 4096;

/// The links of a post's tags.
fn tag_links(tags: &[crate::document::Tag]) -> Value {
    tags.iter()
        .map(|tag| context! { name => tag.name.as_str(), slug => tag.slug.as_str(), url => route::encode(&["tags", tag.slug.as_str()]) })
        .collect()
}

/// The answer to a path that is none.
pub fn malformed(host: &impl Host) -> Response {
    problem::page(&Site::default(), 400, "not_found")
        .unwrap_or_else(|failure| problem::failed(host, &failure))
}

fn post_url(slug: &str) -> String {
    route::encode(&["posts", slug])
}
