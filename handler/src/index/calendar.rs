//! The calendar by which posts are cut into leaves: months in UTC, counted from year 0.
//!
//! From 2100 on a leaf is half a year, and goes by its first or its last month. Little is dated so
//! far ahead, and each leaf takes room in `head`, which every page reads.

use jiff::Timestamp;
use jiff::tz::Offset;

/// The first year whose leaves are half-years.
const FIRST_OF_HALVES: u32 = 2100;

/// The month that an instant goes by, in seconds since 1970.
pub(super) fn month_of(unix: i64) -> u32 {
    let date = Offset::UTC.to_datetime(Timestamp::from_second(unix).unwrap_or_default());
    // Authors write years of four digits; an offset can lead a day before year 0.
    let year = u32::try_from(date.year()).unwrap_or(0);
    let month = u32::from(date.month().unsigned_abs()) - 1;
    // The halves go by these months for they are the ones that other years reach into.
    let month = match month {
        0..6 if year >= FIRST_OF_HALVES => 0,
        6.. if year >= FIRST_OF_HALVES => 11,
        month => month,
    };
    year * 12 + month
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

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(date: &str, month: (i16, u32), other_year: i16) {
        let instant: Timestamp = date.parse().expect("a date");
        let found = month_of(instant.as_second());
        assert_eq!((year_of(found), found % 12 + 1), month);
        assert_eq!(other_year_of(found), other_year);
    }

    #[test]
    fn a_leaf_is_a_month_and_far_ahead_half_a_year() {
        check("2025-06-30T23:59:59Z", (2025, 6), 2024);
        check("2025-12-31T23:59:59Z", (2025, 12), 2026);
        check("2099-11-01T00:00:00Z", (2099, 11), 2098);
        check("2100-01-01T00:00:00Z", (2100, 1), 2099);
        check("2100-06-30T23:59:59Z", (2100, 1), 2099);
        check("2100-07-01T00:00:00Z", (2100, 12), 2101);
        check("2126-12-31T23:59:59Z", (2126, 12), 2127);
    }
}
