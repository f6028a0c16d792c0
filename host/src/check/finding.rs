//! Findings: what an author should mend, and what he should look at.

use std::path::PathBuf;

use crate::print;
use crate::publish::problem::Problem;

/// Something about a line of a file.
#[derive(Debug)]
pub(super) struct Finding {
    problem: Problem,
    is_error: bool,
}

/// The findings about a folder.
#[derive(Debug)]
pub(super) struct Findings {
    folder: PathBuf,
    all: Vec<Finding>,
}

impl Finding {
    /// Something that readers run into.
    pub(super) fn error(problem: Problem) -> Self {
        Self {
            problem,
            is_error: true,
        }
    }

    /// The same about a line of a file.
    pub(super) fn error_at(file: &str, line: Option<u32>, message: String) -> Self {
        Self::error(problem(file, line, message))
    }

    /// Something that may be meant so.
    pub(super) fn warning(file: &str, line: Option<u32>, message: String) -> Self {
        Self {
            problem: problem(file, line, message),
            is_error: false,
        }
    }
}

impl Findings {
    pub(super) fn of(folder: PathBuf) -> Self {
        Self {
            folder,
            all: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, finding: Finding) {
        self.all.push(finding);
    }

    /// Whether there is an error about this line.
    pub(super) fn has_error_at(&self, file: &str, line: u32) -> bool {
        let mut all = self.all.iter();
        all.any(|one| one.problem.file == file && one.problem.line == Some(line))
    }

    pub(super) fn errors(&self) -> usize {
        self.all.iter().filter(|one| one.is_error).count()
    }

    pub(super) fn warnings(&self) -> usize {
        self.all.len() - self.errors()
    }

    /// Prints a line for each, by file and line.
    pub(super) fn print(&mut self) {
        let place = |one: &Finding| (one.problem.file.clone(), one.problem.line);
        self.all.sort_by_key(place);
        for one in &self.all {
            let mut problem = one.problem.clone();
            if !one.is_error {
                problem.message = format!("warning: {}", problem.message);
            }
            print::note(problem.show(&self.folder));
        }
    }
}

fn problem(file: &str, line: Option<u32>, message: String) -> Problem {
    Problem {
        file: file.to_owned(),
        line,
        field: None,
        message,
    }
}
