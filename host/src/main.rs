//! `mayfly`: runs the command that its arguments name.

mod cli;
mod manual;

use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{CommandFactory, Parser};
use cli::{Cli, Command};
use mayfly::commands::{check, export, maintenance, new_post, publish};
use mayfly::failure::Failure;
use mayfly::{log, measure, profile, serve};
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
    let cli = Cli::parse();
    let failure = match cli.command {
        Command::Measure(_) => ExitCode::from(leaktest::Outcome::Error.exit_code()),
        _ => ExitCode::FAILURE,
    };
    run(cli).unwrap_or_else(|error| {
        mayfly::print::note(format_args!("mayfly: {}", Failure(&error)));
        failure
    })
}

fn run(cli: Cli) -> Result<ExitCode> {
    log::start(cli.form(), cli.verbosity(), cli.default_log())?;
    let threads = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let threads = threads.context("cannot start threads")?;
    threads.block_on(async {
        match cli.command {
            Command::Serve(flags) => serve::run(flags).await,
            Command::Measure(flags) => measure::run(&flags).await,
            Command::New(flags) => new_post::run(&flags),
            Command::Check(flags) => check::run(flags).await,
            Command::Publish(flags) => publish::run(flags).await,
            Command::Export(flags) => export::run(flags).await,
            Command::Reindex(flags) => maintenance::reindex(&flags).await,
            Command::Gc(flags) => maintenance::gc(&flags).await,
            Command::Profile(flags) => profile::run(flags).await,
            Command::Completions { shell } => done(manual::complete(Cli::command(), shell)),
            Command::Man { folder } => done(manual::write_pages(Cli::command(), &folder)),
        }
    })
}

fn done(result: Result<()>) -> Result<ExitCode> {
    result.map(|()| ExitCode::SUCCESS)
}
