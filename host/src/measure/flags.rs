//! The flags of `measure`.

use std::path::PathBuf;
use std::time::Duration;

use crate::flags::{LimitFlags, StoreParser};
use instance::units::{parse_size, parse_time};
use keyvalue::Location;

/// What to measure, with which requests, and how to report it.
#[derive(Debug, clap::Args)]
pub struct Flags {
    /// The component; any that exports wasi:http/incoming-handler@0.2 or wasi:http/handler@0.3 [default: the manifest's]
    #[arg(value_name = "COMPONENT.wasm")]
    pub component: Option<PathBuf>,

    /// The Spin manifest of the component, if none is named
    #[arg(
        help_heading = "Application",
        long,
        value_name = "FILE",
        default_value = "spin.toml"
    )]
    pub manifest: PathBuf,

    /// Where the component's data is: sqlite:PATH, redis://HOST:PORT/DATABASE or memory
    #[arg(help_heading = "Application", long, value_name = "STORE", default_value = "memory", value_parser = StoreParser)]
    pub store: Location,

    /// A request, `METHOD /path` or `METHOD /path body`; `{n}` in it is replaced by the number of the
    /// request. Several requests take turns
    #[arg(help_heading = "Requests", long = "request", value_name = "REQUEST")]
    pub requests: Vec<String>,

    /// A file with one request a line; # begins a comment
    #[arg(help_heading = "Requests", long, value_name = "FILE")]
    pub requests_file: Option<PathBuf>,

    /// Requests to send; while the verdict is open, up to eight times as many
    #[arg(help_heading = "Requests", short, long, value_name = "COUNT", default_value_t = 20_000, value_parser = clap::value_parser!(u64).range(1..))]
    pub number: u64,

    /// Requests at a time
    #[arg(help_heading = "Requests", short, long, value_name = "COUNT", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub concurrency: u32,

    /// Requests that one instance gets, one after the other, as in a long-lived server [default: 1, a
    /// fresh instance each]
    #[arg(help_heading = "Requests", long, value_name = "COUNT", value_parser = clap::value_parser!(u64).range(1..))]
    pub reuse: Option<u64>,

    /// Requests at the beginning that do not count [default: one in twenty]
    #[arg(help_heading = "Requests", long, value_name = "COUNT")]
    pub warmup: Option<u64>,

    /// Growth after the warm-up that is tolerated, as small caches are no leak [default: 4KiB of live bytes, one page of linear
    /// memory, 1MiB of the resident set]
    #[arg(help_heading = "Verdict", long = "budget", value_name = "SIZE", value_parser = parse_size)]
    pub budget_bytes: Option<usize>,

    /// Run a component that imports what this host does not offer: only a call of such an import fails,
    /// and ends the request
    #[arg(help_heading = "Application", long)]
    pub trap_missing: bool,

    /// Stop after this time at the latest
    #[arg(help_heading = "Requests", long, value_name = "TIME", value_parser = parse_time)]
    pub duration: Option<Duration>,

    /// The form of the report on standard output
    #[arg(
        help_heading = "Reports",
        long,
        value_name = "FORM",
        default_value = "table"
    )]
    pub format: Format,

    /// An older JSON report; more memory than it says, beyond the tolerance, counts as a leak
    #[arg(help_heading = "Verdict", long, value_name = "FILE.json")]
    pub baseline: Option<PathBuf>,

    /// Growth over the baseline that is tolerated, in percent, as sizes vary a little from build to build
    #[arg(
        help_heading = "Verdict",
        long = "tolerance",
        value_name = "PERCENT",
        default_value_t = 10.0
    )]
    pub tolerance_percent: f64,

    /// Write a report with graphs to this file
    #[arg(help_heading = "Reports", long, value_name = "FILE.html")]
    pub report: Option<PathBuf>,

    #[command(flatten)]
    #[expect(
        missing_docs,
        reason = "a doc comment here would become the help of the command"
    )]
    pub limits: LimitFlags,
}

/// The form of a report.
#[derive(Clone, Copy, Debug, PartialEq, clap::ValueEnum)]
pub enum Format {
    /// For people.
    Table,
    /// Everything, for programs.
    Json,
    /// A test report, for CI.
    Junit,
}
