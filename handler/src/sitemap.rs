//! A file of the sitemap, written while its posts are read: neither the posts nor the text
//! are ever all in memory (sitemaps.org).

use crate::date::{self, Moment};
use crate::error::ReadError;
use crate::html;
use crate::index::{IndexEntry, SitemapFile};
use crate::response::Sink;
use crate::route;
use crate::store::{Store, StoreError};
use crate::version::Version;
use std::ops::ControlFlow;

/// What a file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Urls {
    /// Scheme and host, escaped.
    site: String,
    /// The text so far.
    text: String,
    posts: SitemapFile,
}

/// How much text is sent at once, in bytes.
const PIECE_BYTES: usize = 8 * 1024;
/// What most lines have at most, in bytes.
const MAX_LINE_BYTES: usize = 512;

impl Urls {
    /// A file of these posts on the site of this address.
    pub fn new(site: &str, posts: SitemapFile) -> Self {
        // Text that grows is there twice for a moment, beside the posts.
        let mut text = String::with_capacity(PIECE_BYTES + MAX_LINE_BYTES);
        text.push_str("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
        text.push_str("<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
        let mut escaped = String::new();
        html::text(&mut escaped, site);
        Self {
            site: escaped,
            text,
            posts,
        }
    }

    /// Adds a path before those of the posts.
    pub fn add(&mut self, path: &str) {
        line(&mut self.text, &self.site, path, None);
    }

    /// Adds what the file depends on, which costs no reading.
    pub fn add_to(&self, version: &mut Version) {
        version.add_text(&self.site);
        version.add_text(&self.text);
        version.add_text(&format!("{:032x}", self.posts.hash()));
    }

    /// Gives the text piece by piece, as long as someone waits for it.
    pub fn send(self, store: &impl Store, sink: Sink<'_>) -> Result<(), StoreError> {
        let Self {
            site,
            mut text,
            posts,
        } = self;
        let read = posts.each(store, |post: &IndexEntry<'_>| {
            let changed = Moment {
                unix: post.updated.unwrap_or(post.date),
                offset_seconds: 0,
            };
            let path = route::encode(&["posts", &post.slug]);
            line(&mut text, &site, &path, Some(&date::rfc3339(&changed)));
            if text.len() < PIECE_BYTES {
                return ControlFlow::Continue(());
            }
            let flow = sink(text.as_bytes());
            text.clear();
            flow
        });
        let flow = read.map_err(|error| match error {
            ReadError::Store(error) => error,
            error => StoreError(error.to_string()),
        })?;
        if flow.is_continue() {
            text.push_str("</urlset>\n");
            // Nothing more is to come, whether it breaks off or not.
            let _: ControlFlow<()> = sink(text.as_bytes());
        }
        Ok(())
    }
}

fn line(text: &mut String, site: &str, path: &str, changed: Option<&str>) {
    text.extend(["<url><loc>", site]);
    html::text(text, path);
    text.push_str("</loc>");
    if let Some(changed) = changed {
        text.extend(["<lastmod>", changed, "</lastmod>"]);
    }
    text.push_str("</url>\n");
}
