//! The files of the built-in theme, part of the component.

use xxhash_rust::const_xxh3::xxh3_64;

/// The style sheet.
pub const STYLE: &str = include_str!("../../theme/style.css");

/// The hash in the style sheet's name: a new style is a new address.
pub const STYLE_HASH: &str = match std::str::from_utf8(&HEX) {
    Ok(hex) => hex,
    Err(_) => panic!("hexadecimal digits are UTF-8"),
};

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

const HEX: [u8; 16] = hexadecimal(xxh3_64(STYLE.as_bytes()));

const fn hexadecimal(hash: u64) -> [u8; 16] {
    let mut digits = [0; 16];
    let mut at = 0;
    while at < 16 {
        digits[at] = b"0123456789abcdef"[(hash >> (60 - 4 * at)) as usize & 15];
        at += 1;
    }
    digits
}
