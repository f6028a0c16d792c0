//! How deep a template nests. Templates are parsed by recursion, and an instance's stack is
//! small: what would overflow it is refused when it is published, with its line.

use crate::problem::Problem;

/// The most brackets, blocks and branches that may be open at once: the stack holds some eighty.
const MAX_OPEN: usize = 32;

/// The longest tag, in bytes: each operator in it may be one more level.
const MAX_TAG_BYTES: usize = 512;

/// Checks every tag of a template.
pub(super) fn check(source: &str) -> Result<(), Problem> {
    let mut blocks: Vec<usize> = Vec::new();
    let mut at = 0;
    while let Some((start, kind)) = next_tag(source, at) {
        let inside = &source[start + 2..];
        let (tag, after) = match kind {
            Tag::Comment => {
                at = start + 2 + inside.find("#}").map_or(inside.len(), |end| end + 2);
                continue;
            }
            Tag::Block => until(inside, "%}"),
            Tag::Expression => until(inside, "}}"),
        };
        at = start + 2 + after;
        let line = source[..start].matches('\n').count() + 1;
        let too_deep = |message: &str| Err(Problem::new(line, message));
        if tag.len() > MAX_TAG_BYTES {
            return too_deep(
                "a tag has more than 512 bytes: put parts of it into variables with `set`",
            );
        }
        if matches!(kind, Tag::Block) {
            if word(tag) == "raw" {
                at = end_of_raw(source, at);
                continue;
            }
            nest(&mut blocks, tag);
        }
        if blocks.iter().sum::<usize>() + brackets(tag) > MAX_OPEN {
            return too_deep(
                "blocks and brackets lie more than 32 deep: move some into another template",
            );
        }
    }
    Ok(())
}

#[derive(Clone, Copy)]
enum Tag {
    Comment,
    Block,
    Expression,
}

/// Where the next tag begins, and what it is.
fn next_tag(source: &str, at: usize) -> Option<(usize, Tag)> {
    let kinds = [
        ("{#", Tag::Comment),
        ("{%", Tag::Block),
        ("{{", Tag::Expression),
    ];
    let found = kinds.into_iter().filter_map(|(open, kind)| {
        let start = source[at..].find(open)?;
        Some((at + start, kind))
    });
    found.min_by_key(|(start, _)| *start)
}

/// The text of a tag, and where it ends with its mark; marks within strings do not count.
fn until<'s>(inside: &'s str, close: &str) -> (&'s str, usize) {
    let bytes = inside.as_bytes();
    let mut quote = None;
    let mut at = 0;
    while at < bytes.len() {
        match (quote, bytes[at]) {
            (Some(_), b'\\') => at += 1,
            (Some(open), byte) if byte == open => quote = None,
            (None, byte @ (b'"' | b'\'')) => quote = Some(byte),
            (None, _) if bytes[at..].starts_with(close.as_bytes()) => {
                return (&inside[..at], at + close.len());
            }
            _ => {}
        }
        at += 1;
    }
    (inside, inside.len())
}

/// Where the text goes on that is not taken for template code.
fn end_of_raw(source: &str, from: usize) -> usize {
    let mut at = from;
    while let Some(start) = source[at..].find("{%") {
        let inside = &source[at + start + 2..];
        let (tag, after) = until(inside, "%}");
        if word(tag) == "endraw" {
            return at + start + 2 + after;
        }
        at += start + 2;
    }
    source.len()
}

/// The word that says what a block is.
fn word(tag: &str) -> &str {
    let tag = tag.trim_start_matches(['-', '+']);
    let word = tag.split_whitespace().next().unwrap_or_default();
    word.trim_end_matches(['-', '+'])
}

/// Opens and closes blocks; every further branch of an `if` lies within the one before it.
fn nest(blocks: &mut Vec<usize>, tag: &str) {
    match word(tag) {
        "elif" => {
            if let Some(branches) = blocks.last_mut() {
                *branches += 1;
            }
        }
        "if" | "for" | "block" | "macro" | "call" | "filter" | "with" | "autoescape" => {
            blocks.push(1);
        }
        "set" if !tag.contains('=') => blocks.push(1),
        word if word.starts_with("end") => drop(blocks.pop()),
        _ => {}
    }
}

/// The most brackets that are open at once.
fn brackets(tag: &str) -> usize {
    let mut open: usize = 0;
    let mut most = 0;
    for byte in tag.bytes() {
        match byte {
            b'(' | b'[' | b'{' => open += 1,
            b')' | b']' | b'}' => open = open.saturating_sub(1),
            _ => {}
        }
        most = most.max(open);
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_line(source: &str, line: Option<u32>) {
        assert_eq!(check(source).err().map(|problem| problem.line), line);
    }

    #[test]
    fn only_what_is_parsed_counts() {
        let deep = format!("{}1{}", "(".repeat(40), ")".repeat(40));
        let braces = "{{ ".repeat(400);
        check_line(&format!("\n{{{{ {deep} }}}}"), Some(2));
        check_line(&format!("{{# {deep} {braces} #}}"), None);
        check_line(
            &format!("{{% raw %}}{braces}{{{{ {deep} }}}}{{% endraw %}}"),
            None,
        );
        check_line(
            &format!("{{%- raw -%}}{braces}{{%- endraw -%}}\n{{{{ {deep} }}}}"),
            Some(2),
        );
        check_line(&format!("{{{{ \"}}}}\" ~ {deep} }}}}"), Some(1));
        check_line(&format!("{{{{ '\\'}}}}' ~ {deep} }}}}"), Some(1));
        check_line("{{ \"{{ (((\" }}{% if x %}{# {% if #}{% endif %}", None);
    }
}
