//! `profile`: which function of a component allocates the memory.
//!
//! A run is recorded with the guest's allocator watched, or an earlier one is read from its
//! capture; then one reader shows it.

mod read;
mod show;
mod source;
mod view;

use std::io;
use std::process::ExitCode;

use anyhow::Result;

use read::{Reader, top};

/// What to profile, and what to show of it.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Flags {
    #[command(subcommand)]
    reader: Option<Reader>,

    #[command(flatten)]
    top: top::Flags,
}

/// Records or reads a profile and shows it.
pub async fn run(flags: Flags) -> Result<ExitCode> {
    let reader = flags.reader.unwrap_or(Reader::Top(flags.top));
    match reader.run().await {
        // Who pipes into `head` has seen enough.
        Err(error) if is_closed_pipe(&error) => Ok(ExitCode::SUCCESS),
        read => read.map(|()| ExitCode::SUCCESS),
    }
}

fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let error = error.downcast_ref::<io::Error>();
    error.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
