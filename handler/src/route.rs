//! Which page a path names. Every page has one canonical path; all others lead there by 301.
//!
//! The canonical form is decoded, without empty segments, in Unicode's normal form C, and in
//! lower case wherever the blog makes the names; aliases are stored in it.

use crate::compile::unicode;
use crate::request::percent;
use std::str::FromStr;

/// A page of the blog, as named by its path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    /// The posts, newest first; the first page is 1.
    Home { number: usize },
    /// One post.
    Post { slug: String },
    /// The Markdown of one post.
    Source { slug: String },
    /// A page outside the stream of posts.
    Page { slug: String },
    /// All tags.
    Tags,
    /// The posts of a tag.
    Tag { tag: String, number: usize },
    /// The years.
    Archive,
    /// The posts of a year.
    Year { year: i16, number: usize },
    /// The newest posts for a feed reader.
    Feed(Feed),
    /// The sitemap; or, above one file's worth, the list of its files.
    Sitemap,
    /// One file of the sitemap, from 1.
    SitemapFile { number: usize },
    /// What crawlers may read.
    Robots,
    /// The icon.
    Icon,
    /// An uploaded file.
    Media { name: String },
    /// A style sheet with the hash of its content in its name.
    Style { hash: String },
    /// A file of the theme.
    Asset { name: String },
    /// The publishing interface; the rest of the path after `/api/`.
    Api { path: String },
    /// No page of the blog has this path; it may still be an alias.
    Unknown { path: String },
}

/// The formats of the feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Feed {
    /// RFC 4287.
    Atom,
    /// RSS 2.0.
    Rss,
    /// JSON Feed 1.1.
    Json,
}

/// What a raw path leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolved {
    /// A page under its canonical path.
    Here(Route),
    /// The same page under another path: this one, percent-encoded.
    Elsewhere { path: String, route: Route },
    /// Not a path at all: broken escapes, NUL, `..`, or too long to be a key.
    Malformed,
}

/// The longest decoded path that can name anything: keys have at most 256 bytes.
const MAX_PATH_BYTES: usize = 1024;

/// The longest segment that can be part of a key.
const MAX_SEGMENT_BYTES: usize = 240;

/// Resolves a percent-encoded path.
pub fn resolve(raw: &str) -> Resolved {
    if let Some(path) = api_path(raw) {
        return path.map_or(Resolved::Malformed, |path| {
            Resolved::Here(Route::Api { path })
        });
    }
    // Most paths that are asked for are links of the blog itself.
    if is_plain(raw) {
        let segments: Vec<&str> = raw.split('/').skip(1).collect();
        if let Some(route) = shortcut(&segments).is_none().then(|| route(&segments)) {
            return Resolved::Here(route);
        }
    }
    let Some(segments) = canonical_segments(raw) else {
        return Resolved::Malformed;
    };
    let path = encode(&segments);
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let route = route(&segments);
    if path == raw {
        Resolved::Here(route)
    } else {
        Resolved::Elsewhere { path, route }
    }
}

/// The canonical form of a percent-encoded path, decoded.
pub fn canonical(raw: &str) -> Option<String> {
    Some(format!("/{}", canonical_segments(raw)?.join("/")))
}

/// Whether a raw path is one of the publishing interface. Only these very bytes are: a proxy that
/// keeps `/api/` from strangers need not know all the ways to write it.
pub fn is_api(raw: &str) -> bool {
    raw == "/api" || raw.starts_with("/api/")
}

/// The path behind `/api/`, decoded; `Some(None)` where that is malformed.
fn api_path(raw: &str) -> Option<Option<String>> {
    let decoded = || Some(decoded_segments(raw)?.get(1..)?.join("/"));
    is_api(raw).then(decoded)
}

/// Whether a path is canonical byte by byte: to know it costs no allocation.
fn is_plain(raw: &str) -> bool {
    raw.len() <= MAX_SEGMENT_BYTES
        && raw.starts_with('/')
        && !raw.ends_with('/')
        && !raw.contains("//")
        && !raw.contains("/.")
        && raw
            .bytes()
            .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'/' | b'_' | b'.' | b'-'))
}

/// The percent-encoded path of some segments.
pub fn encode<S: AsRef<str>>(segments: &[S]) -> String {
    let mut path = String::new();
    for segment in segments {
        path.push('/');
        percent::encode_into(&mut path, segment.as_ref());
    }
    if path.is_empty() {
        path.push('/');
    }
    path
}

