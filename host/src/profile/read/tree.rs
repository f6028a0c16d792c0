//! `tree`: the calls from the outermost function inwards. Only where the calls fork does the
//! tree go one step to the right, for stacks are deep and forks are few.

use std::collections::BTreeMap;
use std::io::Write;

use anyhow::Result;

use crate::profile::show::size;
use crate::profile::view::View;
use heapprof::heap::Amount;

/// A function as called along one way.
#[derive(Default)]
struct Branch {
    amount: Amount,
    callees: BTreeMap<usize, Branch>,
}

/// Branches below this share of the total are summed up.
const SMALL_PERCENT: f64 = 1.0;

/// Prints the tree.
pub(super) fn print(view: &View, out: &mut impl Write) -> Result<()> {
    let mut root = Branch::default();
    for stack in &view.stacks {
        let mut branch = &mut root;
        branch.amount += stack.amount;
        for call in stack.calls.iter().rev() {
            branch = branch.callees.entry(call.name).or_default();
            branch.amount += stack.amount;
        }
    }
    writeln!(out, "\n{:>12} {:>6}  function", "bytes", "share")?;
    show(view, &root, 0, out)
}

fn show(view: &View, branch: &Branch, indent: usize, out: &mut impl Write) -> Result<()> {
    let mut callees: Vec<_> = branch.callees.iter().collect();
    callees.sort_by_key(|(_, callee)| -callee.amount.bytes.abs());
    let (large, small): (Vec<_>, Vec<_>) = callees
        .into_iter()
        .partition(|(_, callee)| view.share(callee.amount).abs() >= SMALL_PERCENT);
    let forks = large.len() + usize::from(!small.is_empty()) > 1;
    let indent = indent + usize::from(forks);
    for (name, callee) in large {
        line(view, callee.amount, view.name(*name), indent, out)?;
        show(view, callee, indent, out)?;
    }
    let rest = small
        .iter()
        .fold(Amount::default(), |sum, (_, callee)| sum + callee.amount);
    if rest != Amount::default() {
        line(
            view,
            rest,
            &format!("({} smaller)", small.len()),
            indent,
            out,
        )?;
    }
    Ok(())
}

fn line(
    view: &View,
    amount: Amount,
    text: &str,
    indent: usize,
    out: &mut impl Write,
) -> Result<()> {
    let (bytes, share) = (size(amount.bytes), view.share(amount));
    writeln!(
        out,
        "{bytes:>12} {share:>5.1}%  {:indent$}{text}",
        "",
        indent = 2 * indent
    )?;
    Ok(())
}
