//! The files of a content folder, by what they are. Nothing is read here but names.

use std::fs::DirEntry;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// What a folder holds, each list in the order of paths.
#[derive(Debug, Default)]
pub(super) struct Content {
    pub(super) site: Option<File>,
    pub(super) theme: Vec<File>,
    pub(super) media: Vec<File>,
    pub(super) documents: Vec<File>,
    /// What is not published.
    pub(super) ignored: Vec<PathBuf>,
}

/// A file to be published.
#[derive(Clone, Debug)]
pub(super) struct File {
    /// Its path inside the folder, with `/` between names.
    pub(super) path: String,
    /// Where it is.
    pub(super) location: PathBuf,
}

impl Content {
    /// Looks through `folder`.
    pub(super) fn scan(folder: &Path) -> Result<Self> {
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
    pub(super) fn files(&self) -> impl Iterator<Item = &File> {
        let files = self.site.iter().chain(&self.theme).chain(&self.media);
        files.chain(&self.documents)
    }
}

impl File {
    pub(super) fn read(&self) -> Result<Vec<u8>> {
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
        named.push((name, entry));
    }
    named.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(named)
}
