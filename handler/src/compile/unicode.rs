//! What Unicode says of marks: which characters are some, and which character one makes together
//! with the letter before it (canonical composition, the step that NFC ends with).
//!
//! The tables are written by build.rs: those of a crate for all forms are ten times as large, and
//! every instance would carry them. Marks are composed in the order in which they stand, which is
//! that of decomposed names and of what keyboards type.

include!(concat!(env!("OUT_DIR"), "/unicode.rs"));

/// The text with each letter and its marks in one character, where there is such a character.
pub(crate) fn compose(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let last = out.chars().next_back();
        match last.and_then(|last| together(last, c)) {
            Some(composed) => {
                out.pop();
                out.push(composed);
            }
            None => out.push(c),
        }
    }
    out
}

/// Whether a character is a mark (general category M), which belongs to the letter before it.
pub(super) fn is_mark(c: char) -> bool {
    let c = u32::from(c);
    let after = MARKS.partition_point(|(first, _)| *first <= c);
    after > 0 && c <= MARKS[after - 1].1
}

fn together(first: char, second: char) -> Option<char> {
    if second.is_ascii() {
        return None;
    }
    hangul(u32::from(first), u32::from(second)).or_else(|| {
        let found = COMPOSITIONS.binary_search_by_key(&(second, first), |row| (row.0, row.1));
        found.ok().map(|at| COMPOSITIONS[at].2)
    })
}

/// Korean syllables are composed by arithmetic (The Unicode Standard, 3.12).
fn hangul(first: u32, second: u32) -> Option<char> {
    const VOWELS: u32 = 21;
    const TAILS: u32 = 28;
    let (leading, vowel) = (first.wrapping_sub(0x1100), second.wrapping_sub(0x1161));
    if leading < 19 && vowel < VOWELS {
        return char::from_u32(0xAC00 + (leading * VOWELS + vowel) * TAILS);
    }
    let (syllable, tail) = (first.wrapping_sub(0xAC00), second.wrapping_sub(0x11A7));
    let lacks_tail = syllable < 19 * VOWELS * TAILS && syllable % TAILS == 0;
    (lacks_tail && (1..TAILS).contains(&tail))
        .then(|| char::from_u32(first + tail))
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use unicode_normalization::UnicodeNormalization;
    use unicode_normalization::char::is_combining_mark;

    #[test]
    fn every_character_is_composed_of_its_decomposition() {
        for c in '\0'..=char::MAX {
            let decomposed: String = c.nfd().collect();
            let composed: String = c.nfc().collect();
            assert_eq!(compose(&decomposed), composed, "{c:?}");
            assert_eq!(is_mark(c), is_combining_mark(c), "{c:?}");
        }
    }

    #[test]
    fn names_as_file_systems_decompose_them() {
        for name in [
            "résumé",
            "Ångström",
            "Việt Nam",
            "한국어",
            "がぎぐ",
            "हिन्दी",
        ] {
            let decomposed: String = name.nfd().collect();
            assert_eq!(compose(&decomposed), name);
        }
    }
}
