//! `profile`: which function of a component allocates the memory.
//!
//! A run is recorded with the guest's allocator watched, or an earlier one is read from its
//! capture; then one reader shows it.

mod allocators;
mod guest;
mod heap;
mod ledger;
mod points;
mod pprof;
mod probe;
mod record;
mod show;
mod source;
mod stacks;
mod symbols;

use std::process::ExitCode;

use anyhow::Result;

use crate::log;
use source::Source;

/// What to profile, and what to show of it.
#[derive(Debug, clap::Args)]
pub struct Flags {
    #[command(flatten)]
    source: Source,
}

/// Records or reads a profile and shows it.
pub async fn run(flags: Flags) -> Result<ExitCode> {
    log::start(log::Form::Text);
    let heap = flags.source.heap().await?;
    let mut out = std::io::stdout().lock();
    show::head(&heap, &mut out)?;
    Ok(ExitCode::SUCCESS)
}
