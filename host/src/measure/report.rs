//! Reports: a measurement shown. They compute nothing that the measurement does not say.

mod junit;
mod page;
mod plot;
mod table;

use anyhow::{Context, Result};

use super::flags::{Flags, Format};
use super::measurement::Measurement;
use crate::print;

/// Writes the reports that `flags` ask for.
pub(super) fn write(flags: &Flags, measurement: &Measurement) -> Result<()> {
    match flags.format {
        Format::Table => print::all(table::show(measurement))?,
        Format::Json => print::all(format_args!(
            "{}\n",
            serde_json::to_string_pretty(measurement)?
        ))?,
        Format::Junit => print::all(junit::show(measurement)?)?,
    }
    if let Some(file) = &flags.report {
        std::fs::write(file, page::show(measurement))
            .with_context(|| format!("cannot write the report {}", file.display()))?;
    }
    Ok(())
}
