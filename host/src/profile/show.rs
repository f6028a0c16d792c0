//! What every reader prints first: the three sums of a profile, and what went wrong.

use std::io::Write;

use anyhow::Result;

use super::heap::{Amount, Heap};

/// Prints the three lines, then the remarks.
pub(super) fn head(heap: &Heap, out: &mut impl Write) -> Result<()> {
    let total = heap.total();
    for (what, amount) in [
        ("total allocated", total.alloc),
        ("peak", total.peak),
        ("left at the end", total.inuse),
    ] {
        writeln!(out, "{:<16}{}", format!("{what}:"), amount_in_full(amount))?;
    }
    for remark in &heap.run.remarks {
        writeln!(out, "{remark}")?;
    }
    Ok(())
}

/// `2000 bytes in 10 blocks`.
fn amount_in_full(amount: Amount) -> String {
    format!("{} bytes in {} blocks", amount.bytes, amount.blocks)
}
