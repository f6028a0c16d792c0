//! Reports: a measurement shown. They compute nothing that the measurement does not say.

mod junit;
mod page;
mod plot;
mod table;

use std::time::Duration;

use anyhow::{Context, Result};

use super::Flags;
use super::measurement::Measurement;
use crate::print;
use instance::units::{show_bytes, show_time};
use leaktest::Measure;

/// The form of a report.
#[derive(Clone, Copy, Debug, PartialEq, clap::ValueEnum)]
pub enum Format {
    /// For people.
    Table,
    /// Everything, for programs.
    Json,
    /// A test report, for CI.
    Junit,
}

/// Writes the reports that `flags` ask for.
pub(super) fn write(flags: &Flags, measurement: &Measurement) -> Result<()> {
    match flags.format {
        Format::Table => print::all(table::show(measurement))?,
        Format::Json => print::all(format_args!(
            "{}\n",
            serde_json::to_string_pretty(measurement)?
        ))?,
        Format::Junit => print::all(junit::show(measurement))?,
    }
    if let Some(file) = &flags.report {
        std::fs::write(file, page::show(measurement))
            .with_context(|| format!("cannot write the report {}", file.display()))?;
    }
    Ok(())
}

/// Shows an amount of what `measure` counts.
pub(super) fn amount(measure: Measure, amount: f64) -> String {
    match measure {
        Measure::Handles if amount.fract() == 0.0 => format!("{amount:.0}"),
        Measure::Handles => format!("{amount:.2}"),
        _ => show_bytes(amount),
    }
}

/// Shows a mean of times.
pub(super) fn mean_time(us: f64) -> String {
    show_time(Duration::from_micros(us.round() as u64))
}

/// Shows a number with separated thousands.
pub(super) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut shown = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        assert_eq!(count(7), "7");
        assert_eq!(count(1_234_567), "1,234,567");
    }
}
