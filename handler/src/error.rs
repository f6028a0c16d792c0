//! Why a record cannot be read.

use std::fmt;

/// A record that is there and cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadError {
    /// Written by a newer Mayfly than this one.
    Newer {
        key: String,
        /// The format version that was found.
        found: u16,
        /// The newest one that this component reads.
        known: u16,
    },
    /// Not what this component writes, cut short or changed.
    Damaged { key: String },
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Newer { key, found, known } => write!(
                f,
                "{key} has format {found} and this component reads formats up to {known}: deploy the newer component"
            ),
            Self::Damaged { key } => write!(f, "{key} is damaged: {}", remedy(key)),
        }
    }
}

/// What makes a damaged record whole again.
fn remedy(key: &str) -> &'static str {
    match key {
        "site" => "publish site.toml and the theme again",
        _ => "publish it again",
    }
}

impl std::error::Error for ReadError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(key: &str, expected: &str) {
        let key = key.to_owned();
        assert_eq!(ReadError::Damaged { key }.to_string(), expected);
    }

    #[test]
    fn a_damaged_record_is_told_with_what_makes_it_whole() {
        check("post/a", "post/a is damaged: publish it again");
        check(
            "site",
            "site is damaged: publish site.toml and the theme again",
        );
    }
}
