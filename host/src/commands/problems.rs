//! Problems of files as a terminal shows them.

use std::fmt::Display;
use std::path::Path;

use client::content::Problem;
use client::publish::Report;

use crate::print;

/// Prints what the author should look at.
pub(crate) fn print_all(report: &Report) {
    for problem in report.ignored().iter().chain(&report.problems) {
        print::note(show(&report.folder, problem));
    }
}

/// The problem with its file as the author knows it: the form that editors jump to.
pub(crate) fn show(folder: &Path, problem: &Problem) -> impl Display {
    let Problem {
        file,
        line,
        field,
        message,
    } = problem;
    let path = match file.as_str() {
        "" => folder.to_owned(),
        file => folder.join(file),
    };
    let mut shown = print::name(path.display()).to_string();
    if let Some(line) = line {
        shown += &format!(":{line}");
    }
    if let Some(field) = field {
        shown += &format!(": {field}");
    }
    shown + ": " + message
}
