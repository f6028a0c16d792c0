//! A problem: what is wrong with a file, and where.

use crate::reply::SourceProblem;

/// Something that the author of a file should correct.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// The file's path inside the content folder; empty for the folder itself.
    pub file: String,
    /// The line, from 1.
    pub line: Option<u32>,
    /// The field of the front matter or the settings.
    pub field: Option<String>,
    /// What is wrong, and how to correct it.
    pub message: String,
}

impl Problem {
    /// A problem that the component describes.
    pub(crate) fn of_source(file: &str, problem: SourceProblem) -> Self {
        Self {
            file: file.to_owned(),
            line: problem.line,
            field: problem.field,
            message: problem.message,
        }
    }

    /// A problem of the whole file.
    pub(crate) fn of_file(file: &str, message: String) -> Self {
        Self::at_line(file, None, message)
    }

    /// A problem of a line, from 1.
    pub(crate) fn at_line(file: &str, line: Option<u32>, message: String) -> Self {
        Self {
            file: file.to_owned(),
            line,
            field: None,
            message,
        }
    }
}
