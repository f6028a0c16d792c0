//! The calendar by which posts are cut into leaves: months in UTC, counted from year 0.

use jiff::Timestamp;
use jiff::tz::Offset;

/// The month of an instant, in seconds since 1970.
pub(super) fn month_of(unix: i64) -> u32 {
    let date = Offset::UTC.to_datetime(Timestamp::from_second(unix).unwrap_or_default());
    // Authors write years of four digits; an offset can lead a day before year 0.
    let year = u32::try_from(date.year()).unwrap_or(0);
    year * 12 + u32::from(date.month().unsigned_abs()) - 1
}

/// The year of a month.
pub(super) fn year_of(month: u32) -> i16 {
    i16::try_from(month / 12).unwrap_or(i16::MAX)
}

/// The year whose days some posts of this month have, written where clocks differ from UTC:
/// the next one for December, the last one for January.
pub(super) fn other_year_of(month: u32) -> i16 {
    match month % 12 {
        11 => year_of(month) + 1,
        _ => year_of(month) - 1,
    }
}
