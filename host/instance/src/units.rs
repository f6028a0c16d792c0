//! Sizes and times as flags take them and log lines show them: `16MiB`, `250ms`.

use std::time::Duration;

use anyhow::{Context, Result, bail};

/// Reads `512KiB`, `16MiB`, `1GiB` or a plain number of bytes.
pub fn parse_size(text: &str) -> Result<usize> {
    let (number, unit) = split(text)?;
    let factor = match unit {
        "" | "B" => 1,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        _ => bail!("unknown unit {unit:?}: use B, KiB, MiB or GiB"),
    };
    number.checked_mul(factor).context("too large")
}

/// Reads `250ms`, `30s` or `5m`.
pub fn parse_time(text: &str) -> Result<Duration> {
    let (number, unit) = split(text)?;
    let number = number as u64;
    Ok(match unit {
        "ms" => Duration::from_millis(number),
        "s" => Duration::from_secs(number),
        "m" => Duration::from_secs(number.checked_mul(60).context("too large")?),
        _ => bail!("unknown unit {unit:?}: use ms, s or m"),
    })
}

/// Shows a size in the largest unit that loses nothing.
pub fn show_size(bytes: usize) -> String {
    for (shift, unit) in [(30, "GiB"), (20, "MiB"), (10, "KiB")] {
        if bytes > 0 && bytes.trailing_zeros() >= shift {
            return format!("{} {unit}", bytes >> shift);
        }
    }
    format!("{bytes} bytes")
}

/// Shows a time in the largest unit that loses nothing.
pub fn show_time(time: Duration) -> String {
    let milliseconds = time.as_millis();
    if milliseconds > 0 && milliseconds.is_multiple_of(1000) {
        format!("{} s", milliseconds / 1000)
    } else {
        format!("{milliseconds} ms")
    }
}

/// Shows how many there are of something whose plural takes an s.
pub fn show_count(count: usize, one: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{count} {one}{s}")
}

fn split(text: &str) -> Result<(usize, &str)> {
    let digits = text.find(|c: char| !c.is_ascii_digit());
    let (number, unit) = text.split_at(digits.unwrap_or(text.len()));
    let number = number.parse().context("expected a number with a unit")?;
    Ok((number, unit.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_size(text: &str, bytes: usize, shown: &str) {
        let parsed = parse_size(text).expect(text);
        assert_eq!((parsed, show_size(parsed).as_str()), (bytes, shown));
    }

    #[test]
    fn sizes() {
        check_size("16MiB", 16 << 20, "16 MiB");
        check_size("1536KiB", 1536 << 10, "1536 KiB");
        check_size("100", 100, "100 bytes");
        check_size("2 GiB", 2 << 30, "2 GiB");
        for wrong in ["", "MiB", "16MB", "-1", "99999999999GiB"] {
            assert!(parse_size(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn times() {
        assert_eq!(show_time(parse_time("250ms").expect("time")), "250 ms");
        assert_eq!(show_time(parse_time("2m").expect("time")), "120 s");
        for wrong in ["", "5", "5h", "s"] {
            assert!(parse_time(wrong).is_err(), "{wrong}");
        }
    }
}
