//! An entry of a content folder: a file, a folder, or something that is never published.

use std::fs;
use std::io;
use std::path::Path;

/// What can be published.
#[derive(Debug, PartialEq)]
pub(super) enum Entry {
    File,
    Folder { is_link: bool },
}

/// What is said about a pipe, a socket or a device: to read it may take for ever.
pub(super) const NOT_A_FILE: &str = "is no regular file: put one in its place, or remove it";

const OUTSIDE: &str = "the link leads out of the folder, so anything on this machine could \
     become public: put the file itself in its place";
const HIDDEN: &str = "the link leads to something hidden: put the file itself in its place";
const LOOP: &str = "the link leads to a folder that it lies in: remove it";
/// Links within linked folders multiply.
const NESTED: &str = "a link to a folder is not followed in a folder that a link led to: put the \
     folder itself in its place";

/// What is at `location`, or why it is not published. `root` is the folder of content, without
/// links in its path; `linked` says whether a link to a folder has led here.
pub(super) fn classify(root: &Path, location: &Path, linked: bool) -> Result<Entry, String> {
    let unreadable = |error: io::Error| format!("cannot be read: {error}");
    let metadata = fs::symlink_metadata(location).map_err(unreadable)?;
    let is_link = metadata.is_symlink();
    let metadata = if is_link {
        let nowhere = |error| format!("the link leads nowhere: correct or remove it ({error})");
        let real = location.canonicalize().map_err(nowhere)?;
        let metadata = fs::metadata(&real).map_err(nowhere)?;
        follow(root, location, &real, metadata.is_dir() && linked)?;
        metadata
    } else {
        metadata
    };
    match metadata {
        metadata if metadata.is_dir() => Ok(Entry::Folder { is_link }),
        metadata if metadata.is_file() => Ok(Entry::File),
        _ => Err(NOT_A_FILE.to_owned()),
    }
}

/// Whether the link at `location` may be followed to `real`.
fn follow(root: &Path, location: &Path, real: &Path, is_nested: bool) -> Result<(), String> {
    let Ok(within) = real.strip_prefix(root) else {
        return Err(OUTSIDE.to_owned());
    };
    let is_hidden = |name: &[u8]| name.starts_with(b".");
    let mut names = within.iter().map(|name| name.as_encoded_bytes());
    if names.any(is_hidden) {
        return Err(HIDDEN.to_owned());
    }
    let folder = location
        .parent()
        .and_then(|folder| folder.canonicalize().ok());
    if folder.is_some_and(|folder| folder.starts_with(real)) {
        return Err(LOOP.to_owned());
    }
    if is_nested {
        return Err(NESTED.to_owned());
    }
    Ok(())
}

/// What follows the last dot of a file's name.
pub(super) fn extension(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or("", |(_, extension)| extension)
}

/// Whether other programs take files with this extension for Markdown.
pub(super) fn is_markdown(extension: &str) -> bool {
    let extensions = ["md", "markdown", "mdown", "mkd", "mkdn"];
    extensions
        .iter()
        .any(|one| extension.eq_ignore_ascii_case(one))
}
