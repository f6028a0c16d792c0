//! What the program says of itself to shells and to `man`.

use std::path::Path;

use anyhow::{Context, Result};
use clap::Command;
use clap_complete::Shell;

/// Prints the completions of a shell.
pub(crate) fn complete(mut command: Command, shell: Shell) -> Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, "mayfly", &mut script);
    mayfly::print::all(String::from_utf8_lossy(&script))
}

/// Writes a page for the program, and one for each of its commands.
pub(crate) fn write_pages(command: Command, folder: &Path) -> Result<()> {
    let written = clap_mangen::generate_to(command, folder);
    written.with_context(|| format!("cannot write the pages into {}", folder.display()))
}
