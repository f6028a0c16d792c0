//! `top`: a table of functions.

use std::io::Write;

use anyhow::Result;

use super::nodes::{Node, Nodes};
use super::part::Part;
use crate::profile::show::{self, size};
use crate::profile::view::{Metric, View};
use heapprof::heap::Amount;

/// What to show of a profile, and how much of it.
#[derive(Debug, clap::Args)]
pub struct Flags {
    /// How many functions to show
    #[arg(long, value_name = "COUNT", default_value_t = 10)]
    rows: usize,

    /// By what a function allocates itself, or with all that it calls
    #[arg(long, value_name = "ORDER", default_value = "flat")]
    sort: Sort,

    #[command(flatten)]
    part: Part,
}

/// The order of the table.
#[derive(Clone, Copy, Debug, PartialEq, clap::ValueEnum)]
pub enum Sort {
    /// By what a function allocates itself.
    Flat,
    /// By what it allocates with all that it calls.
    Cum,
}

/// The form of the table.
pub(super) struct Table {
    pub(super) rows: usize,
    pub(super) sort: Sort,
    pub(super) metric: Metric,
}

impl Flags {
    /// Reads and prints.
    pub(super) async fn run(&self, out: &mut impl Write) -> Result<()> {
        let (heap, view) = self.part.open(out).await?;
        let metric = self.part.selection.metric;
        let table = Table {
            rows: self.rows,
            sort: self.sort,
            metric,
        };
        print(&view, &table, out)?;
        show::hint(&heap, metric, out)
    }
}

/// Prints the table.
pub(super) fn print(view: &View, table: &Table, out: &mut impl Write) -> Result<()> {
    let mut nodes = Nodes::of(view).sorted(view, |node: &Node| match table.sort {
        Sort::Flat => node.flat,
        Sort::Cum => node.cum,
    });
    nodes.retain(|(_, node)| node.flat != Amount::default() || node.cum != Amount::default());
    writeln!(out, "\nbytes {}", table.metric.heading())?;
    writeln!(
        out,
        "{:>12} {:>6} {:>6} {:>12} {:>6} {:>8}  function",
        "flat", "flat%", "sum%", "cum", "cum%", "blocks"
    )?;
    let mut sum = Amount::default();
    for (name, node) in nodes.iter().take(table.rows) {
        sum += node.flat;
        writeln!(
            out,
            "{:>12} {:>5.1}% {:>5.1}% {:>12} {:>5.1}% {:>8}  {}",
            size(node.flat.bytes),
            view.share(node.flat),
            view.share(sum),
            size(node.cum.bytes),
            view.share(node.cum),
            node.flat.blocks,
            view.name(*name)
        )?;
    }
    let more = nodes.len().saturating_sub(table.rows);
    if more > 0 {
        writeln!(out, "{more} more functions: --rows shows more")?;
    }
    Ok(())
}
