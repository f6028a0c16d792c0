//! Words of prose: how many there are, how long they take to read, and where a text may be cut.
//!
//! Chinese and Japanese are written without spaces between words; Korean has them.

/// The most characters of a summary, the ellipsis among them.
pub(super) const MAX_SUMMARY_CHARS: usize = 200;

/// Whether `c` is a Chinese or Japanese character that is read (no punctuation).
pub(super) fn is_cjk_letter(c: char) -> bool {
    matches!(
        u32::from(c),
        0x3005..=0x3007        // iteration mark, closing mark, zero
        | 0x3041..=0x3096      // hiragana
        | 0x30A1..=0x30FA      // katakana
        | 0x30FC               // long vowel
        | 0x3400..=0x4DBF
        | 0x4E00..=0x9FFF
        | 0xF900..=0xFAFF
        | 0xFF66..=0xFF9D      // half-width katakana
        | 0x20000..=0x3FFFF
    )
}

/// Whether `c` is set solid: such a letter, or the punctuation that goes with them.
pub(super) fn is_solid(c: char) -> bool {
    is_cjk_letter(c)
        || matches!(u32::from(c), 0x3000..=0x303F | 0x30FB | 0xFE30..=0xFE4F | 0xFF01..=0xFF65)
}

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
            if is_cjk_letter(c) {
                self.cjk += 1;
                self.inside_word = false;
            } else if c.is_alphanumeric() {
                self.words += u32::from(!self.inside_word);
                self.inside_word = true;
            } else if c.is_whitespace() || is_solid(c) {
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

/// `text` with single spaces; if it is too long, cut where a word ends, with an ellipsis.
pub(super) fn summary(text: &str) -> String {
    let mut whole = String::new();
    for word in text.split_whitespace() {
        if !whole.is_empty() {
            whole.push(' ');
        }
        whole.push_str(word);
    }
    let Some((limit, next)) = whole.char_indices().nth(MAX_SUMMARY_CHARS - 1) else {
        return whole;
    };
    if limit + next.len_utf8() == whole.len() {
        return whole;
    }
    let end = last_end_of_word(&whole, limit).unwrap_or(limit);
    whole.truncate(end);
    whole.truncate(
        whole
            .trim_end_matches([' ', ',', ';', ':', '，', '、', '；', '：'])
            .len(),
    );
    whole.push('…');
    whole
}

/// The last place up to `limit` where a word ends: at a space or beside a CJK character.
fn last_end_of_word(text: &str, limit: usize) -> Option<usize> {
    let mut after = text[limit..].chars().next()?;
    for (start, c) in text[..limit].char_indices().rev() {
        let beside_cjk = is_cjk_letter(after) || is_solid(c) && after.is_alphanumeric();
        if after == ' ' || beside_cjk {
            return Some(start + c.len_utf8());
        }
        after = c;
    }
    None
}
