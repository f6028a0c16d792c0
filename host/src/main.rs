//! `mayfly`: runs the command that its arguments name.

mod cli;

use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Parser;
use cli::{Cli, Command};
use mayfly::failure::Failure;
use mayfly::{check, export, measure, new_post, profile, publish, serve, upkeep};
use tikv_jemallocator::Jemalloc;

/// The allocator that can say what it holds.
#[global_allocator]
static ALLOCATOR: Jemalloc = Jemalloc;

/// Its settings: profiles are possible, but nothing is sampled until `--debug-listen` asks. What
/// the threads of the compiler no longer need goes back to the system soon: they have nothing
/// more to do, so it would stay with them for good.
#[unsafe(export_name = "_rjem_malloc_conf")]
static SETTINGS: &u8 =
    &b"prof:true,prof_active:false,lg_prof_sample:19,background_thread:true,dirty_decay_ms:1000\0"
        [0];

fn main() -> ExitCode {
    run(Cli::parse()).unwrap_or_else(|error| {
        mayfly::print::note(format_args!("mayfly: {}", Failure(&error)));
        ExitCode::FAILURE
    })
}

fn run(cli: Cli) -> Result<ExitCode> {
    let threads = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let threads = threads.context("cannot start threads")?;
    threads.block_on(async {
        match cli.command {
            Command::Serve(flags) => serve::run(flags).await,
            Command::Measure(flags) => Ok(measure::run(&flags).await),
            Command::New(flags) => new_post::run(&flags),
            Command::Check(flags) => check::run(flags).await,
            Command::Publish(flags) => publish::run(flags).await,
            Command::Export(flags) => export::run(flags).await,
            Command::Reindex(flags) => upkeep::reindex(&flags).await,
            Command::Gc(flags) => upkeep::collect(&flags).await,
            Command::Profile(flags) => profile::run(flags).await,
        }
    })
}
