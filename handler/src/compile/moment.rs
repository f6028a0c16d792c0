//! A moment: an instant, and the offset of the place it was written for.
//!
//! With the offset beside it, a page shows the author's date and time without any rules of zones.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};

use super::zone::{self, Zone};
use crate::date::Moment;

impl Moment {
    /// Reads `2026-11-23`, `2026-11-23 08:30`, `2026-11-23T08:30:00+08:00`; what has no offset
    /// is meant in `zone`.
    pub(super) fn parse(text: &str, zone: &Zone) -> Result<Self, BadDate> {
        let (date, rest) = text.split_at_checked(10).ok_or(BadDate::Shape)?;
        let date = parse_date(date)?;
        if rest.is_empty() {
            return in_zone(date, Time::midnight(), zone);
        }
        let rest = rest
            .strip_prefix(['T', 't', ' '])
            .ok_or(BadDate::Shape)?
            .trim_start();
        let end = rest
            .find(|c: char| !matches!(c, '0'..='9' | ':' | '.'))
            .unwrap_or(rest.len());
        let (clock, offset) = rest.split_at(end);
        let time = parse_time(clock)?;
        match offset.trim_start() {
            "" => in_zone(date, time, zone),
            "Z" | "z" => in_zone(date, time, &Zone::UTC),
            offset => at_offset(date, time, offset),
        }
    }
}

/// Why a text is no date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BadDate {
    /// It does not look like one.
    Shape,
    /// There is no such day in the calendar.
    Day,
    /// There is no such time of day.
    Time,
    /// It is a day of the calendar, and too late to be an instant in every zone.
    Far,
}

/// The date that digits alone seem to mean, as dates are written here: `20261123`, or seconds
/// since 1970.
pub(super) fn written_otherwise(digits: &str) -> Option<String> {
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    match digits.len() {
        8 => {
            let date = format!("{}-{}-{}", &digits[..4], &digits[4..6], &digits[6..]);
            parse_date(&date).is_ok().then_some(date)
        }
        9 | 10 => {
            let instant = Timestamp::from_second(digits.parse().ok()?).ok()?;
            Some(instant.to_string())
        }
        _ => None,
    }
}

fn parse_date(text: &str) -> Result<Date, BadDate> {
    let [year, month, day] = numbers(text, '-', [4, 2, 2])?;
    let small = |number| i8::try_from(number).unwrap_or(i8::MAX);
    Date::new(year, small(month), small(day)).or(Err(BadDate::Day))
}

/// `08:30`, `08:30:15` or `08:30:15.250`; what is less than a second is left out.
fn parse_time(text: &str) -> Result<Time, BadDate> {
    let whole = match text.split_once('.') {
        Some((whole, fraction)) if !fraction.is_empty() && whole.len() == 8 => whole,
        Some(_) => return Err(BadDate::Shape),
        None => text,
    };
    let [hour, minute, second] = match whole.len() {
        5 => numbers(&format!("{whole}:00"), ':', [2, 2, 2])?,
        _ => numbers(whole, ':', [2, 2, 2])?,
    };
    let small = |number| i8::try_from(number).unwrap_or(i8::MAX);
    Time::new(small(hour), small(minute), small(second), 0).or(Err(BadDate::Time))
}

fn numbers(text: &str, between: char, lengths: [usize; 3]) -> Result<[i16; 3], BadDate> {
    let mut parts = text.split(between);
    let mut numbers = [0; 3];
    for (number, length) in numbers.iter_mut().zip(lengths) {
        let part = parts
            .next()
            .filter(|part| part.len() == length)
            .ok_or(BadDate::Shape)?;
        if !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(BadDate::Shape);
        }
        *number = part.parse().or(Err(BadDate::Shape))?;
    }
    if parts.next().is_some() {
        Err(BadDate::Shape)
    } else {
        Ok(numbers)
    }
}

fn in_zone(date: Date, time: Time, zone: &Zone) -> Result<Moment, BadDate> {
    zone.moment(DateTime::from_parts(date, time))
        .ok_or(BadDate::Far)
}

fn at_offset(date: Date, time: Time, offset: &str) -> Result<Moment, BadDate> {
    let offset = zone::offset(offset).ok_or(BadDate::Shape)?;
    let instant = offset
        .to_timestamp(DateTime::from_parts(date, time))
        .or(Err(BadDate::Far))?;
    Ok(Moment {
        unix: instant.as_second(),
        offset_seconds: offset.seconds(),
    })
}
