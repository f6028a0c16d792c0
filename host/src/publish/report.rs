//! The report of one run: how much was published, and what is wrong with the rest.

use std::fmt;
use std::path::PathBuf;

use anyhow::Result;

use super::ignored;
use super::problem::Problem;
use crate::print;
use instance::units::show_count;

/// What became of the files of a folder.
#[derive(Debug, Default)]
pub struct Report {
    pub(crate) folder: PathBuf,
    pub(crate) posts: usize,
    pub(crate) pages: usize,
    pub(crate) media: usize,
    pub(super) theme: usize,
    /// How many of the above were there before.
    pub(super) unchanged: usize,
    /// Documents and files that were published before and are gone now.
    pub(super) removed: usize,
    pub(super) refused: usize,
    /// Whether the settings were sent.
    pub(super) settings: bool,
    pub(crate) problems: Vec<Problem>,
    pub(crate) ignored: Vec<PathBuf>,
    /// Whether nothing was written, and the changes are those that would be made.
    pub(super) is_dry: bool,
    pub(super) changes: Vec<(Change, String)>,
}

/// What is done with something in the blog.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Change {
    Create,
    Update,
    Remove,
}

impl Report {
    /// Whether the author has something to mend: a refused file, a file that is missing.
    pub fn has_problems(&self) -> bool {
        !self.problems.is_empty()
    }

    /// Whether readers see something else than before.
    pub fn changed(&self) -> bool {
        let there = self.posts + self.pages + self.media + self.theme;
        self.settings || self.removed > 0 || there > self.unchanged
    }

    /// Adds the problem of a file that is not published for it.
    pub(super) fn refuse(&mut self, problem: Problem) {
        self.refused += 1;
        self.problems.push(problem);
    }

    /// Prints a line for each problem, then the sum.
    pub fn print(&self) -> Result<()> {
        self.print_problems();
        for (change, path) in &self.changes {
            print::line(format_args!(
                "would {} {}",
                change.word(),
                print::name(path)
            ))?;
        }
        print::line(self)
    }

    /// Prints what the author should look at.
    pub fn print_problems(&self) {
        for (path, message) in ignored::told(&self.folder, &self.ignored) {
            let note = Problem::of_file(&path, message);
            print::note(note.show(&self.folder));
        }
        for problem in &self.problems {
            print::note(problem.show(&self.folder));
        }
    }
}

impl Change {
    fn word(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Remove => "remove",
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        if self.is_dry {
            let of = |change| {
                self.changes
                    .iter()
                    .filter(|(one, _)| *one == change)
                    .count()
            };
            return write!(
                f,
                "nothing is changed: {} to create, {} to update, {} to remove \
                 ({} unchanged, {} refused)",
                of(Change::Create),
                of(Change::Update),
                of(Change::Remove),
                self.unchanged,
                self.refused
            );
        }
        let posts = show_count(self.posts, "post");
        let pages = show_count(self.pages, "page");
        write!(f, "published {posts}, {pages}, {} media", self.media)?;
        if self.theme > 0 {
            write!(f, ", {}", show_count(self.theme, "theme file"))?;
        }
        if self.removed > 0 {
            write!(f, ", removed {}", self.removed)?;
        }
        write!(
            f,
            " ({} unchanged, {} refused)",
            self.unchanged, self.refused
        )
    }
}
