//! `new`: the file of a new post, with its title and the time in place.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use jiff::Zoned;

use crate::print;
use crate::publish::content::Content;
use crate::publish::document::Document;

/// What to begin, and where.
#[derive(Debug, clap::Args)]
pub struct Flags {
    /// The title of the post
    pub title: String,

    /// The folder of content
    #[arg(value_name = "DIR", default_value = "content")]
    pub folder: PathBuf,
}

/// The longest name of a file, in bytes, that the component takes for a slug.
const MOST_BYTES: usize = 200;

/// Writes the file; one that is there already is left alone.
pub fn run(flags: &Flags) -> Result<ExitCode> {
    let slug = slug(&flags.title);
    if slug.is_empty() {
        bail!(
            "{:?} has no letter or digit to make an address of: give a title with some",
            flags.title
        );
    }
    if let Some(path) = holder(&flags.folder, &slug)? {
        bail!(
            "{} has the slug {slug:?} already: edit it, or give another title",
            path.display()
        );
    }
    let path = flags.folder.join("posts").join(format!("{slug}.md"));
    write(&path, &flags.title)?;
    print::line(print::name(path.display()))?;
    Ok(ExitCode::SUCCESS)
}

/// The post that has the slug, if there is one.
fn holder(folder: &Path, slug: &str) -> Result<Option<PathBuf>> {
    for file in Content::scan(folder)?.documents {
        let document = file.load().and_then(|bytes| Document::new(&file, bytes));
        let holds = document.is_ok_and(|document| document.address() == format!("posts/{slug}"));
        if holds {
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
    // A string of JSON is one of YAML, whatever is in the title.
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

/// Letters and digits of any script in lower case, a hyphen for each run of anything else: what
/// the component takes for a slug as it is.
fn slug(title: &str) -> String {
    let mut slug = String::new();
    for c in title.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() && slug.len() + c.len_utf8() <= MOST_BYTES {
            slug.push(c);
        } else if !c.is_alphanumeric() && !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(MOST_BYTES.min(slug.trim_end_matches('-').len()));
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
        assert!(slug(&"内存".repeat(200)).len() <= MOST_BYTES);
    }
}
