//! What every reader prints first: the three sums of a profile, and what went wrong.

use std::fmt::Write as _;
use std::io::Write;

use anyhow::Result;

use super::view::Metric;
use crate::print;
use heapprof::heap::{Amount, Amounts, Heap, Run};
use instance::units::show_bytes;

/// Prints the three sums, then the remarks.
pub(super) fn head(heap: &Heap, out: &mut impl Write) -> Result<()> {
    write!(out, "{}", sums(heap))?;
    for remark in &heap.run.remarks {
        writeln!(out, "{remark}")?;
    }
    Ok(())
}

/// Prints what stands behind the sums, on standard error.
pub(super) fn background(run: &Run) {
    for name in &run.allocators {
        print::note(format_args!("allocator: {name}"));
    }
    let (before, after) = (run.memory_before, run.memory_after);
    print::note(format_args!(
        "linear memory: {before} bytes before the last request, {after} bytes after it"
    ));
}

/// The three sums, a line each.
pub(super) fn sums(heap: &Heap) -> String {
    lines(&heap.total(), |number| number.to_string())
}

/// Prints by how much the sums of `new` exceed those of `old`.
pub(super) fn change(old: &Heap, new: &Heap, out: &mut impl Write) -> Result<()> {
    let change = new.total() - old.total();
    write!(out, "{}", lines(&change, |number| format!("{number:+}")))?;
    Ok(())
}

/// Says what to look at when the metric has nothing to show.
pub(super) fn hint(heap: &Heap, metric: Metric, out: &mut impl Write) -> Result<()> {
    if metric == Metric::Inuse && heap.total().inuse == Amount::default() {
        writeln!(
            out,
            "nothing was left: --metric peak or alloc shows what was used"
        )?;
    }
    Ok(())
}

/// The bytes of an amount, as all readers show them.
pub(super) fn size(bytes: i64) -> String {
    show_bytes(bytes as f64)
}

fn lines(total: &Amounts, number: impl Fn(i64) -> String) -> String {
    let mut lines = String::new();
    let sums = [
        ("total allocated:", total.alloc),
        ("peak:", total.peak),
        ("left at the end:", total.inuse),
    ];
    for (what, amount) in sums {
        let (bytes, blocks) = (number(amount.bytes), number(amount.blocks));
        let _ = writeln!(lines, "{what:<16} {bytes} bytes in {blocks} blocks");
    }
    lines
}
