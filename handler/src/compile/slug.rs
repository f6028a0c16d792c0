//! Slugs: text as addresses write it, for documents, tags and headings.

use crate::unicode;

/// The most bytes of a slug; the store's keys hold 256 with their prefix.
pub(super) const MAX_BYTES: usize = 200;

/// Lower case, a `-` for each run of anything but letters, marks and digits, in the form NFC.
#[must_use]
pub fn slugify(text: &str) -> String {
    let mut slug = String::new();
    for c in unicode::compose(text).chars().flat_map(char::to_lowercase) {
        if is_word(c) {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    if slug.len() > MAX_BYTES {
        slug.truncate(slug.floor_char_boundary(MAX_BYTES));
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

/// The slug of a tag. Without the signs behind a word, C, C++ and C# would be one tag.
pub(super) fn of_tag(name: &str) -> String {
    let mut text = String::new();
    for c in name.chars() {
        let is_behind_word = text.ends_with(is_word);
        match c {
            '+' if is_behind_word => text.push_str(" plus"),
            '#' if is_behind_word => text.push_str(" sharp"),
            c => text.push(c),
        }
    }
    slugify(&text)
}

/// The id of a heading as GitHub makes it, so that links written for one are good for the other.
pub(super) fn of_heading(text: &str) -> String {
    unicode::compose(text.trim())
        .chars()
        .flat_map(char::to_lowercase)
        .filter_map(|c| match c {
            ' ' | '\n' => Some('-'),
            '-' => Some(c),
            c => is_word(c).then_some(c),
        })
        .collect()
}

/// Whether a slug may hold a character beside `-`. Marks belong to the letter before them:
/// without them Hindi and Thai are cut within words.
pub(super) fn is_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric() || unicode::is_mark(c)
}
