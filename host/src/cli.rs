//! The command line: its commands; each declares its own flags.

use mayfly::{profile, publish, serve};

/// Serves a wasi:http component with a fresh instance per request
#[derive(clap::Parser)]
#[command(version)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Serve a component over HTTP
    Serve(serve::Flags),
    /// Publish a folder of content
    Publish(publish::Flags),
    /// Show which functions of a component allocate memory
    Profile(profile::Flags),
}
