//! The files of the built-in theme, part of the component.

use xxhash_rust::const_xxh3::xxh3_128;

/// The style sheet.
pub const STYLE: &str = include_str!("../../theme/style.css");

/// The hash in the style sheet's name: a new style is a new address.
pub const STYLE_HASH: u128 = xxh3_128(STYLE.as_bytes());

/// The icon.
pub const FAVICON: &str = include_str!("../../theme/favicon.svg");

/// The source of a built-in template.
pub(super) fn template(name: &str) -> Option<&'static str> {
    Some(match name {
        "archive.html" => include_str!("../../theme/archive.html"),
        "atom.xml" => include_str!("../../theme/atom.xml"),
        "base.html" => include_str!("../../theme/base.html"),
        "error.html" => include_str!("../../theme/error.html"),
        "list.html" => include_str!("../../theme/list.html"),
        "page.html" => include_str!("../../theme/page.html"),
        "post.html" => include_str!("../../theme/post.html"),
        "rss.xml" => include_str!("../../theme/rss.xml"),
        "sitemap-index.xml" => include_str!("../../theme/sitemap-index.xml"),
        "tags.html" => include_str!("../../theme/tags.html"),
        _ => return None,
    })
}
