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
    while let Some(start) = source[at..]
        .find("{{")
        .into_iter()
        .chain(source[at..].find("{%"))
        .min()
    {
        let start = at + start;
        let is_block = source[start..].starts_with("{%");
        let end = source[start..].find(if is_block { "%}" } else { "}}" });
        let tag = &source[start + 2..end.map_or(source.len(), |end| start + end)];
        let line = source[..start].matches('\n').count() + 1;
        let too_deep = |message: &str| Err(Problem::new(line, message));
        if tag.len() > MAX_TAG_BYTES {
            return too_deep(
                "a tag has more than 512 bytes: put parts of it into variables with `set`",
            );
        }
        if is_block {
            nest(&mut blocks, tag);
        }
        if blocks.iter().sum::<usize>() + brackets(tag) > MAX_OPEN {
            return too_deep(
                "blocks and brackets lie more than 32 deep: move some into another template",
            );
        }
        at = start + 2 + tag.len();
    }
    Ok(())
}

/// Opens and closes blocks; every further branch of an `if` lies within the one before it.
fn nest(blocks: &mut Vec<usize>, tag: &str) {
    let word = tag
        .trim_start_matches(['-', '+'])
        .split_whitespace()
        .next()
        .unwrap_or_default();
    match word {
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
