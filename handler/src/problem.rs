//! A problem of a document: where it is, what is wrong and how to correct it.

use serde::{Deserialize, Serialize};
use std::fmt;

/// How many problems of one document are told; the rest comes to light once these are corrected.
pub(crate) const MAX: usize = 50;

/// Something in a document that its author has to correct.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The line in the source, counted from 1.
    pub line: u32,
    /// The field of the front matter, if it is about one.
    pub field: Option<String>,
    /// What is wrong and how to correct it.
    pub message: String,
}

impl Problem {
    pub(crate) fn new(line: usize, message: impl Into<String>) -> Self {
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        Self {
            line,
            field: None,
            message: message.into(),
        }
    }

    pub(crate) fn of_field(line: usize, field: &str, message: impl Into<String>) -> Self {
        Self {
            field: Some(field.to_owned()),
            ..Self::new(line, message)
        }
    }

    /// A field that is not there has no line of its own; the first stands for it.
    pub(crate) fn missing(field: &str, message: impl Into<String>) -> Self {
        Self::of_field(1, field, message)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: ", self.line)?;
        if let Some(field) = &self.field {
            write!(f, "{field}: ")?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for Problem {}
