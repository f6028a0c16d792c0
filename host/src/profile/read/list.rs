//! `list`: the lines of a function that allocate, with their source where it can be read.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use anyhow::{Result, bail};
use regex::Regex;

use super::find;
use super::nodes::Node;
use crate::profile::show::size;
use crate::profile::view::View;

/// A function, and the amounts of its lines.
type Lines = BTreeMap<(String, i64), Node>;

/// Prints every function that matches.
pub(super) fn print(view: &View, pattern: &Regex, out: &mut impl Write) -> Result<()> {
    let mut known = false;
    for name in find(view, pattern)? {
        let lines = lines_of(view, name);
        known |= lines.keys().any(|(_, line)| *line > 0);
        writeln!(out, "\n{}", view.name(name))?;
        writeln!(out, "{:>12} {:>12}  line", "flat", "cum")?;
        for ((file, line), node) in &lines {
            let (flat, cum) = (size(node.flat.bytes), size(node.cum.bytes));
            let file = if file.is_empty() { "?" } else { file };
            writeln!(
                out,
                "{flat:>12} {cum:>12}  {file}:{line}{}",
                source(file, *line)
            )?;
        }
    }
    if !known {
        bail!(
            "the component carries no lines: build it with debug = \"line-tables-only\" and without strip"
        );
    }
    Ok(())
}

fn lines_of(view: &View, name: usize) -> Lines {
    let mut lines = Lines::new();
    for stack in &view.stacks {
        let mut seen = Vec::new();
        for (depth, call) in stack.calls.iter().enumerate() {
            let place = (call.file.clone(), call.line);
            if call.name != name || seen.contains(&place) {
                continue;
            }
            let node = lines.entry(place.clone()).or_default();
            node.cum += stack.amount;
            if depth == 0 {
                node.flat += stack.amount;
            }
            seen.push(place);
        }
    }
    lines
}

fn source(file: &str, line: i64) -> String {
    let text = std::fs::read_to_string(Path::new(file)).unwrap_or_default();
    let line = usize::try_from(line - 1).ok();
    let line = line.and_then(|line| text.lines().nth(line));
    line.map_or(String::new(), |line| format!("  {}", line.trim()))
}
