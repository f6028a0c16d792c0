//! The files of a content folder, by what they are. Only names are read here.

use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use unicode_normalization::UnicodeNormalization;

use super::entry::{self, Entry};
use super::file::File;
use super::problem::Problem;

/// What a folder has, each list in the order of paths.
#[derive(Debug, Default)]
pub(crate) struct Content {
    pub(crate) site: Option<File>,
    pub(crate) theme: Vec<File>,
    pub(crate) media: Vec<File>,
    pub(crate) documents: Vec<File>,
    /// What is not published.
    pub(crate) ignored: Vec<PathBuf>,
    /// What would be published, if it could be read.
    pub(crate) problems: Vec<Problem>,
}

impl Content {
    /// Finds the files in `folder`.
    ///
    /// # Errors
    ///
    /// The folder itself cannot be read. Everything else is in the list of problems.
    pub(crate) fn scan(folder: &Path) -> Result<Self> {
        let cannot = || {
            format!(
                "cannot read the folder {}: name one that holds content",
                folder.display()
            )
        };
        let root = folder.canonicalize().with_context(cannot)?;
        let mut scan = Scan {
            root,
            content: Self::default(),
        };
        for (path, location) in scan.names(folder, "").with_context(cannot)? {
            match path.as_str() {
                "site.toml" | "posts" | "pages" | "media" | "theme" => {
                    scan.add(path, location, false);
                }
                _ => scan.content.ignored.push(location),
            }
        }
        Ok(scan.content)
    }

    /// All files that are published.
    pub(crate) fn files(&self) -> impl Iterator<Item = &File> {
        let files = self.site.iter().chain(&self.theme).chain(&self.media);
        files.chain(&self.documents)
    }

    /// Whether there may be a file at `path` that cannot be seen now.
    pub(crate) fn hides(&self, path: &str) -> bool {
        let mut hidden = self.problems.iter().map(|problem| problem.file.as_str());
        hidden.any(|hidden| {
            let below = path.strip_prefix(hidden);
            below.is_some_and(|below| below.is_empty() || below.starts_with('/'))
        })
    }
}

/// A search through a folder.
struct Scan {
    /// The folder without links in its path.
    root: PathBuf,
    content: Content,
}

impl Scan {
    /// Adds what is at `path`; `linked` says whether a link to a folder has led there.
    fn add(&mut self, path: String, location: PathBuf, linked: bool) {
        let is_top = !path.contains('/');
        match entry::classify(&self.root, &location, linked) {
            Err(message) => self.refuse(&path, message),
            Ok(Entry::File) if is_top && path != "site.toml" => {
                self.refuse(&path, "is no folder: make it one, or remove it".to_owned());
            }
            Ok(Entry::File) => self.add_file(File { path, location }),
            Ok(Entry::Folder { .. }) if path == "site.toml" => {
                self.refuse(&path, "is no file: make it one, or remove it".to_owned());
            }
            Ok(Entry::Folder { is_link }) => match self.names(&location, &path) {
                Err(error) => self.refuse(&path, format!("cannot be read: {error}")),
                Ok(names) => {
                    for (path, location) in names {
                        if path.rsplit('/').next().is_some_and(is_hidden) {
                            self.content.ignored.push(location);
                        } else {
                            self.add(path, location, linked || is_link);
                        }
                    }
                }
            },
        }
    }

    fn add_file(&mut self, file: File) {
        let content = &mut self.content;
        let top = file.path.split('/').next().unwrap_or_default();
        match (top, entry::extension(&file.path)) {
            ("site.toml", _) => content.site = Some(file),
            ("theme", _) => content.theme.push(file),
            ("media", _) => content.media.push(file),
            (_, "md") => content.documents.push(file),
            (_, extension) if entry::is_markdown(extension) => {
                let message = format!(
                    "is not published: a document ends in .md, so rename .{extension} to .md"
                );
                content.problems.push(Problem::of_file(&file.path, message));
            }
            _ => content.ignored.push(file.location),
        }
    }

    fn refuse(&mut self, path: &str, message: String) {
        let problem = Problem::of_file(path, message);
        self.content.problems.push(problem);
    }

    /// The paths in a folder and their locations, in order, without those that no blog can have.
    fn names(&mut self, folder: &Path, path: &str) -> io::Result<Vec<(String, PathBuf)>> {
        let within = |name: &str| match path {
            "" => name.to_owned(),
            path => format!("{path}/{name}"),
        };
        let mut names: Vec<(String, PathBuf)> = Vec::new();
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            match entry.file_name().into_string() {
                Ok(name) => {
                    let name: String = name.nfc().collect();
                    names.push((within(&name), entry.path()));
                }
                Err(name) => self.refuse(
                    &within(&name.to_string_lossy()),
                    "its name is not UTF-8: rename it".to_owned(),
                ),
            }
        }
        names.sort();
        let mut last = String::new();
        names.retain(|(path, _)| {
            let is_new = *path != last;
            if !is_new {
                let message = "two files have this name, one with its accents apart: rename one";
                self.refuse(path, message.to_owned());
            }
            last.clone_from(path);
            is_new
        });
        Ok(names)
    }
}

fn is_hidden(name: &str) -> bool {
    name.starts_with('.')
}