/// The decoded segments in normal form C, empty ones (double and trailing slashes) left out.
fn decoded_segments(raw: &str) -> Option<Vec<String>> {
    if raw.len() > 3 * MAX_PATH_BYTES {
        return None;
    }
    let mut segments = Vec::new();
    for encoded in raw.split('/').filter(|segment| !segment.is_empty()) {
        let segment = normalised(percent::decode(encoded)?);
        // The interface tells in its own words which name is too long for what.
        if segment.len() > MAX_SEGMENT_BYTES && !is_api(raw) {
            return None;
        }
        if segment == "." || segment == ".." || segment.contains(['/', '\\']) {
            return None;
        }
        segments.push(segment);
    }
    let bytes: usize = segments.iter().map(|segment| segment.len() + 1).sum();
    (bytes <= MAX_PATH_BYTES).then_some(segments)
}

/// Some file systems take names apart: an accent is a character of its own there.
fn normalised(text: String) -> String {
    if text.is_ascii() {
        text
    } else {
        unicode::compose(&text)
    }
}

/// The segments of the canonical path.
fn canonical_segments(raw: &str) -> Option<Vec<String>> {
    let mut segments = decoded_segments(raw)?;
    // Uploaded files keep their author's case.
    if !matches!(
        segments.first().map(String::as_str),
        Some("media" | "theme")
    ) {
        for segment in &mut segments {
            *segment = normalised(segment.to_lowercase());
        }
    }
    let borrowed: Vec<&str> = segments.iter().map(String::as_str).collect();
    if let Some(kept) = shortcut(&borrowed) {
        segments.truncate(kept);
    }
    Some(segments)
}

/// How many of the segments name the same page; `None` where that takes all of them.
fn shortcut(segments: &[&str]) -> Option<usize> {
    match segments {
        ["index.html"] | ["page", "1"] => Some(0),
        ["archive" | "tags", _, "page", "1"] => Some(2),
        _ => None,
    }
}

fn route(segments: &[&str]) -> Route {
    known(segments).unwrap_or_else(|| Route::Unknown {
        path: format!("/{}", segments.join("/")),
    })
}

fn known(segments: &[&str]) -> Option<Route> {
    Some(match segments {
        [] => Route::Home { number: 1 },
        ["page", number] => Route::Home {
            number: page_number(number)?,
        },
        ["posts", name] => post(name),
        ["tags"] => Route::Tags,
        ["tags", tag] => Route::Tag {
            tag: (*tag).to_owned(),
            number: 1,
        },
        ["tags", tag, "page", number] => Route::Tag {
            tag: (*tag).to_owned(),
            number: page_number(number)?,
        },
        ["archive"] => Route::Archive,
        ["archive", year] => Route::Year {
            year: plain_number(year)?,
            number: 1,
        },
        ["archive", year, "page", number] => Route::Year {
            year: plain_number(year)?,
            number: page_number(number)?,
        },
        ["feed.xml"] => Route::Feed(Feed::Atom),
        ["rss.xml"] => Route::Feed(Feed::Rss),
        ["feed.json"] => Route::Feed(Feed::Json),
        ["sitemap.xml"] => Route::Sitemap,
        ["robots.txt"] => Route::Robots,
        ["favicon.svg" | "favicon.ico"] => Route::Icon,
        ["media", name @ ..] if !name.is_empty() => Route::Media {
            name: name.join("/"),
        },
        ["theme", name @ ..] if !name.is_empty() => Route::Asset {
            name: name.join("/"),
        },
        ["api", ..] => return None,
        [name] => named(name),
        _ => return None,
    })
}

fn post(name: &str) -> Route {
    match name.strip_suffix(".md") {
        Some(slug) => Route::Source {
            slug: slug.to_owned(),
        },
        None => Route::Post {
            slug: name.to_owned(),
        },
    }
}

/// The names at the top that are not fixed words.
fn named(name: &str) -> Route {
    let between = |prefix, suffix| {
        name.strip_prefix(prefix)
            .and_then(|rest: &str| rest.strip_suffix(suffix))
    };
    if let Some(hash) = between("style.", ".css") {
        return Route::Style {
            hash: hash.to_owned(),
        };
    }
    if let Some(number) = between("sitemap-", ".xml").and_then(page_number) {
        return Route::SitemapFile { number };
    }
    Route::Page {
        slug: name.to_owned(),
    }
}

/// A number as it must be written: no sign, no leading zero.
fn plain_number<N: FromStr + ToString>(text: &str) -> Option<N> {
    let number: N = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

fn page_number(text: &str) -> Option<usize> {
    plain_number(text).filter(|number| *number > 0)
}
