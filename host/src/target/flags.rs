//! Which blog a command is about, as flags of every command that talks to one.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::Target;
use crate::application::{self, Application};
use instance::units::parse_time;

/// Which blog to write to.
#[derive(Debug, clap::Args)]
pub struct Flags {
    /// The address of the blog; without it, the blog is in the store of the manifest
    #[arg(long, value_name = "URL", conflicts_with = "store")]
    pub to: Option<String>,

    #[command(flatten)]
    #[expect(
        missing_docs,
        reason = "a doc comment here would become the help of the command"
    )]
    pub access: Access,

    #[command(flatten)]
    #[expect(
        missing_docs,
        reason = "a doc comment here would become the help of the command"
    )]
    pub application: application::Flags,
}

/// How to get at a blog elsewhere.
#[derive(Debug, clap::Args)]
pub struct Access {
    /// The admin token of the blog at that address
    #[arg(
        long,
        env = "MAYFLY_TOKEN",
        hide_env_values = true,
        value_name = "TOKEN"
    )]
    pub token: Option<String>,

    /// A file with the admin token; it counts more than --token
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<PathBuf>,

    /// How long to wait for a blog that is busy, or has gone in the middle of the work
    #[arg(long, value_name = "TIME", default_value = "2m", value_parser = parse_time)]
    pub wait: Duration,
}

impl Flags {
    /// Opens the blog; one in a store that is not there is begun.
    pub fn open(&self) -> Result<Target> {
        let url = self.to.as_deref();
        self.access
            .target(url, || Application::open(&self.application))
    }

    /// Opens the blog to be looked at: where there is none, an empty one in memory.
    pub fn look(&self) -> Result<Target> {
        let url = self.to.as_deref();
        self.access
            .target(url, || Application::look(&self.application))
    }

    /// Opens the blog that is there.
    pub fn find(&self) -> Result<Target> {
        self.access.find(self.to.as_deref(), &self.application)
    }
}

impl Access {
    /// Opens the blog at `url`, or the one that the application has.
    pub fn find(&self, url: Option<&str>, application: &application::Flags) -> Result<Target> {
        self.target(url, || Application::find(application))
    }

    fn target(
        &self,
        url: Option<&str>,
        application: impl FnOnce() -> Result<Application>,
    ) -> Result<Target> {
        let target = match url {
            Some(url) => Target::remote(url, self.token()?)?,
            None if self.token_file.is_some() => {
                bail!("--token-file is for a blog elsewhere: give its address, too")
            }
            None => Target::in_process(&application()?)?,
        };
        Ok(target.waiting(self.wait))
    }

    fn token(&self) -> Result<String> {
        if let Some(file) = &self.token_file {
            let token = std::fs::read_to_string(file)
                .with_context(|| format!("cannot read the token from {}", file.display()))?;
            return Ok(token.trim().to_owned());
        }
        let token = self.token.clone();
        token.context("the blog wants its admin token: set MAYFLY_TOKEN or give --token-file")
    }
}
