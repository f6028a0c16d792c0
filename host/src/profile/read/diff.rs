//! `diff`: what changed from one profile to the next.

use std::io::Write;
use std::path::PathBuf;

use anyhow::Result;

use super::top::{self, Sort, Table};
use crate::profile::show;
use crate::profile::source::Recording;
use crate::profile::view::{Selection, View};

/// What to compare, and what to show of it.
#[derive(Debug, clap::Args)]
pub struct Flags {
    /// A capture or a component
    old: PathBuf,

    /// A capture or a component
    new: PathBuf,

    /// How many functions to show
    #[arg(long, value_name = "COUNT", default_value_t = 20)]
    rows: usize,

    #[command(flatten)]
    selection: Selection,

    #[command(flatten)]
    recording: Recording,
}

impl Flags {
    /// Prints the functions that changed most.
    pub(super) async fn run(&self, out: &mut impl Write) -> Result<()> {
        let old = self.recording.heap_of(&self.old).await?;
        let new = self.recording.heap_of(&self.new).await?;
        show::change(&old, &new, out)?;
        if old.run.requests != new.run.requests {
            let (before, after) = (old.run.requests, new.run.requests);
            writeln!(out, "not alike: {before} requests before, {after} after")?;
        }
        let view = View::difference(&old, &new, &self.selection)?;
        let table = Table {
            rows: self.rows,
            sort: Sort::Flat,
            metric: self.selection.metric,
        };
        top::print(&view, &table, out)
    }
}
