//! Former paths. Each leads to a document by a redirect, but only while that can be seen: the
//! address alone would tell what a post that is not due yet is about.

use super::Blog;
use super::document::Found;
use super::visibility::Visibility;
use crate::document::DocId;
use crate::error::PageError;
use crate::host::Host;
use crate::key::Key;
use crate::request::Request;
use crate::response::{Cache, Response};

/// A path that names no page: perhaps one of long ago.
pub(super) fn unknown(
    host: &impl Host,
    request: &Request,
    path: &str,
) -> Result<Response, PageError> {
    let (blog, [alias]) = Blog::open(host, request, [Key::alias(path)])?;
    follow(&blog, alias)
}

/// The answer to a path whose alias, if it is one, has this value.
pub(super) fn follow(
    blog: &Blog<'_, impl Host>,
    alias: Option<Vec<u8>>,
) -> Result<Response, PageError> {
    let target = alias.and_then(|target| String::from_utf8(target).ok());
    let Some(id) = target.as_deref().and_then(DocId::from_url) else {
        return blog.not_found();
    };
    let record = blog.host.get(&Key::Document(id.clone()).to_string())?;
    let Some(record) = record else {
        return blog.not_found();
    };
    let found = Found::read(blog, &id, &record)?;
    match Visibility::of(&found.document, blog.now) {
        Visibility::Visible => Ok(redirect(id.url())),
        Visibility::Unpublished => blog.not_found(),
        Visibility::Expired => blog.gone(),
    }
}

/// Browsers ask again each time: the document may be taken down, or the path be taken over.
fn redirect(location: String) -> Response {
    Response::new(301, "text/plain; charset=utf-8", b"moved\n".as_slice())
        .with("location", location)
        .cached(Cache::Revalidate)
}
