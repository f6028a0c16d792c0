//! `check`: what is wrong with a folder of content, told without a server.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Result, bail};
use client::check::{Checked, Findings};
use instance::units::show_count;
use keyvalue::Location;

use super::problems;
use super::terminal::Terminal;
use crate::application::{self, Application};
use crate::print;

/// What to check, and by which component.
#[derive(Debug, clap::Args)]
#[command(mut_arg("store", |store| store.hide(true)))]
pub struct Flags {
    /// The folder with site.toml, posts, pages, media and theme
    #[arg(value_name = "DIR", default_value = "content")]
    pub folder: PathBuf,

    #[command(flatten)]
    #[expect(
        missing_docs,
        reason = "a doc comment here would become the help of the command"
    )]
    pub application: application::Flags,
}

/// Checks once; fails if there is an error.
pub async fn run(flags: Flags) -> Result<ExitCode> {
    if flags.application.store.is_some() {
        bail!(
            "check needs no store: it looks at the files of {}",
            flags.folder.display()
        );
    }
    let application = Application::open(&application::Flags {
        store: Some(Location::Memory),
        ..flags.application
    })?;
    let client = application.client()?;
    let client = client.with_observer(Arc::new(Terminal::new()));
    let Checked {
        published,
        findings,
    } = client::check::check(client, flags.folder).await?;
    print_all(&published.folder, &findings);
    print::line(format_args!(
        "checked {}, {}, {} media: {}, {}",
        show_count(published.posts, "post"),
        show_count(published.pages, "page"),
        published.media,
        show_count(findings.errors(), "error"),
        show_count(findings.warnings(), "warning")
    ))?;
    Ok(if findings.errors() > 0 {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

fn print_all(folder: &Path, findings: &Findings) {
    for finding in findings.iter() {
        let mut problem = finding.problem.clone();
        if !finding.is_error {
            problem.message = format!("warning: {}", problem.message);
        }
        print::note(problems::show(folder, &problem));
    }
}
