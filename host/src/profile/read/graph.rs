//! The call graph in Graphviz's language: boxes are functions, larger for what they allocate
//! themselves; arrows are calls, thicker for what passes along them.

use std::collections::HashSet;
use std::fmt::Write;

use super::nodes::{Node, Nodes};
use crate::profile::show::size;
use crate::profile::view::View;
use heapprof::heap::Amount;

/// How many functions to draw at most, and the smallest share of the total that is drawn.
const NODES: usize = 80;
const SMALL_PERCENT: f64 = 0.5;

/// The graph, with `legend` in a corner.
pub(super) fn dot(view: &View, legend: &str) -> String {
    let graph = Nodes::of(view);
    let mut drawn = graph.sorted(view, |node| node.cum);
    drawn.retain(|(_, node)| view.share(node.cum).abs() >= SMALL_PERCENT);
    drawn.truncate(NODES);
    let mut dot = String::from(
        "digraph heap {\nnode [shape=box fontname=\"sans-serif\" style=filled];\nedge [fontname=\"sans-serif\" fontsize=11];\n",
    );
    let _ = writeln!(
        dot,
        "legend [shape=note fillcolor=white fontsize=12 label={}];",
        quoted(legend, "\\l")
    );
    for (name, node) in &drawn {
        box_of(view, *name, node, &mut dot);
    }
    let names: HashSet<_> = drawn.iter().map(|(name, _)| *name).collect();
    let mut edges: Vec<_> = graph.edges.iter().collect();
    edges.sort_by_key(|(ends, _)| **ends);
    for ((caller, callee), amount) in edges {
        if names.contains(caller) && names.contains(callee) && caller != callee {
            arrow(view, *caller, *callee, *amount, &mut dot);
        }
    }
    dot + "}\n"
}

fn box_of(view: &View, name: usize, node: &Node, dot: &mut String) {
    let (flat, cum) = (view.share(node.flat).abs(), view.share(node.cum).abs());
    let label = format!(
        "{}\n{} ({flat:.1}%)\nof {} ({cum:.1}%)",
        view.name(name),
        size(node.flat.bytes),
        size(node.cum.bytes)
    );
    // Hue 0 is red: the more of the total, the fuller.
    let (font, fill) = (11.0 + flat.sqrt(), cum / 100.0 * 0.6);
    let _ = writeln!(
        dot,
        "n{name} [label={} fontsize={font:.0} fillcolor=\"0.0 {fill:.3} 1.0\"];",
        quoted(&label, "\\n")
    );
}

fn arrow(view: &View, caller: usize, callee: usize, amount: Amount, dot: &mut String) {
    let share = view.share(amount).abs();
    let (label, width) = (size(amount.bytes), 1.0 + share / 20.0);
    let _ = writeln!(
        dot,
        "n{caller} -> n{callee} [label=\" {label}\" penwidth={width:.1} weight={:.0}];",
        1.0 + share
    );
}

/// Text as a string of the language, with `newline` for the end of a line.
fn quoted(text: &str, newline: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{}\"", text.replace('\n', newline))
}
