//! The command line: its commands; each declares its own flags.

use mayfly::{measure, profile, publish, serve};

/// Serves a wasi:http component with a fresh instance per request
#[derive(clap::Parser)]
#[command(version)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(clap::Subcommand)]
#[expect(
    clippy::large_enum_variant,
    reason = "it is made once, and lives as long as the program"
)]
pub(crate) enum Command {
    /// Serve a component over HTTP
    Serve(serve::Flags),
    /// Measure whether a component leaks: exit code 0 bounded, 1 leak, 2 error, 3 inconclusive
    Measure(Box<measure::Flags>),
    /// Publish a folder of content
    Publish(publish::Flags),
    /// Show which functions of a component allocate memory
    Profile(profile::Flags),
}
