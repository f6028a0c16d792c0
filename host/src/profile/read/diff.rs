//! `diff`: what changed from one profile to the next.

use std::io::Write;

use anyhow::Result;

use super::top::{self, Sort, Table};
use crate::profile::show;
use crate::profile::view::{Selection, View};
use heapprof::heap::Heap;

/// How many functions to show.
const ROWS: usize = 20;

/// Prints the functions that changed most.
pub(super) fn print(
    old: &Heap,
    new: &Heap,
    selection: &Selection,
    out: &mut impl Write,
) -> Result<()> {
    show::change(old, new, out)?;
    if old.run.requests != new.run.requests {
        let (before, after) = (old.run.requests, new.run.requests);
        writeln!(out, "not alike: {before} requests before, {after} after")?;
    }
    let view = View::difference(old, new, selection)?;
    let metric = selection.metric;
    top::print(
        &view,
        &Table {
            rows: ROWS,
            sort: Sort::Flat,
            metric,
        },
        out,
    )
}
