//! Sizes and times as flags take them and reports show them: `16MiB`, `250ms`.

use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use jiff::SignedDuration;

const KIB: f64 = 1024.0;
const MIB: f64 = 1024.0 * KIB;
const GIB: f64 = 1024.0 * MIB;
/// Above it, not every number of bytes is exact.
const LARGEST_SIZE: f64 = 9_007_199_254_740_992.0;
/// A year: no clock overflows when it is added to now.
const LONGEST_TIME: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// Reads a size in bytes: `512KiB`, `1.5GiB` or a plain number. As elsewhere, `16M` is `16MiB`, and
/// `16MB` is 16,000,000 bytes; small letters will do.
///
/// # Errors
///
/// If the text is not a number with one of these units, or if it is negative or too large.
pub fn parse_size(text: &str) -> Result<usize> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.');
    let (number, unit) = text.split_at(end.unwrap_or(text.len()));
    let number: f64 = number
        .parse()
        .ok()
        .context("expected a number with a unit, such as 16MiB")?;
    let unit = unit.trim();
    let factor = match unit.to_ascii_lowercase().as_str() {
        "" | "b" => 1.0,
        "k" | "kib" => KIB,
        "m" | "mib" => MIB,
        "g" | "gib" => GIB,
        "kb" => 1e3,
        "mb" => 1e6,
        "gb" => 1e9,
        _ => bail!("unknown unit {unit:?}: use B, KiB, MiB, GiB, KB, MB or GB"),
    };
    let bytes = number * factor;
    ensure!(bytes <= LARGEST_SIZE, "too large: at most 8388608GiB");
    Ok(bytes.round() as usize)
}

/// Reads a time: `250ms`, `1.5s`, `90m`, `1h30m`.
///
/// # Errors
///
/// If the text is not a number with a unit, or if it is negative or longer than a year.
pub fn parse_time(text: &str) -> Result<Duration> {
    let time: SignedDuration = text
        .parse()
        .ok()
        .context("expected a time with a unit, such as 250ms, 1.5s, 90m or 1h30m")?;
    let time = Duration::try_from(time)
        .ok()
        .context("a time cannot be negative")?;
    ensure!(time <= LONGEST_TIME, "too long: at most 8760h");
    Ok(time)
}

/// Shows an amount of bytes: as it is where few digits say all, else with one decimal place.
pub fn show_bytes(bytes: f64) -> String {
    match bytes.abs() {
        size if size >= GIB => show(bytes / GIB, "GiB"),
        size if size >= MIB => show(bytes / MIB, "MiB"),
        size if size >= KIB => show(bytes / KIB, "KiB"),
        _ => show(bytes, "B"),
    }
}

/// Like `show_bytes`, for a size in memory.
pub fn show_size(bytes: usize) -> String {
    show_bytes(bytes as f64)
}

/// Shows a time: as it is where few digits say all, else with one decimal place.
pub fn show_time(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    match time.as_micros() {
        us @ 0..1000 => format!("{us} us"),
        1000..1_000_000 => show(seconds * 1e3, "ms"),
        _ => show(seconds, "s"),
    }
}

fn show(number: f64, unit: &str) -> String {
    if number.fract() == 0.0 {
        format!("{number:.0} {unit}")
    } else {
        format!("{number:.1} {unit}")
    }
}

/// Shows how many there are of something whose plural takes an s.
pub fn show_count(count: usize, one: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{count} {one}{s}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_that_are_read() {
        for (text, bytes) in [
            ("0", 0),
            ("100", 100),
            ("100B", 100),
            ("16M", 16 << 20),
            ("16MB", 16_000_000),
            ("16MiB", 16 << 20),
            ("16mib", 16 << 20),
            ("1536k", 1536 << 10),
            ("64KB", 64_000),
            ("2 GiB", 2 << 30),
            ("1.5GiB", 3 << 29),
            ("8388608GiB", 1 << 53),
        ] {
            assert_eq!(parse_size(text).expect(text), bytes, "{text}");
        }
    }

    #[test]
    fn sizes_that_are_none() {
        for (text, part) in [
            ("", "expected a number"),
            ("MiB", "expected a number"),
            ("-1", "expected a number"),
            ("NaN", "expected a number"),
            ("inf", "expected a number"),
            ("1.2.3MiB", "expected a number"),
            ("1e3", "unknown unit \"e3\""),
            ("16MiBs", "unknown unit \"MiBs\""),
            ("8388609GiB", "too large"),
            (&"9".repeat(400), "too large"),
        ] {
            let error = parse_size(text).expect_err(text).to_string();
            assert!(error.contains(part), "{text}: {error}");
        }
    }

    #[test]
    fn times_that_are_read() {
        for (text, milliseconds) in [
            ("0s", 0),
            ("250ms", 250),
            ("1.5s", 1500),
            ("90m", 5_400_000),
            ("1h", 3_600_000),
            ("1h30m", 5_400_000),
            ("2 min", 120_000),
            ("8760h", 31_536_000_000),
        ] {
            let time = Duration::from_millis(milliseconds);
            assert_eq!(parse_time(text).expect(text), time, "{text}");
        }
    }

    #[test]
    fn times_that_are_none() {
        for (text, part) in [
            ("", "expected a time"),
            ("5", "expected a time"),
            ("s", "expected a time"),
            ("NaN", "expected a time"),
            ("NaNs", "expected a time"),
            ("1e9s", "expected a time"),
            ("99999999999999999999h", "expected a time"),
            ("-5s", "cannot be negative"),
            ("8761h", "too long"),
        ] {
            let error = parse_time(text).expect_err(text).to_string();
            assert!(error.contains(part), "{text}: {error}");
        }
    }

    #[test]
    fn amounts_as_they_are_shown() {
        for (bytes, shown) in [
            (0.0, "0 B"),
            (16.0, "16 B"),
            (15.96, "16.0 B"),
            (1023.0, "1023 B"),
            (1024.0, "1 KiB"),
            (1030.0, "1.0 KiB"),
            (1536.0, "1.5 KiB"),
            (-2_621_440.0, "-2.5 MiB"),
            (16.0 * MIB, "16 MiB"),
            (3.0 * 1024.0 * GIB, "3072 GiB"),
        ] {
            assert_eq!(show_bytes(bytes), shown);
        }
        for (us, shown) in [
            (0, "0 us"),
            (999, "999 us"),
            (1000, "1 ms"),
            (1540, "1.5 ms"),
            (250_000, "250 ms"),
            (120_000_000, "120 s"),
        ] {
            assert_eq!(show_time(Duration::from_micros(us)), shown);
        }
    }
}
