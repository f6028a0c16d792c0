//! The files of a content folder, by what they are. Nothing is read here but names.

use std::fs::{File as OpenFile, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use rustix::fs::OFlags;
use unicode_normalization::UnicodeNormalization;

use super::entry::{self, Entry};
use super::problem::Problem;

/// What a folder holds, each list in the order of paths.
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

/// A file to be published.
#[derive(Clone, Debug)]
pub(crate) struct File {
    /// Its path inside the folder, with `/` between names, in Unicode's normal form C: blogs
    /// compare names in it, and some file systems take them apart.
    pub(crate) path: String,
    /// Where it is.
    pub(crate) location: PathBuf,
}

impl Content {
    /// Looks through `folder`.
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
                    scan.take(path, location, false);
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

/// A look through a folder.
struct Scan {
    /// The folder without links in its path.
    root: PathBuf,
    content: Content,
}

impl Scan {
    /// Takes what is at `path`; `linked` where a link to a folder has led there.
    fn take(&mut self, path: String, location: PathBuf, linked: bool) {
        let is_top = !path.contains('/');
        match entry::look(&self.root, &location, linked) {
            Err(message) => self.refuse(&path, message),
            Ok(Entry::File) if is_top && path != "site.toml" => {
                self.refuse(&path, "is no folder: make it one, or remove it".to_owned());
            }
            Ok(Entry::File) => self.file(File { path, location }),
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
                            self.take(path, location, linked || is_link);
                        }
                    }
                }
            },
        }
    }

    fn file(&mut self, file: File) {
        let content = &mut self.content;
        let top = file.path.split('/').next().unwrap_or_default();
        match (top, entry::ending(&file.path)) {
            ("site.toml", _) => content.site = Some(file),
            ("theme", _) => content.theme.push(file),
            ("media", _) => content.media.push(file),
            (_, "md") => content.documents.push(file),
            (_, ending) if entry::is_markdown(ending) => {
                let message =
                    format!("is not published: a document ends in .md, so rename .{ending} to .md");
                content.problems.push(Problem::of_file(&file.path, message));
            }
            _ => content.ignored.push(file.location),
        }
    }

    fn refuse(&mut self, path: &str, message: String) {
        let problem = Problem::of_file(path, message);
        self.content.problems.push(problem);
    }

    /// The paths in a folder with where they are, in order, but for those that no blog can have.
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

/// No host takes a larger request.
const MOST_BYTES: u64 = 10 << 20;

impl File {
    /// Its bytes, or why no blog can have them.
    pub(crate) fn load(&self) -> Result<Vec<u8>, Problem> {
        let mut bytes = Vec::new();
        let (file, _) = self.open()?;
        file.take(MOST_BYTES)
            .read_to_end(&mut bytes)
            .map_err(|error| self.unreadable(&error))?;
        Ok(bytes)
    }

    /// How many bytes it has, where a blog can have them.
    pub(crate) fn bytes(&self) -> Result<u64, Problem> {
        Ok(self.open()?.1)
    }

    fn open(&self) -> Result<(OpenFile, u64), Problem> {
        let opened = OpenOptions::new()
            .read(true)
            // What has become a pipe since it was looked at would be waited for without an end.
            .custom_flags(OFlags::NONBLOCK.bits().cast_signed())
            .open(&self.location);
        let file = opened.map_err(|error| self.unreadable(&error))?;
        let metadata = file.metadata().map_err(|error| self.unreadable(&error))?;
        let problem = |message: &str| Problem::of_file(&self.path, message.to_owned());
        if !metadata.is_file() {
            return Err(problem(entry::NO_FILE));
        }
        if metadata.len() > MOST_BYTES {
            let message = "larger than 10 MiB: make it smaller, or link to it elsewhere";
            return Err(problem(message));
        }
        Ok((file, metadata.len()))
    }

    fn unreadable(&self, error: &io::Error) -> Problem {
        Problem::of_file(&self.path, format!("cannot be read: {error}"))
    }
}
