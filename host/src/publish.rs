//! `publish`: a folder of content, sent to the component that stores it.
//!
//! There is one way to write: authenticated HTTP requests to the component. They go to an
//! instance in this process, or over the network to another host.

mod batch;
mod content;
mod document;
mod documents;
mod percent;
mod problem;
mod progress;
mod published;
mod publisher;
mod references;
mod report;
mod target;
mod upload;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::application::{self, Application};
use crate::log;
pub use publisher::Publisher;
pub use report::Report;
pub use target::Target;

/// What to publish and where.
#[derive(Debug, clap::Args)]
pub struct Flags {
    /// The folder with site.toml, posts, pages, media and theme
    #[arg(value_name = "DIR", default_value = "content")]
    pub folder: PathBuf,

    /// The address of the blog; without it the content goes into the store of the manifest
    #[arg(long, value_name = "URL")]
    pub to: Option<String>,

    /// The admin token of that blog
    #[arg(
        long,
        env = "MAYFLY_TOKEN",
        hide_env_values = true,
        value_name = "TOKEN",
        requires = "to"
    )]
    pub token: Option<String>,

    /// A file with the admin token
    #[arg(long, value_name = "FILE", requires = "to", conflicts_with = "token")]
    pub token_file: Option<PathBuf>,

    #[command(flatten)]
    #[expect(
        missing_docs,
        reason = "a doc comment here would become the help of the command"
    )]
    pub application: application::Flags,
}

/// Publishes once; fails if there is something for the author to mend.
pub async fn run(flags: Flags) -> Result<ExitCode> {
    log::start(log::Form::Text);
    let target = match &flags.to {
        Some(url) => Target::remote(url, token(&flags)?)?,
        None => Target::in_process(&Application::open(&flags.application)?)?,
    };
    let report = Publisher::new(target, flags.folder).publish().await?;
    report.print();
    Ok(if report.has_problems() {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

fn token(flags: &Flags) -> Result<String> {
    if let Some(file) = &flags.token_file {
        let token = std::fs::read_to_string(file)
            .with_context(|| format!("cannot read the token from {}", file.display()))?;
        return Ok(token.trim().to_owned());
    }
    let token = flags.token.clone();
    token.context("the blog wants its admin token: set MAYFLY_TOKEN or give --token-file")
}
