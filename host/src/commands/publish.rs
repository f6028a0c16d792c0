//! `publish`: sends a folder of content to a blog.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use client::publish::{PublishOptions, Publisher, Report};

use super::blog_flags::BlogFlags;
use super::problems;
use crate::print;

/// What to publish and where.
#[derive(Debug, clap::Args)]
pub struct Flags {
    /// The folder with site.toml, posts, pages, media and theme
    #[arg(value_name = "DIR", default_value = "content")]
    pub folder: PathBuf,

    /// Remove from the blog what is not in the folder
    #[arg(long)]
    pub prune: bool,

    /// Say what would be changed, and change nothing
    #[arg(long)]
    pub dry_run: bool,

    /// How many keys to write in a second at most, 0 for no limit [default: 50 if the blog is on
    /// another machine]
    #[arg(long, value_name = "KEYS")]
    pub rate: Option<u32>,

    #[command(flatten)]
    #[expect(
        missing_docs,
        reason = "a doc comment here would become the help of the command"
    )]
    pub blog: BlogFlags,
}

/// What the most careful of the hosts that run the component accepts.
const KEYS_PER_SECOND: u32 = 50;

/// Publishes once; fails if there is something for the author to correct.
pub async fn run(flags: Flags) -> Result<ExitCode> {
    let client = match flags.dry_run {
        true => flags.blog.look()?,
        false => flags.blog.open()?,
    };
    let default = client.is_on_other_machine().then_some(KEYS_PER_SECOND);
    let options = PublishOptions {
        prune: flags.prune,
        dry_run: flags.dry_run,
        only_names_media: false,
        keys_per_second: flags.rate.or(default).filter(|keys| *keys > 0),
    };
    let report = Publisher::new(client, flags.folder, options)
        .publish()
        .await?;
    print_report(&report)?;
    Ok(if report.has_problems() {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// Prints a line for each problem and each change of a dry run, then the sum.
pub(crate) fn print_report(report: &Report) -> Result<()> {
    problems::print_all(report);
    for (change, path) in &report.changes {
        print::line(format_args!("would {change} {}", print::name(path)))?;
    }
    print::line(report)
}
