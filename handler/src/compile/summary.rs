//! A summary: the beginning of a text, short enough for a list, never cut inside a word.

use super::cjk;

/// The most characters of a summary, the ellipsis among them.
pub(super) const MOST: usize = 200;

/// `text` with single spaces; if it is too long, cut where a word ends, with an ellipsis.
pub(super) fn cut(text: &str) -> String {
    let mut whole = String::new();
    for word in text.split_whitespace() {
        if !whole.is_empty() {
            whole.push(' ');
        }
        whole.push_str(word);
    }
    let Some((limit, next)) = whole.char_indices().nth(MOST - 1) else {
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
        let beside_cjk = cjk::is_letter(after) || cjk::is_solid(c) && after.is_alphanumeric();
        if after == ' ' || beside_cjk {
            return Some(start + c.len_utf8());
        }
        after = c;
    }
    None
}
