//! `svg`: the call graph as a picture, laid out by Graphviz.

use std::io::{ErrorKind, Write};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use super::graph;
use crate::profile::show;
use crate::profile::view::{Metric, View};
use heapprof::heap::Heap;

/// Writes the picture.
pub(super) fn print(heap: &Heap, view: &View, metric: Metric, out: &mut impl Write) -> Result<()> {
    let sums = show::sums(heap);
    // Columns line up only where all letters are equally wide.
    let mut legend = format!("bytes {}\n", metric.heading());
    for line in sums.lines() {
        let words: Vec<_> = line.split_whitespace().collect();
        legend += &format!("{}\n", words.join(" "));
    }
    let graph = graph::dot(view, &legend);
    let started = Command::new("dot")
        .arg("-Tsvg")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let mut dot = match started {
        Err(error) if error.kind() == ErrorKind::NotFound => bail!(
            "the call graph needs `dot` of Graphviz, which is not installed: install the package graphviz, or use `flamegraph`"
        ),
        started => started.context("cannot start `dot`")?,
    };
    // It reads everything before it writes anything, so neither waits for the other.
    let mut input = dot.stdin.take().context("`dot` has no input")?;
    input
        .write_all(graph.as_bytes())
        .context("`dot` stopped reading")?;
    drop(input);
    let output = dot.wait_with_output()?;
    if !output.status.success() {
        bail!("`dot` failed: {}", output.status);
    }
    Ok(out.write_all(&output.stdout)?)
}
