//! Lines of the source: from an offset in a part of it to the number an editor shows.

/// Where the lines of a text end.
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
