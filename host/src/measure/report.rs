//! Reports: a measurement shown. They compute nothing that the measurement does not say.

mod junit;
mod page;
mod plot;
mod table;

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::{Context, Result};

use super::flags::{Flags, Format};
use super::measurement::Measurement;
use crate::print;

/// The file of a report, which can be written to: nobody waits for a measurement to learn that it
/// cannot.
pub(super) struct File(Option<fs::File>);

impl File {
    /// Opens the file that `flags` name, if they do. What is in it stays until there is a report.
    pub(super) fn open(flags: &Flags) -> Result<Self> {
        let open = |path: &PathBuf| {
            let file = OpenOptions::new()
                .create(true)
                .write(true)
                .truncate(false)
                .open(path);
            file.with_context(|| format!("cannot write the report {}", path.display()))
        };
        Ok(Self(flags.report.as_ref().map(open).transpose()?))
    }

    fn write(self, measurement: &Measurement) -> io::Result<()> {
        let Some(mut file) = self.0 else {
            return Ok(());
        };
        file.set_len(0)?;
        file.write_all(page::show(measurement).as_ref())
    }
}

/// Writes the reports that `flags` ask for.
pub(super) fn write(flags: &Flags, file: File, measurement: &Measurement) -> Result<()> {
    match flags.format {
        Format::Table => print::all(table::show(measurement))?,
        Format::Json => print::all(format_args!(
            "{}\n",
            serde_json::to_string_pretty(measurement)?
        ))?,
        Format::Junit => print::all(junit::show(measurement)?)?,
    }
    file.write(measurement).context("cannot write the report")
}
