//! What is not published, in few lines: a folder of another engine may have thousands of files
//! that are none of a blog's.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// How many files a line names.
const NAMED: usize = 3;

const WHAT_COUNTS: &str = "content is .md files in posts and pages, and media, theme, site.toml";

/// The path of a file inside `folder`, or that of a folder with many, and what is to be said.
pub(crate) fn told(folder: &Path, ignored: &[PathBuf]) -> Vec<(String, String)> {
    let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for location in ignored {
        let path = location.strip_prefix(folder).unwrap_or(location);
        let path = path.to_string_lossy().into_owned();
        let top = path.split_once('/').map_or("", |(top, _)| top);
        groups.entry(top.to_owned()).or_default().push(path);
    }
    let lines = groups.into_iter().map(|(top, files)| match &files[..] {
        [file] => (file.clone(), format!("is ignored: {WHAT_COUNTS}")),
        files => (top, of_many(files)),
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
        "{} files or folders are ignored ({named}{rest}): {WHAT_COUNTS}",
        files.len()
    )
}
