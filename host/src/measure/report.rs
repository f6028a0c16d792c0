//! Reports: a measurement shown. They compute nothing that the measurement does not say.

mod junit;
mod page;
mod plot;
mod table;

use anyhow::{Context, Result};

use super::Flags;
use super::measurement::Measurement;
use crate::print;
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

/// Shows an amount of bytes with three digits or so.
pub(super) fn bytes(amount: f64) -> String {
    let size = amount.abs();
    for (unit, name) in [
        (1_073_741_824.0, "GiB"),
        (1_048_576.0, "MiB"),
        (1024.0, "KiB"),
    ] {
        if size >= unit {
            return format!("{:.1} {name}", amount / unit);
        }
    }
    if amount.fract() == 0.0 {
        format!("{amount:.0} bytes")
    } else {
        format!("{amount:.1} bytes")
    }
}

/// Shows an amount of what `measure` counts.
pub(super) fn amount(measure: Measure, amount: f64) -> String {
    match measure {
        Measure::Handles if amount.fract() == 0.0 => format!("{amount:.0}"),
        Measure::Handles => format!("{amount:.2}"),
        _ => bytes(amount),
    }
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
        assert_eq!(bytes(16.0), "16 bytes");
        assert_eq!(bytes(15.96), "16.0 bytes");
        assert_eq!(bytes(1536.0), "1.5 KiB");
        assert_eq!(bytes(-2_621_440.0), "-2.5 MiB");
    }
}
