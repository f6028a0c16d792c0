//! Which page a path names. Every page has one canonical path; all others lead there by 301.

use crate::request::percent;

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
    Elsewhere(String),
    /// Not a path at all: broken escapes, NUL, `..`, or too long to be a key.
    Malformed,
}

/// The longest decoded path that can name anything: keys have at most 256 bytes.
const MAX_PATH_BYTES: usize = 1024;

/// The longest segment that can be part of a key.
const MAX_SEGMENT_BYTES: usize = 240;

/// Resolves a percent-encoded path.
pub fn resolve(raw: &str) -> Resolved {
    let Some(segments) = segments(raw) else {
        return Resolved::Malformed;
    };
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let canonical = canonical_segments(&segments);
    let path = encode(&canonical);
    if path != raw {
        return Resolved::Elsewhere(path);
    }
    let canonical: Vec<&str> = canonical.iter().map(String::as_str).collect();
    Resolved::Here(route(&canonical).unwrap_or_else(|| Route::Unknown {
        path: format!("/{}", canonical.join("/")),
    }))
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

/// The decoded segments, empty ones (double and trailing slashes) left out.
fn segments(raw: &str) -> Option<Vec<String>> {
    if raw.len() > 3 * MAX_PATH_BYTES {
        return None;
    }
    let mut segments = Vec::new();
    for encoded in raw.split('/').filter(|segment| !segment.is_empty()) {
        let segment = percent::decode(encoded)?;
        // The interface tells in its own words which name is too long for what.
        let told = segments.first().is_some_and(|first| first == "api");
        if segment.len() > MAX_SEGMENT_BYTES && !told {
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

/// Lower case wherever the blog makes the names; uploaded files keep their author's case.
fn canonical_segments(segments: &[&str]) -> Vec<String> {
    match segments {
        ["media" | "theme" | "api", ..] => segments.iter().map(|&s| s.to_owned()).collect(),
        ["index.html"] | ["page", "1"] => Vec::new(),
        ["archive", year, "page", "1"] => vec!["archive".to_owned(), (*year).to_owned()],
        ["tags", tag, "page", "1"] => vec!["tags".to_owned(), tag.to_lowercase()],
        _ => segments.iter().map(|s| s.to_lowercase()).collect(),
    }
}

fn route(segments: &[&str]) -> Option<Route> {
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
            year: year.parse().ok()?,
            number: 1,
        },
        ["archive", year, "page", number] => Route::Year {
            year: year.parse().ok()?,
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
        ["api", path @ ..] => Route::Api {
            path: path.join("/"),
        },
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

/// A page number as it must be written: no sign, no leading zero.
fn page_number(text: &str) -> Option<usize> {
    let number: usize = text.parse().ok()?;
    (number > 0 && number.to_string() == text).then_some(number)
}
