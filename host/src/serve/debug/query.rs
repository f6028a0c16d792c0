//! The query of a debug request. Parameters that nothing here knows are ignored, because clients of
//! pprof add their own: `seconds`, `gc`. A profile here takes as long as its requests do.

use std::ops::RangeInclusive;

use super::answer::Failure;

/// Parameters in their order.
#[derive(Debug)]
pub(super) struct Query(Vec<(String, String)>);

impl Query {
    pub(super) fn parse(query: &str) -> Self {
        let pairs = form_urlencoded::parse(query.as_bytes());
        Self(pairs.into_owned().collect())
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
