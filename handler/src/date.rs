//! Moments, and how dates are written: for readers by language, for feeds and headers by their
//! standards.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;
use serde::{Deserialize, Serialize};

/// An instant with the offset from UTC at which its author reads clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Moment {
    /// Seconds since 1970-01-01T00:00:00Z.
    pub unix: i64,
    /// Seconds by which clocks there are ahead of UTC.
    pub offset_seconds: i32,
}

/// `2026-11-23T08:30:00+08:00` (RFC 3339).
pub fn rfc3339(moment: &Moment) -> String {
    let local = local(moment);
    let minutes = moment.offset_seconds / 60;
    let sign = if minutes < 0 { '-' } else { '+' };
    let minutes = minutes.abs();
    format!(
        "{}T{:02}:{:02}:{:02}{sign}{:02}:{:02}",
        day(moment),
        local.hour(),
        local.minute(),
        local.second(),
        minutes / 60,
        minutes % 60,
    )
}

/// `2026-11-23`, where it was written.
pub fn day(moment: &Moment) -> String {
    let local = local(moment);
    format!(
        "{:04}-{:02}-{:02}",
        local.year(),
        local.month(),
        local.day()
    )
}

/// The year where it was written.
pub fn year(moment: &Moment) -> i16 {
    local(moment).year()
}

/// `Mon, 23 Nov 2026 08:30:00 GMT`, the form of HTTP headers (RFC 9110, 5.6.7), of a Unix time.
pub fn http(unix: i64) -> String {
    english(
        &local(&Moment {
            unix,
            offset_seconds: 0,
        }),
        "GMT",
    )
}

/// The same with a zone, the form of RSS (RFC 822 as RSS 2.0 amends it).
pub fn rfc822(moment: &Moment) -> String {
    let minutes = moment.offset_seconds / 60;
    let sign = if minutes < 0 { '-' } else { '+' };
    let minutes = minutes.abs();
    english(
        &local(moment),
        &format!("{sign}{:02}{:02}", minutes / 60, minutes % 60),
    )
}

/// A `2026-11-23` as a reader of the language writes it.
pub fn long(day: &str, lang: &str) -> String {
    let mut parts = day.splitn(3, '-');
    let mut number = || parts.next().and_then(|part| part.parse::<usize>().ok());
    let (Some(year), Some(month @ 1..=12), Some(day_of_month)) = (number(), number(), number())
    else {
        return day.to_owned();
    };
    match lang.split('-').next() {
        Some("zh" | "ja") => format!("{year}年{month}月{day_of_month}日"),
        Some("en") => format!("{day_of_month} {} {year}", MONTHS[month - 1]),
        // ISO 8601 is understood everywhere.
        _ => day.to_owned(),
    }
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

fn local(moment: &Moment) -> DateTime {
    let offset = Offset::from_seconds(moment.offset_seconds).unwrap_or(Offset::UTC);
    offset.to_datetime(Timestamp::from_second(moment.unix).unwrap_or_default())
}

fn english(local: &DateTime, zone: &str) -> String {
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let weekday = DAYS[usize::from(local.weekday().to_monday_zero_offset().unsigned_abs())];
    let month = &MONTHS[usize::from(local.month().unsigned_abs()) - 1][..3];
    format!(
        "{weekday}, {:02} {month} {:04} {:02}:{:02}:{:02} {zone}",
        local.day(),
        local.year(),
        local.hour(),
        local.minute(),
        local.second(),
    )
}
