//! The files of a content folder, by what they are. Nothing is read here but names.

use std::fs::DirEntry;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use unicode_normalization::UnicodeNormalization;

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
        let mut content = Self::default();
        for (name, entry) in entries(folder)? {
            let location = entry.path();
            let list = match name.as_str() {
                "site.toml" => {
                    content.site = Some(File {
                        path: name,
                        location,
                    });
                    continue;
                }
                "posts" | "pages" => &mut content.documents,
                "media" => &mut content.media,
                "theme" => &mut content.theme,
                _ => {
                    content.ignored.push(location);
                    continue;
                }
            };
            collect(&location, &name, list, &mut content.ignored)?;
        }
        let (documents, others) = content
            .documents
            .into_iter()
            .partition(|file| file.path.ends_with(".md"));
        content.documents = documents;
        content
            .ignored
            .extend(others.into_iter().map(|file: File| file.location));
        Ok(content)
    }

    /// All files that are published.
    pub(crate) fn files(&self) -> impl Iterator<Item = &File> {
        let files = self.site.iter().chain(&self.theme).chain(&self.media);
        files.chain(&self.documents)
    }
}

/// No host takes a larger request.
const MOST_BYTES: u64 = 10 << 20;

impl File {
    /// The problem of a file that no blog can take.
    pub(crate) fn too_large(&self) -> Result<Option<Problem>> {
        let metadata = std::fs::metadata(&self.location);
        let metadata =
            metadata.with_context(|| format!("cannot read {}", self.location.display()))?;
        let message = "larger than 10 MiB: make it smaller, or link to it elsewhere";
        let is_too_large = metadata.len() > MOST_BYTES;
        Ok(is_too_large.then(|| Problem::of_file(&self.path, message.to_owned())))
    }

    pub(crate) fn read(&self) -> Result<Vec<u8>> {
        std::fs::read(&self.location)
            .with_context(|| format!("cannot read {}", self.location.display()))
    }
}

fn collect(
    folder: &Path,
    path: &str,
    files: &mut Vec<File>,
    ignored: &mut Vec<PathBuf>,
) -> Result<()> {
    for (name, entry) in entries(folder)? {
        let (path, location) = (format!("{path}/{name}"), entry.path());
        if name.starts_with('.') {
            ignored.push(location);
        } else if location.is_dir() {
            collect(&location, &path, files, ignored)?;
        } else {
            files.push(File { path, location });
        }
    }
    Ok(())
}

fn entries(folder: &Path) -> Result<Vec<(String, DirEntry)>> {
    let entries = std::fs::read_dir(folder).with_context(|| {
        format!(
            "cannot read the folder {}: name one that holds content",
            folder.display()
        )
    })?;
    let mut named = Vec::new();
    for entry in entries {
        let entry =
            entry.with_context(|| format!("cannot read the folder {}", folder.display()))?;
        let Ok(name) = entry.file_name().into_string() else {
            bail!(
                "{}: rename it, its name is not UTF-8",
                entry.path().display()
            );
        };
        named.push((name.nfc().collect(), entry));
    }
    named.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(named)
}
