//! Prose: what is read of a body, counted, and its beginning kept as plain text.

use crate::compile::words::{self, Count};

/// More of the beginning than any summary takes, in bytes.
const OPENING_BYTES: usize = 2000;

/// The text so far.
#[derive(Debug, Default)]
pub(super) struct Prose {
    pub(super) count: Count,
    pub(super) opening: String,
    place: Place,
    opening_is_over: bool,
    /// The last character, if it is set solid.
    solid_before: bool,
    /// Where a line break of the source is to be written, if it is a space.
    held_break: Option<(usize, bool)>,
}

/// Where text stands; only the body's own text makes a summary.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Place {
    /// Paragraphs, lists, quotes.
    #[default]
    Body,
    /// A heading or a footnote.
    Aside,
}

impl Prose {
    pub(super) fn add(&mut self, text: &str) {
        self.count.add(text);
        self.append(text);
        self.solid_before = text.ends_with(words::is_solid);
    }

    fn append(&mut self, text: &str) {
        if !self.opening_is_over && self.place == Place::Body {
            self.opening.push_str(text);
            self.opening_is_over = self.opening.len() > OPENING_BYTES;
        }
    }

    pub(super) fn enter(&mut self, place: Place) {
        self.place = place;
    }

    pub(super) fn end_opening(&mut self) {
        self.opening_is_over = true;
    }

    /// A block is over: what follows is another word.
    pub(super) fn end_block(&mut self) {
        self.count.end_word();
        self.append("\n");
        self.solid_before = false;
    }

    /// Something that is no text stands here.
    pub(super) fn break_solid(&mut self) {
        self.solid_before = false;
    }

    pub(super) fn hold_break(&mut self, at: usize) {
        self.held_break = Some((at, self.solid_before));
        self.count.end_word();
    }

    /// Where the held break is to be written; `None` if there is none or it is no space.
    pub(super) fn release_break(&mut self, solid_after: bool) -> Option<usize> {
        let (at, solid_before) = self.held_break.take()?;
        if solid_before && solid_after {
            return None;
        }
        self.append("\n");
        Some(at)
    }
}
