//! `export`: a whole blog back to the files that it was published from.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use instance::units::show_count;

use super::blog_flags::AccessFlags;
use crate::application;
use crate::print;

/// What to export, and where to.
#[derive(Debug, clap::Args)]
pub struct Flags {
    /// The folder to write to; it is made, or it is empty
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,

    /// The address of the blog; without it, the blog is in the store of the manifest
    #[arg(
        long,
        value_name = "URL",
        conflicts_with = "store",
        help_heading = "A blog at an address"
    )]
    pub from: Option<String>,

    /// Write into a folder that is not empty, over files of the same names
    #[arg(long)]
    pub overwrite: bool,

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

/// Exports once; fails if something of the blog could not be read.
pub async fn run(flags: Flags) -> Result<ExitCode> {
    let client = flags
        .access
        .find(flags.from.as_deref(), &flags.application)?;
    let exported = client::export::export(&client, &flags.folder, flags.overwrite).await?;
    print::line(format_args!(
        "exported {} to {} ({} not readable)",
        show_count(exported.files, "file"),
        flags.folder.display(),
        exported.unreadable
    ))?;
    Ok(if exported.unreadable > 0 {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}
