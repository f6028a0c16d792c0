//! Findings: what an author should correct, and what to look at.

use crate::content::Problem;

/// Something about a line of a file.
#[derive(Debug)]
pub struct Finding {
    /// Where it is and what it is.
    pub problem: Problem,
    /// Whether readers run into it; what is not an error may be intended.
    pub is_error: bool,
}

/// The findings about a folder.
#[derive(Debug, Default)]
pub struct Findings(Vec<Finding>);

impl Finding {
    pub(super) fn error(problem: Problem) -> Self {
        Self {
            problem,
            is_error: true,
        }
    }

    pub(super) fn warning(problem: Problem) -> Self {
        Self {
            problem,
            is_error: false,
        }
    }
}

impl Findings {
    pub(super) fn add(&mut self, finding: Finding) {
        self.0.push(finding);
    }

    pub(super) fn sort(&mut self) {
        let place = |one: &Finding| (one.problem.file.clone(), one.problem.line);
        self.0.sort_by_key(place);
    }

    /// Whether there is an error about this line.
    pub(super) fn has_error_at(&self, file: &str, line: u32) -> bool {
        let mut all = self.0.iter();
        all.any(|one| one.problem.file == file && one.problem.line == Some(line))
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Finding> {
        self.0.iter()
    }

    /// How many errors there are.
    pub fn errors(&self) -> usize {
        self.0.iter().filter(|one| one.is_error).count()
    }

    /// How many warnings there are.
    pub fn warnings(&self) -> usize {
        self.0.len() - self.errors()
    }
}
