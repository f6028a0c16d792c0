//! Which characters are written without spaces between words: Chinese and Japanese.
//!
//! Korean is not among them: it separates words by spaces.

/// Whether `c` is a Chinese or Japanese character that is read (no punctuation).
pub(super) fn is_letter(c: char) -> bool {
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
    is_letter(c)
        || matches!(u32::from(c), 0x3000..=0x303F | 0x30FB | 0xFE30..=0xFE4F | 0xFF01..=0xFF65)
}
