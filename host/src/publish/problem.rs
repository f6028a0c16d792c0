//! A problem: what is wrong with a file, and where.

use std::fmt;
use std::path::Path;

use crate::print;
use crate::target::Described;

/// Something that the author of a file should mend.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// The file's path inside the content folder.
    pub(crate) file: String,
    /// The line, from 1.
    pub(crate) line: Option<u32>,
    /// The field of the front matter or the settings.
    pub(crate) field: Option<String>,
    pub(crate) message: String,
}

impl Problem {
    /// A problem that the component describes.
    pub(crate) fn described(file: &str, described: Described) -> Self {
        Self {
            file: file.to_owned(),
            line: described.line,
            field: described.field,
            message: described.message,
        }
    }

    /// A problem of the whole file.
    pub(crate) fn of_file(file: &str, message: String) -> Self {
        Self {
            file: file.to_owned(),
            line: None,
            field: None,
            message,
        }
    }

    /// The problem with its file as the author knows it: the form that editors jump to.
    pub(crate) fn show<'a>(&'a self, folder: &'a Path) -> impl fmt::Display + 'a {
        fmt::from_fn(move |f| {
            let file = match self.file.as_str() {
                "" => folder.to_owned(),
                file => folder.join(file),
            };
            write!(f, "{}", print::name(file.display()))?;
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
