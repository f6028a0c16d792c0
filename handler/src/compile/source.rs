//! The source of a document: its bytes as text, its lines, and which characters it may hold.

use std::borrow::Cow;

use crate::document::Kind;
use crate::problem::Problem;

/// A document as its author wrote it.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    pub kind: Kind,
    /// The file's name without its ending, or the slug; a post may carry its date in front.
    pub name: &'a str,
    /// Front matter and Markdown, in UTF-8.
    pub text: &'a [u8],
}

impl<'a> Source<'a> {
    /// The text without a byte order mark, or the line of its first bad byte.
    pub(super) fn decode(&self) -> Result<&'a str, Problem> {
        let text = str::from_utf8(self.text).map_err(|error| {
            let good = &self.text[..error.valid_up_to()];
            let line = 1 + good.iter().filter(|&&byte| byte == b'\n').count();
            Problem::new(
                line,
                "the text is not UTF-8; save the file with the encoding UTF-8",
            )
        })?;
        Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
    }
}

/// Where the lines of a part of the source end: an offset becomes the number an editor shows.
pub(super) struct Lines {
    newlines: Vec<u32>,
    before: usize,
}

impl Lines {
    /// The lines of a part of the source that `before` lines lie before.
    pub(super) fn of(text: &str, before: usize) -> Self {
        let newlines = text
            .match_indices('\n')
            .map(|(at, _)| u32::try_from(at).unwrap_or(u32::MAX));
        Self {
            newlines: newlines.collect(),
            before,
        }
    }

    /// The line of a byte of the text, counted from 1 at the beginning of the source.
    pub(super) fn line_at(&self, offset: usize) -> usize {
        self.newlines
            .partition_point(|&newline| (newline as usize) < offset)
            + self.before
            + 1
    }
}

/// Whether XML 1.0 can hold a character. Feeds are XML, and one post with another character
/// would make the feed of the whole blog unreadable.
pub(super) fn is_xml(c: char) -> bool {
    !matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}' | '\u{fffe}' | '\u{ffff}')
}

/// The text without the characters that XML cannot hold.
pub(super) fn clean(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_xml) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.chars().filter(|c| is_xml(*c)).collect())
    }
}

/// Whether nothing of a text can be seen: it is blank, or of zero width.
pub(super) fn is_invisible(text: &str) -> bool {
    text.chars().all(|c| {
        c.is_whitespace()
            || c.is_control()
            || matches!(
                c,
                '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'
            )
    })
}
