//! Which blog a command is about, as flags of every command that talks to one.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use client::BlogClient;
use instance::units::parse_time;

use super::terminal::Terminal;
use crate::application::{self, Application};

/// Which blog to write to.
#[derive(Debug, clap::Args)]
pub struct BlogFlags {
    /// The address of the blog; without it, the blog is in the store of the manifest
    #[arg(
        long,
        value_name = "URL",
        conflicts_with = "store",
        help_heading = "A blog at an address"
    )]
    pub to: Option<String>,

    #[command(flatten)]
    #[expect(
        missing_docs,
        reason = "a doc comment here would become the help of the command"
    )]
    pub access: AccessFlags,

    #[command(flatten)]
    #[expect(
        missing_docs,
        reason = "a doc comment here would become the help of the command"
    )]
    pub application: application::Flags,
}

/// How to get at a blog elsewhere.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "A blog at an address")]
pub struct AccessFlags {
    /// The admin token of the blog at that address. Other users of this machine see it in the list
    /// of processes: MAYFLY_TOKEN and --token-file keep it to yourself [default: what MAYFLY_TOKEN
    /// holds]
    #[arg(long, value_name = "TOKEN", conflicts_with = "token_file")]
    pub token: Option<String>,

    /// A file with the admin token, which counts more than MAYFLY_TOKEN
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<PathBuf>,

    /// How long to wait for a blog that is busy, or has gone in the middle of the work
    #[arg(long, value_name = "TIME", default_value = "2m", value_parser = parse_time)]
    pub wait: Duration,
}

impl BlogFlags {
    /// Opens the blog; one in a store that is not there is begun.
    pub fn open(&self) -> Result<BlogClient> {
        let url = self.to.as_deref();
        self.access
            .client(url, || Application::open(&self.application))
    }

    /// Opens the blog to be read only: where there is none, an empty one in memory.
    pub fn look(&self) -> Result<BlogClient> {
        let url = self.to.as_deref();
        self.access
            .client(url, || Application::look(&self.application))
    }

    /// Opens the blog that is there.
    pub fn find(&self) -> Result<BlogClient> {
        self.access.find(self.to.as_deref(), &self.application)
    }
}

impl AccessFlags {
    /// Opens the blog at `url`, or the one that the application has.
    pub fn find(&self, url: Option<&str>, application: &application::Flags) -> Result<BlogClient> {
        self.client(url, || Application::find(application))
    }

    fn client(
        &self,
        url: Option<&str>,
        application: impl FnOnce() -> Result<Application>,
    ) -> Result<BlogClient> {
        let client = match url {
            Some(url) => BlogClient::remote(url, self.token()?)?,
            None if self.token_file.is_some() => {
                bail!("--token-file is for a blog elsewhere: give its address, too")
            }
            None if self.token.is_some() => {
                bail!("--token is for a blog elsewhere: give its address, too")
            }
            None => application()?.client()?,
        };
        let client = client.with_max_wait(self.wait);
        Ok(client.with_observer(Arc::new(Terminal::new())))
    }

    /// The token that a user means. Clap does not read the variable, for it takes what is in a
    /// variable for something that was typed, and that must not conflict with a file.
    fn token(&self) -> Result<String> {
        if let Some(token) = &self.token {
            return Ok(token.clone());
        }
        if let Some(file) = &self.token_file {
            let token = std::fs::read_to_string(file)
                .with_context(|| format!("cannot read the token from {}", file.display()))?;
            return Ok(token.trim().to_owned());
        }
        match std::env::var("MAYFLY_TOKEN") {
            Ok(token) if !token.is_empty() => Ok(token),
            _ => bail!("the blog wants its admin token: set MAYFLY_TOKEN or give --token-file"),
        }
    }
}
