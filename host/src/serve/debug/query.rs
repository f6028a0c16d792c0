//! The query of a debug request: known parameters only, in their ranges.

use std::ops::RangeInclusive;

use super::answer::Failure;

/// Parameters in their order.
#[derive(Debug)]
pub(super) struct Query(Vec<(String, String)>);

impl Query {
    /// Reads `query`, which may have the `known` parameters.
    pub(super) fn parse(query: &str, known: &[&str]) -> Result<Self, Failure> {
        let pairs = form_urlencoded::parse(query.as_bytes()).into_owned();
        let pairs: Vec<(String, String)> = pairs.collect();
        let unknown = pairs
            .iter()
            .find(|(name, _)| !known.contains(&name.as_str()));
        match (unknown, known) {
            (None, _) => Ok(Self(pairs)),
            (Some((name, _)), []) => Err(Failure::query(format!(
                "unknown parameter {name:?}: there is none here"
            ))),
            (Some((name, _)), known) => Err(Failure::query(format!(
                "unknown parameter {name:?}: there is {}",
                known.join(", ")
            ))),
        }
    }

    /// All values of `name`.
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        let pairs = self.0.iter().filter(move |(given, _)| given == name);
        pairs.map(|(_, value)| value.as_str())
    }

    /// The number that `name` has.
    pub(super) fn number(
        &self,
        name: &str,
        default: u32,
        range: RangeInclusive<u32>,
    ) -> Result<u32, Failure> {
        let (least, most) = (range.start(), range.end());
        match self.all(name).last().map(str::parse) {
            None => Ok(default.clamp(*least, *most)),
            Some(Ok(number)) if range.contains(&number) => Ok(number),
            Some(_) => Err(Failure::query(format!(
                "{name} is a number from {least} to {most}"
            ))),
        }
    }
}
