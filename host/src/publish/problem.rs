//! A problem: what is wrong with a file, and where.

use std::fmt;
use std::path::Path;

/// Something that the author of a file should mend.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Problem {
    /// The file's path inside the content folder.
    pub(super) file: String,
    /// The line, from 1.
    pub(super) line: Option<u32>,
    /// The field of the front matter or the settings.
    pub(super) field: Option<String>,
    pub(super) message: String,
}

/// A problem as the component describes it.
#[derive(Debug, serde::Deserialize)]
pub(super) struct Described {
    line: Option<u32>,
    field: Option<String>,
    message: String,
}

impl Described {
    /// Says which file it is about.
    pub(super) fn of(self, file: &str) -> Problem {
        Problem {
            file: file.to_owned(),
            line: self.line,
            field: self.field,
            message: self.message,
        }
    }
}

impl Problem {
    /// A problem of the whole file.
    pub(super) fn of_file(file: &str, message: String) -> Self {
        Self {
            file: file.to_owned(),
            line: None,
            field: None,
            message,
        }
    }

    /// The problem with its file as the author knows it: the form that editors jump to.
    pub(super) fn show<'a>(&'a self, folder: &'a Path) -> impl fmt::Display + 'a {
        fmt::from_fn(move |f| {
            write!(f, "{}", folder.join(&self.file).display())?;
            if let Some(line) = self.line {
                write!(f, ":{line}")?;
            }
            if let Some(field) = &self.field {
                write!(f, ": {field}")?;
            }
            write!(f, ": {}", self.message)
        })
    }
}
