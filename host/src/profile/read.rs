//! The readers: ways to look at a heap profile. Each prints the three sums first.

mod diff;
mod flamegraph;
mod graph;
mod leaks;
mod nodes;
mod part;
mod peek;
mod svg;
pub(super) mod top;

use std::io;

use anyhow::Result;
use part::Part;
use regex::Regex;

use super::source::Source;
use super::view::{Filter, Metric, Selection};

/// A reader and what it reads.
#[derive(Debug, clap::Subcommand)]
pub enum Reader {
    /// Functions by what they allocate
    Top(top::Flags),
    /// Callers and callees of the functions that match
    Peek {
        /// A pattern over function names
        regex: Regex,
        #[command(flatten)]
        part: Part,
    },
    /// Functions by how much more they allocate in NEW than in OLD
    Diff(diff::Flags),
    /// The call graph as SVG on standard output
    Svg(Part),
    /// A flame graph as SVG on standard output
    Flamegraph(Part),
    /// What requests on one instance leave behind, again and again
    Leaks {
        #[command(flatten)]
        filter: Filter,
        #[command(flatten)]
        source: Source,
    },
}

/// How many requests `leaks` sends unless it is told.
const LEAK_REQUESTS: u32 = 100;

impl Reader {
    /// Reads and prints.
    pub(super) async fn run(self) -> Result<()> {
        let mut out = io::stdout().lock();
        match self {
            Self::Top(flags) => flags.run(&mut out).await,
            Self::Peek { regex, part } => {
                let (_, view) = part.open(&mut out).await?;
                peek::print(&view, &regex, &mut out)
            }
            Self::Diff(flags) => flags.run(&mut out).await,
            Self::Svg(part) => {
                let (heap, view) = part.open(&mut io::stderr()).await?;
                svg::print(&heap, &view, part.selection.metric, &mut out)
            }
            Self::Flamegraph(part) => {
                let (heap, view) = part.open(&mut io::stderr()).await?;
                flamegraph::print(&heap, &view, part.selection.metric, &mut out)
            }
            Self::Leaks { filter, mut source } => {
                source.recording.prefer(LEAK_REQUESTS);
                let metric = Metric::Grown;
                let selection = Selection { metric, filter };
                let (heap, view) = Part { selection, source }.open(&mut out).await?;
                leaks::print(&heap, &view, &mut out)
            }
        }
    }
}
