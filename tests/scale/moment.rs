//! Moments as authors write them.

use fastrand::Rng;

pub const DAY_SECONDS: i64 = 86_400;

/// A moment in the front matter or in the name of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Written {
    /// The second that it means, since 1970.
    pub unix: i64,
    /// Seconds by which the author's clock is ahead of UTC.
    pub ahead: i64,
    pub text: String,
}

/// How exactly an author tells the time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Form {
    Day,
    Minute,
    Beijing,
    Second,
}

impl Form {
    /// Most authors give the day, some a minute, few an offset.
    pub fn any(rng: &mut Rng) -> Self {
        match rng.u8(..10) {
            0..5 => Self::Day,
            5..8 => Self::Minute,
            _ => Self::Beijing,
        }
    }

    /// Writes the moment, as exactly as this form can.
    pub fn write(self, unix: i64) -> Written {
        let unit = match self {
            Self::Day => DAY_SECONDS,
            Self::Minute | Self::Beijing => 60,
            Self::Second => 1,
        };
        let unix = unix - unix.rem_euclid(unit);
        let ahead = if self == Self::Beijing { 8 * 3600 } else { 0 };
        let there = unix + ahead;
        let text = match self {
            Self::Day => day(unix),
            Self::Minute => format!("{} {}", day(unix), &clock(unix)[..5]),
            Self::Beijing => format!("{}T{}+08:00", day(there), clock(there)),
            Self::Second => format!("{}T{}Z", day(unix), clock(unix)),
        };
        Written { unix, ahead, text }
    }
}

/// The day in UTC, as `2005-06-30`.
pub fn day(unix: i64) -> String {
    let (year, month, day) = civil(unix.div_euclid(DAY_SECONDS));
    format!("{year:04}-{month:02}-{day:02}")
}

/// The year in UTC.
pub fn year(unix: i64) -> i64 {
    civil(unix.div_euclid(DAY_SECONDS)).0
}

fn clock(unix: i64) -> String {
    let second = unix.rem_euclid(DAY_SECONDS);
    format!(
        "{:02}:{:02}:{:02}",
        second / 3600,
        second / 60 % 60,
        second % 60
    )
}

/// Year, month and day of a number of days since 1970, by counting years from 1 March.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (month, carry) = if month < 10 {
        (month + 3, 0)
    } else {
        (month - 9, 1)
    };
    (era * 400 + year + carry, month, day)
}

#[test]
fn moments_are_written_as_exactly_as_their_form_can() {
    let unix = 1_709_251_199; // the last second of 29 February 2024
    for (form, text, means) in [
        (Form::Day, "2024-02-29", 1_709_164_800),
        (Form::Minute, "2024-02-29 23:59", 1_709_251_140),
        (Form::Beijing, "2024-03-01T07:59:00+08:00", 1_709_251_140),
        (Form::Second, "2024-02-29T23:59:59Z", unix),
    ] {
        let written = form.write(unix);
        assert_eq!((written.text.as_str(), written.unix), (text, means));
    }
}
