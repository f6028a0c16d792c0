//! The report of one run: how much was published, and what is wrong with the rest.

use std::fmt;
use std::path::PathBuf;

use crate::content::{Problem, describe_ignored};

/// What became of the files of a folder.
#[derive(Debug, Default)]
pub struct Report {
    /// The folder of content.
    pub folder: PathBuf,
    /// How many posts are published now.
    pub posts: usize,
    /// How many pages.
    pub pages: usize,
    /// How many media files.
    pub media: usize,
    /// How many files of the theme.
    pub theme: usize,
    /// How many of the above were there before.
    pub unchanged: usize,
    /// How many documents and files were published before and are gone now.
    pub removed: usize,
    /// How many files are not published because something is wrong with them.
    pub refused: usize,
    /// Whether the settings were sent.
    pub settings: bool,
    /// What the author should correct.
    pub problems: Vec<Problem>,
    /// Whether nothing was written, and the changes are those that would be made.
    pub is_dry: bool,
    /// What a dry run would change, by path.
    pub changes: Vec<(Change, String)>,
    pub(super) ignored: Vec<PathBuf>,
}

/// What is done with something in the blog.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Change {
    /// It is new.
    Create,
    /// It replaces what is there.
    Update,
    /// It is taken away.
    Remove,
}

impl Report {
    /// Whether the author has something to correct: a refused file, a file that is missing.
    pub fn has_problems(&self) -> bool {
        !self.problems.is_empty()
    }

    /// Whether readers see something else than before.
    pub fn changed(&self) -> bool {
        let there = self.posts + self.pages + self.media + self.theme;
        self.settings || self.removed > 0 || there > self.unchanged
    }

    /// Adds the problem that keeps a file from being published.
    pub(super) fn refuse(&mut self, problem: Problem) {
        self.refused += 1;
        self.problems.push(problem);
    }

    /// A note for each file that is not published because it is not content, or for a folder of them.
    pub fn ignored(&self) -> Vec<Problem> {
        describe_ignored(&self.folder, &self.ignored)
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Remove => "remove",
        })
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
        let posts = count_of(self.posts, "post");
        let pages = count_of(self.pages, "page");
        write!(f, "published {posts}, {pages}, {} media", self.media)?;
        if self.theme > 0 {
            write!(f, ", {}", count_of(self.theme, "theme file"))?;
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

/// "1 post", "2 posts": how many there are of something whose plural takes an s.
fn count_of(count: usize, one: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{count} {one}{s}")
}
