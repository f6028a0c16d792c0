//! `publish`: a folder of content, sent to the component that stores it.
//!
//! There is one way to write: authenticated HTTP requests to the component. They go to an
//! instance in this process, or over the network to another host.

mod batch;
pub(crate) mod content;
pub(crate) mod document;
mod documents;
mod entry;
mod front;
pub(crate) mod ignored;
mod pace;
pub(crate) mod problem;
mod publisher;
mod references;
mod removal;
mod report;
mod run;
mod upload;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;

use crate::log;
use crate::target;
pub use publisher::{Options, Publisher};
pub use report::Report;

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
    pub blog: target::Flags,
}

/// What the most careful host of those that run the component takes.
const KEYS_PER_SECOND: u32 = 50;

/// Publishes once; fails if there is something for the author to mend.
pub async fn run(flags: Flags) -> Result<ExitCode> {
    log::start(log::Form::Text)?;
    let target = match flags.dry_run {
        true => flags.blog.look()?,
        false => flags.blog.open()?,
    };
    let default = target.is_elsewhere().then_some(KEYS_PER_SECOND);
    let options = Options {
        prune: flags.prune,
        dry_run: flags.dry_run,
        only_names_media: false,
        keys_per_second: flags.rate.or(default).filter(|keys| *keys > 0),
    };
    let report = Publisher::new(target, flags.folder, options)
        .publish()
        .await?;
    report.print()?;
    Ok(if report.has_problems() {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}
