//! The readers: ways to look at a heap profile. Each prints the three sums first.

mod diff;
mod flamegraph;
mod graph;
mod leaks;
mod list;
mod nodes;
mod peek;
mod svg;
mod top;
mod tree;

use std::io::{self, Write};

use anyhow::{Result, bail};
use regex::Regex;

use super::show;
use super::source::{Recording, Source};
use super::view::{Filter, Metric, Selection, View};
use heapprof::heap::Heap;
use top::{Sort, Table};

/// A reader and what it reads.
#[derive(Debug, clap::Subcommand)]
pub enum Reader {
    /// Functions by what they allocate
    Top {
        /// How many functions to show
        #[arg(short = 'n', long, value_name = "COUNT", default_value_t = 10)]
        rows: usize,
        /// By what a function allocates itself, or with all that it calls
        #[arg(long, value_name = "ORDER", default_value = "flat")]
        sort: Sort,
        #[command(flatten)]
        selection: Selection,
        #[command(flatten)]
        source: Source,
    },
    /// Callers and callees of the functions that match
    #[command(mut_arg("number", |arg| arg.short('n')))]
    Peek {
        /// A pattern over function names
        regex: Regex,
        #[command(flatten)]
        selection: Selection,
        #[command(flatten)]
        source: Source,
    },
    /// The calls from the outermost function inwards
    #[command(mut_arg("number", |arg| arg.short('n')))]
    Tree {
        #[command(flatten)]
        selection: Selection,
        #[command(flatten)]
        source: Source,
    },
    /// Lines of the functions that match
    #[command(mut_arg("number", |arg| arg.short('n')))]
    List {
        /// A pattern over function names
        function: Regex,
        #[command(flatten)]
        selection: Selection,
        #[command(flatten)]
        source: Source,
    },
    /// Functions by how much more they allocate in NEW than in OLD
    #[command(mut_arg("number", |arg| arg.short('n')))]
    Diff {
        /// A capture or a component
        old: std::path::PathBuf,
        /// A capture or a component
        new: std::path::PathBuf,
        #[command(flatten)]
        selection: Selection,
        #[command(flatten)]
        recording: Recording,
    },
    /// The call graph as SVG on standard output
    #[command(mut_arg("number", |arg| arg.short('n')))]
    Svg {
        #[command(flatten)]
        selection: Selection,
        #[command(flatten)]
        source: Source,
    },
    /// A flame graph as SVG on standard output
    #[command(mut_arg("number", |arg| arg.short('n')))]
    Flamegraph {
        #[command(flatten)]
        selection: Selection,
        #[command(flatten)]
        source: Source,
    },
    /// What requests on one instance leave behind, again and again
    #[command(mut_arg("number", |arg| arg.short('n')))]
    Leaks {
        #[command(flatten)]
        filter: Filter,
        #[command(flatten)]
        source: Source,
    },
}

/// How many requests `leaks` puts unless it is told.
const LEAK_REQUESTS: u32 = 100;

impl Reader {
    /// The reader for those who name none.
    pub(super) fn top(source: Source) -> Self {
        Self::Top {
            rows: 10,
            sort: Sort::Flat,
            selection: Selection::plain(Metric::default()),
            source,
        }
    }

    /// Reads and prints.
    pub(super) async fn run(self) -> Result<()> {
        let mut out = io::stdout().lock();
        match self {
            Self::Top {
                rows,
                sort,
                selection,
                source,
            } => {
                let (heap, view) = open(&source, &selection, &mut out).await?;
                top::print(
                    &view,
                    &Table {
                        rows,
                        sort,
                        metric: selection.metric,
                    },
                    &mut out,
                )?;
                show::hint(&heap, selection.metric, &mut out)
            }
            Self::Peek {
                regex,
                selection,
                source,
            } => {
                let (_, view) = open(&source, &selection, &mut out).await?;
                peek::print(&view, &regex, &mut out)
            }
            Self::Tree { selection, source } => {
                let (_, view) = open(&source, &selection, &mut out).await?;
                tree::print(&view, &mut out)
            }
            Self::List {
                function,
                selection,
                source,
            } => {
                let (_, view) = open(&source, &selection, &mut out).await?;
                list::print(&view, &function, &mut out)
            }
            Self::Diff {
                old,
                new,
                selection,
                recording,
            } => {
                let (old, new) = (
                    recording.heap_of(&old).await?,
                    recording.heap_of(&new).await?,
                );
                diff::print(&old, &new, &selection, &mut out)
            }
            Self::Svg { selection, source } => {
                let (heap, view) = open(&source, &selection, &mut io::stderr()).await?;
                svg::print(&heap, &view, selection.metric, &mut out)
            }
            Self::Flamegraph { selection, source } => {
                let (heap, view) = open(&source, &selection, &mut io::stderr()).await?;
                flamegraph::print(&heap, &view, selection.metric, &mut out)
            }
            Self::Leaks { filter, mut source } => {
                source.recording.prefer(LEAK_REQUESTS);
                let metric = Metric::Grown;
                let selection = Selection { metric, filter };
                let (heap, view) = open(&source, &selection, &mut out).await?;
                leaks::print(&heap, &view, &mut out)
            }
        }
    }
}

/// Opens the source, prints the sums to `out`, and makes the view.
async fn open(
    source: &Source,
    selection: &Selection,
    out: &mut impl Write,
) -> Result<(Heap, View)> {
    let heap = source.heap().await?;
    show::head(&heap, out)?;
    let view = View::of(&heap, selection)?;
    Ok((heap, view))
}

/// Numbers of the functions that match, or an error that says there are none.
fn find(view: &View, pattern: &Regex) -> Result<Vec<usize>> {
    let found = view.find(pattern);
    if found.is_empty() {
        bail!(
            "no function matches {:?}: `tree` shows all",
            pattern.as_str()
        );
    }
    Ok(found)
}
