//! `peek`: one function between its callers and its callees.

use std::io::Write;

use anyhow::{Result, bail};
use regex::Regex;

use super::nodes::Nodes;
use crate::profile::show::size;
use crate::profile::view::View;
use heapprof::heap::Amount;

/// Prints every function that matches, the largest first.
pub(super) fn print(view: &View, pattern: &Regex, out: &mut impl Write) -> Result<()> {
    let found = view.find(pattern);
    if found.is_empty() {
        bail!(
            "no function matches {:?}: `top` lists the functions",
            pattern.as_str()
        );
    }
    let graph = Nodes::of(view);
    for (name, node) in graph.sorted(view, |node| node.cum) {
        if !found.contains(&name) {
            continue;
        }
        let edges = graph.edges.iter();
        let callers = edges.clone().filter(|((_, callee), _)| *callee == name);
        let callees = edges.filter(|((caller, _), _)| *caller == name);
        writeln!(
            out,
            "\n{:>12} {:>12} {:>6}  function",
            "flat", "cum", "share"
        )?;
        neighbours(
            view,
            callers.map(|((caller, _), amount)| (*caller, *amount)),
            node.cum,
            out,
        )?;
        let (flat, cum) = (size(node.flat.bytes), size(node.cum.bytes));
        writeln!(
            out,
            "{flat:>12} {cum:>12} {:>5.1}%  {}",
            view.share(node.cum),
            view.name(name)
        )?;
        neighbours(
            view,
            callees.map(|((_, callee), amount)| (*callee, *amount)),
            node.cum,
            out,
        )?;
    }
    Ok(())
}

/// Prints callers or callees with their part of `whole`.
fn neighbours(
    view: &View,
    neighbours: impl Iterator<Item = (usize, Amount)>,
    whole: Amount,
    out: &mut impl Write,
) -> Result<()> {
    let mut neighbours: Vec<_> = neighbours.collect();
    neighbours.sort_by_key(|(name, amount)| (-amount.bytes.abs(), view.name(*name)));
    for (name, amount) in neighbours {
        let part = 100.0 * amount.bytes as f64 / (whole.bytes as f64).max(1.0);
        writeln!(
            out,
            "{:>12} {:>12} {part:>5.1}% |   {}",
            "",
            size(amount.bytes),
            view.name(name)
        )?;
    }
    Ok(())
}
