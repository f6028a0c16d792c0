//! What is not published, in few lines: the folder of another engine may have thousands of files
//! that are not content.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::problem::Problem;

/// How many files a message names.
const NAMED: usize = 3;

const CONTENT: &str = "content is .md files in posts and pages, and media, theme, site.toml";

/// One problem for each file of `folder` that is ignored, or for a folder with several of them.
pub(crate) fn describe(folder: &Path, ignored: &[PathBuf]) -> Vec<Problem> {
    let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for location in ignored {
        let path = location.strip_prefix(folder).unwrap_or(location);
        let path = path.to_string_lossy().into_owned();
        let top = path.split_once('/').map_or("", |(top, _)| top);
        groups.entry(top.to_owned()).or_default().push(path);
    }
    let lines = groups.into_iter().map(|(top, files)| match &files[..] {
        [file] => Problem::of_file(file, format!("is ignored: {CONTENT}")),
        files => Problem::of_file(&top, of_many(files)),
    });
    lines.collect()
}

fn of_many(files: &[String]) -> String {
    let named = files[..files.len().min(NAMED)].join(", ");
    let rest = match files.len().saturating_sub(NAMED) {
        0 => String::new(),
        rest => format!(" and {rest} more"),
    };
    format!(
        "{} files or folders are ignored ({named}{rest}): {CONTENT}",
        files.len()
    )
}
