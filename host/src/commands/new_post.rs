//! `new`: the file of a new post.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;

use crate::print;

/// What to begin, and where.
#[derive(Debug, clap::Args)]
pub struct Flags {
    /// The title of the post
    pub title: String,

    /// The folder of content
    #[arg(value_name = "DIR", default_value = "content")]
    pub folder: PathBuf,
}

/// Writes the file, and prints its path; one that is there already is left alone.
pub fn run(flags: &Flags) -> Result<ExitCode> {
    let path = client::new_post::create(&flags.folder, &flags.title)?;
    print::line(print::name(path.display()))?;
    Ok(ExitCode::SUCCESS)
}
