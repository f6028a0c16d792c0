//! `flamegraph`: stacks drawn side by side, wide where they hold many bytes.

use std::io::Write;

use anyhow::{Context, Result, bail};
use inferno::flamegraph::{Options, from_lines};

use crate::profile::show;
use crate::profile::view::{Metric, Stack, View};
use heapprof::heap::Heap;

/// Writes the picture.
pub(super) fn print(heap: &Heap, view: &View, metric: Metric, out: &mut impl Write) -> Result<()> {
    let lines: Vec<_> = view
        .stacks
        .iter()
        .map(|stack| folded(view, stack))
        .collect();
    if lines.is_empty() {
        bail!("nothing to draw: no bytes {}", metric.heading());
    }
    let mut options = Options::default();
    options.title = format!("bytes {}", metric.heading());
    options.subtitle = Some(show::sums(heap).trim().replace('\n', "; "));
    options.count_name = "bytes".to_owned();
    from_lines(&mut options, lines.iter().map(String::as_str), out)
        .context("cannot draw the flame graph")
}

/// The outermost function first, then the bytes.
fn folded(view: &View, stack: &Stack) -> String {
    let calls = stack.calls.iter().rev();
    // A semicolon would end the name: array types have one.
    let names: Vec<_> = calls
        .map(|call| view.name(call.name).replace(';', ","))
        .collect();
    format!("{} {}", names.join(";"), stack.amount.bytes)
}
