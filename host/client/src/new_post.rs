//! The file of a new post, with its title and the time in place.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use jiff::Zoned;

use crate::content::{Content, Document, DocumentId, Kind};

/// In bytes: the component refuses a longer slug.
const MAX_SLUG_BYTES: usize = 200;

/// Writes the file of a post with this title into a folder of content, and returns its path.
///
/// # Errors
///
/// The title has no letter and no digit, another post has the slug, the file exists, or it cannot be
/// written.
pub fn create(folder: &Path, title: &str) -> Result<PathBuf> {
    let slug = slug(title);
    if slug.is_empty() {
        bail!("{title:?} has no letter or digit to make an address of: give a title with some");
    }
    let id = DocumentId {
        kind: Kind::Post,
        slug,
    };
    if let Some(path) = find(folder, &id)? {
        bail!(
            "{} has the slug {:?} already: edit it, or give another title",
            path.display(),
            id.slug
        );
    }
    let path = folder.join(format!("{}.md", id.path()));
    write(&path, title)?;
    Ok(path)
}

/// The file of the document, if there is one.
fn find(folder: &Path, id: &DocumentId) -> Result<Option<PathBuf>> {
    for file in Content::scan(folder)?.documents {
        let document = file.load().and_then(|bytes| Document::new(&file, bytes));
        if document.is_ok_and(|document| document.id == *id) {
            return Ok(Some(file.location));
        }
    }
    Ok(None)
}

fn write(path: &Path, title: &str) -> Result<()> {
    let cannot = || format!("cannot write {}", path.display());
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).with_context(cannot)?;
    }
    // A string in JSON is valid YAML, whatever is in the title.
    let title = serde_json::to_string(title).with_context(cannot)?;
    let date = Zoned::now().strftime("%Y-%m-%dT%H:%M:%S%:z");
    let opened = OpenOptions::new().write(true).create_new(true).open(path);
    let mut file = match opened {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            bail!(
                "{} is there already: edit it, or give another title",
                path.display()
            );
        }
        opened => opened.with_context(cannot)?,
    };
    write!(file, "---\ntitle: {title}\ndate: {date}\ntags: []\n---\n\n").with_context(cannot)
}

/// Letters and digits of any script in lower case, a hyphen for each run of anything else: the
/// component uses such a name as the slug without a change.
fn slug(title: &str) -> String {
    let mut slug = String::new();
    for c in title.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() && slug.len() + c.len_utf8() <= MAX_SLUG_BYTES {
            slug.push(c);
        } else if !c.is_alphanumeric() && !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(MAX_SLUG_BYTES.min(slug.trim_end_matches('-').len()));
    slug
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs() {
        assert_eq!(slug("What's new, in 2026?"), "what-s-new-in-2026");
        assert_eq!(slug("一个请求的一生"), "一个请求的一生");
        assert_eq!(slug("  Été: 《蜉蝣》 "), "été-蜉蝣");
        assert_eq!(slug("!?"), "");
        assert!(slug(&"内存".repeat(200)).len() <= MAX_SLUG_BYTES);
    }
}
