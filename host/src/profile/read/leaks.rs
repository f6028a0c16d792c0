//! `leaks`: the stacks whose live memory grows with the number of requests.

use std::collections::HashMap;
use std::io::Write;

use anyhow::{Result, bail};

use crate::profile::show::size;
use crate::profile::view::View;
use heapprof::heap::{Amount, Heap};

/// How many functions of a stack to show, and how many stacks.
const FRAMES: usize = 12;
const STACKS: usize = 10;

/// Prints them, the one that grows most first.
pub(super) fn print(heap: &Heap, view: &View, out: &mut impl Write) -> Result<()> {
    let measured = heap.run.measured;
    if measured < 2 {
        bail!("too few requests to see growth: record more with -n, on one instance with --reuse");
    }
    let mut stacks: HashMap<Vec<usize>, Amount> = HashMap::new();
    for stack in &view.stacks {
        let names = stack.calls.iter().map(|call| call.name).collect();
        *stacks.entry(names).or_default() += stack.amount;
    }
    let mut stacks: Vec<_> = stacks.into_iter().collect();
    stacks.sort_by_key(|(names, amount)| (-amount.bytes, names.clone()));
    if stacks.is_empty() {
        writeln!(out, "\nnothing grows over {measured} requests")?;
    }
    for (names, amount) in stacks.iter().take(STACKS) {
        let per_request = |count: i64| count as f64 / f64::from(measured);
        let (bytes, blocks) = (per_request(amount.bytes), per_request(amount.blocks));
        writeln!(
            out,
            "\n{bytes:.1} bytes in {blocks:.2} blocks per request ({} over {measured} requests)",
            size(amount.bytes)
        )?;
        for name in names.iter().take(FRAMES) {
            writeln!(out, "    {}", view.name(*name))?;
        }
        if names.len() > FRAMES {
            writeln!(out, "    ... {} more callers", names.len() - FRAMES)?;
        }
    }
    Ok(())
}
