//! Counts of prose: words, Chinese and Japanese characters, and the minutes they take to read.

use super::cjk;

/// English non-fiction, read silently: M. Brysbaert, "How many words do we read per minute?",
/// Journal of Memory and Language 109 (2019).
const WORDS_PER_MINUTE: u32 = 238;

/// Chinese: the same study's 260 words, at about one and a half characters a word.
const CJK_PER_MINUTE: u32 = 390;

/// What was counted so far; text may come in pieces that end inside a word.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Count {
    /// Runs of other characters with at least one letter or digit.
    pub(super) words: u32,
    /// Chinese and Japanese characters.
    pub(super) cjk: u32,
    inside_word: bool,
}

impl Count {
    /// Counts a piece of text that goes on where the last one ended.
    pub(super) fn add(&mut self, text: &str) {
        for c in text.chars() {
            if cjk::is_letter(c) {
                self.cjk += 1;
                self.inside_word = false;
            } else if c.is_alphanumeric() {
                self.words += u32::from(!self.inside_word);
                self.inside_word = true;
            } else if c.is_whitespace() || cjk::is_solid(c) {
                self.inside_word = false;
            }
        }
    }

    /// Ends a word: a block or a line is over.
    pub(super) fn end_word(&mut self) {
        self.inside_word = false;
    }

    /// Whole minutes, rounded up.
    pub(super) fn reading_minutes(self) -> u32 {
        let words = u64::from(self.words) * u64::from(CJK_PER_MINUTE);
        let cjk = u64::from(self.cjk) * u64::from(WORDS_PER_MINUTE);
        let per_minute = u64::from(WORDS_PER_MINUTE * CJK_PER_MINUTE);
        u32::try_from((words + cjk).div_ceil(per_minute)).unwrap_or(u32::MAX)
    }
}
