//! A time zone: where the site is at home, for dates that name no offset.
//!
//! Zones are known by the rule they follow today, as a POSIX TZ string, and that rule is applied
//! to every date: the history of a zone would be 100 KB of the instance's memory. A date from
//! before a change of the rules (Moscow in 2013) may be an hour off; write its offset.

use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use std::fmt;

use crate::date::Moment;
use crate::nearest;

/// Rules and names; the format is told where it is written, in build.rs.
const ZONES: &str = include_str!(concat!(env!("OUT_DIR"), "/zones.txt"));

/// A time zone by its rule of today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone(TimeZone);

impl Zone {
    /// Coordinated universal time.
    pub const UTC: Self = Self(TimeZone::UTC);

    /// Reads `UTC`, an offset such as `+08:00`, or a name such as `Asia/Shanghai`.
    pub fn parse(name: &str) -> Result<Self, UnknownZone> {
        if name == "UTC" {
            return Ok(Self::UTC);
        }
        let zone = match name.as_bytes().first() {
            Some(b'+' | b'-') => offset(name).map(TimeZone::fixed),
            _ => rule(name).and_then(|rule| TimeZone::posix(rule).ok()),
        };
        zone.map(Self).ok_or_else(|| UnknownZone {
            name: name.to_owned(),
            nearest: nearest::to(name, names().map(|(_, name)| name)),
        })
    }

    /// The instant at which clocks here show `local`; in a gap or a fold, as if the rule of
    /// before went on.
    pub(super) fn moment(&self, local: DateTime) -> Option<Moment> {
        let zoned = self.0.to_zoned(local).ok()?;
        Some(Moment {
            unix: zoned.timestamp().as_second(),
            offset_seconds: zoned.offset().seconds(),
        })
    }
}

/// `+08:00` or `+0800`, up to a day.
pub(super) fn offset(text: &str) -> Option<Offset> {
    let (sign, clock) = match text.split_at_checked(1)? {
        ("+", clock) => (1, clock),
        ("-", clock) => (-1, clock),
        _ => return None,
    };
    let digits = clock.replacen(
        ':',
        "",
        usize::from(clock.len() == 5 && clock.as_bytes()[2] == b':'),
    );
    if digits.len() != 4 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (hours, minutes): (i32, i32) = (digits[..2].parse().ok()?, digits[2..].parse().ok()?);
    if hours > 23 || minutes > 59 {
        return None;
    }
    Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok()
}

fn rule(wanted: &str) -> Option<&'static str> {
    names()
        .find(|(_, name)| name.eq_ignore_ascii_case(wanted))
        .map(|(rule, _)| rule)
}

/// Every rule with each of its names.
fn names() -> impl Iterator<Item = (&'static str, String)> {
    ZONES.lines().flat_map(|line| {
        let (rule, groups) = line.split_once(' ').unwrap_or((line, ""));
        groups.split(' ').flat_map(move |group| {
            let first = group.split(',').next().unwrap_or(group);
            let region = first.rfind('/').map_or("", |slash| &first[..=slash]);
            let rest = group
                .split(',')
                .skip(1)
                .map(move |city| format!("{region}{city}"));
            std::iter::once(first.to_owned())
                .chain(rest)
                .map(move |name| (rule, name))
        })
    })
}

/// No time zone has this name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownZone {
    /// The name as it was given.
    pub name: String,
    /// The names most like it, the likeliest first; none if nothing is like it.
    pub nearest: Vec<String>,
}

impl fmt::Display for UnknownZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown time zone `{}`; ", self.name)?;
        if self.nearest.is_empty() {
            f.write_str("write UTC, an offset such as +08:00, or a name such as Asia/Shanghai")
        } else {
            write!(f, "did you mean {}?", self.nearest.join(" or "))
        }
    }
}

impl std::error::Error for UnknownZone {}
