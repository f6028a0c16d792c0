//! A time zone: where the site is at home, for dates that name no offset.
//!
//! Zones are known by the rule they follow today, as a POSIX TZ string, and that rule is applied
//! to every date: the history of a zone would be 100 KB of the instance's memory. A date from
//! before a change of the rules (Moscow in 2013) may be an hour off; write its offset.

use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use std::borrow::Cow;
use std::fmt;

use crate::date::Moment;
use crate::nearest;

/// Rules and names; the format is told where it is written, in build.rs.
const ZONES: &str = include_str!(concat!(env!("OUT_DIR"), "/zones.txt"));

const UTC_RULE: &str = "UTC0";

/// A time zone by its rule of today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    rule: Cow<'static, str>,
    zone: TimeZone,
}

impl Zone {
    /// Coordinated universal time.
    pub const UTC: Self = Self {
        rule: Cow::Borrowed(UTC_RULE),
        zone: TimeZone::UTC,
    };

    /// Reads `UTC`, an offset such as `+08:00`, or a name such as `Asia/Shanghai`.
    pub fn parse(name: &str) -> Result<Self, UnknownZone> {
        if name == "UTC" {
            return Ok(Self::UTC);
        }
        let rule = match name.as_bytes().first() {
            Some(b'+' | b'-') => offset(name).map(|offset| Cow::Owned(rule_of_offset(offset))),
            _ => rule(name).map(Cow::Borrowed),
        };
        rule.and_then(Self::of_rule).ok_or_else(|| UnknownZone {
            name: name.to_owned(),
            nearest: nearest::to(name, names().map(|(_, name)| name)),
        })
    }

    /// The zone of a rule that [`Zone::rule`] told; unlike a name it needs no search.
    pub fn from_rule(rule: &str) -> Option<Self> {
        if rule == UTC_RULE {
            return Some(Self::UTC);
        }
        Self::of_rule(Cow::Owned(rule.to_owned()))
    }

    fn of_rule(rule: Cow<'static, str>) -> Option<Self> {
        let zone = TimeZone::posix(&rule).ok()?;
        Some(Self { rule, zone })
    }

    /// The rule as a POSIX TZ string.
    pub fn rule(&self) -> &str {
        &self.rule
    }

    /// The instant at which clocks here show `local`; in a gap or a fold, as if the rule of
    /// before went on.
    pub(super) fn moment(&self, local: DateTime) -> Option<Moment> {
        let zoned = self.zone.to_zoned(local).ok()?;
        Some(Moment {
            unix: zoned.timestamp().as_second(),
            offset_seconds: zoned.offset().seconds(),
        })
    }
}

/// POSIX counts hours to the west, and names a zone between `<` and `>`.
fn rule_of_offset(offset: Offset) -> String {
    let seconds = offset.seconds();
    let (sign, opposite) = if seconds < 0 { ('-', '+') } else { ('+', '-') };
    let (hours, minutes) = (seconds.abs() / 3600, seconds.abs() / 60 % 60);
    format!("<{sign}{hours:02}{minutes:02}>{opposite}{hours:02}:{minutes:02}")
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
    let (wanted_region, wanted_city) = split(wanted);
    ZONES.lines().find_map(|line| {
        let (rule, groups) = line.split_once(' ')?;
        let mut groups = groups.split(' ').map(group);
        let has_name = groups.any(|(region, mut cities)| {
            region.eq_ignore_ascii_case(wanted_region)
                && cities.any(|city| city.eq_ignore_ascii_case(wanted_city))
        });
        has_name.then_some(rule)
    })
}

/// Every rule with each of its names.
fn names() -> impl Iterator<Item = (&'static str, String)> {
    ZONES.lines().flat_map(|line| {
        let (rule, groups) = line.split_once(' ').unwrap_or((line, ""));
        groups
            .split(' ')
            .map(group)
            .flat_map(move |(region, cities)| {
                cities.map(move |city| (rule, format!("{region}{city}")))
            })
    })
}

/// The region of a group of names, with its slash, and the cities.
fn group(group: &str) -> (&str, impl Iterator<Item = &str>) {
    let first = group.split(',').next().unwrap_or(group);
    let (region, _) = split(first);
    (region, group[region.len()..].split(','))
}

fn split(name: &str) -> (&str, &str) {
    name.split_at(name.rfind('/').map_or(0, |slash| slash + 1))
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
