//! Limits of a text, kept before it is parsed: a parser takes memory first and tells later.

use super::MAX_NESTED;
use crate::compile::source::Lines;
use crate::problem::Problem;

/// Marks that a parser has to keep until it knows what they mean: each takes some eighty bytes
/// of the instance's memory, which this many keep within 4 MiB.
const MAX_MARKS: usize = 50_000;

/// Counts what the parser would take memory for, before it does.
pub(super) fn check(text: &str, lines: &Lines) -> Result<(), Problem> {
    let mut marks = 0;
    let mut offset = 0;
    let mut columns = 0;
    for line in text.split_inclusive('\n') {
        let cells = line.bytes().filter(|byte| *byte == b'|').count();
        if is_head_of_table(line) {
            columns = cells;
        } else if line.trim().is_empty() {
            columns = 0;
        }
        let is_mark = |byte: &u8| b"[]*_~`!<&$\\|\"'\n".contains(byte);
        marks += line.bytes().filter(is_mark).count();
        // Cells that a row does not have are made all the same.
        marks += columns.saturating_sub(cells);
        if nesting(line) > MAX_NESTED {
            return Err(Problem::new(lines.line_at(offset), super::too_deep()));
        }
        if marks > MAX_MARKS {
            return Err(Problem::new(
                lines.line_at(offset),
                format!(
                    "there are more than {MAX_MARKS} marks such as `[`, `*` or `|` up to here; split the text into several"
                ),
            ));
        }
        offset += line.len();
    }
    Ok(())
}

/// How many quotes and lists begin at the beginning of a line. A ruler such as `-----` is none.
fn nesting(line: &str) -> usize {
    let mut nesting = 0;
    let mut rest = line.trim_start();
    while let Some(inner) = rest.strip_prefix('>').or_else(|| {
        rest.strip_prefix(['-', '*', '+'])
            .filter(|inner| inner.starts_with([' ', '\t']))
    }) {
        nesting += 1;
        rest = inner.trim_start();
    }
    nesting
}

/// Whether a line is one such as `|---|:-:|`.
fn is_head_of_table(line: &str) -> bool {
    let line = line.trim();
    line.contains('-') && line.contains('|') && line.bytes().all(|byte| b"|-: \t>".contains(&byte))
}
