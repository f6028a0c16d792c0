//! A document: a post or a page, as Markdown in a file.

use jiff::civil::Date;
use unicode_normalization::UnicodeNormalization;

use super::file::File;
use super::front_matter;
use super::problem::Problem;
use crate::hash::document_hash;

/// A document that has been read.
#[derive(Debug)]
pub(crate) struct Document {
    /// The slug is the one that the component will most likely give to it, or has given to it. If it
    /// is wrong, the component's answer names the right one, and the document is sent again.
    pub(crate) id: DocumentId,
    /// Its path inside the content folder.
    pub(crate) path: String,
    pub(crate) source: String,
}

/// A post or a page.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    Post,
    Page,
}

/// By what the blog knows a document.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct DocumentId {
    pub(crate) kind: Kind,
    pub(crate) slug: String,
}

impl DocumentId {
    /// The document at `path` in the component's interface, unless another file is there.
    pub(crate) fn of_path(path: &str) -> Option<Self> {
        let (folder, slug) = path.split_once('/')?;
        let kind = match folder {
            "posts" => Kind::Post,
            "pages" => Kind::Page,
            _ => return None,
        };
        let slug = slug.to_owned();
        Some(Self { kind, slug })
    }

    /// Its path in the component's interface.
    pub(crate) fn path(&self) -> String {
        match self.kind {
            Kind::Post => format!("posts/{}", self.slug),
            Kind::Page => format!("pages/{}", self.slug),
        }
    }
}

impl Document {
    /// Makes a document from the bytes of `file`.
    pub(crate) fn new(file: &File, bytes: Vec<u8>) -> Result<Self, Problem> {
        let kind = if file.path.starts_with("pages/") {
            Kind::Page
        } else {
            Kind::Post
        };
        let path = file.path.clone();
        match String::from_utf8(bytes) {
            Ok(source) => {
                let slug = likely_slug(kind, &path, &source);
                Ok(Self {
                    id: DocumentId { kind, slug },
                    path,
                    source,
                })
            }
            Err(error) => {
                let valid = error.utf8_error().valid_up_to();
                let breaks = error.as_bytes()[..valid]
                    .iter()
                    .filter(|&&byte| byte == b'\n');
                Err(Problem {
                    file: path,
                    line: Some(breaks.count() as u32 + 1),
                    field: None,
                    message: "not UTF-8: save the file in this encoding".to_owned(),
                })
            }
        }
    }

    /// The name of its file without folder and extension.
    pub(crate) fn name(&self) -> &str {
        name(&self.path)
    }

    /// The hash by which the component tells whether it has it.
    pub(crate) fn hash(&self) -> String {
        document_hash(&self.id.path(), &self.path, self.source.as_bytes())
    }
}

fn name(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.strip_suffix(".md").unwrap_or(name)
}

fn likely_slug(kind: Kind, path: &str, source: &str) -> String {
    let field = front_matter::split(source).slug();
    let slug = field.unwrap_or_else(|| match kind {
        Kind::Post => undated(name(path)).to_owned(),
        Kind::Page => name(path).to_owned(),
    });
    slug.nfc().collect()
}

/// The name of a post's file without the date before it, as the component cuts it.
fn undated(name: &str) -> &str {
    let Some((date, rest)) = name.split_at_checked(10) else {
        return name;
    };
    let is_digits = date.bytes().enumerate().all(|(at, byte)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    let is_day = is_digits && date.parse::<Date>().is_ok();
    match rest.strip_prefix('-').unwrap_or(rest) {
        rest if is_day && !rest.is_empty() => rest,
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    fn document(path: &str, source: &[u8]) -> Result<Document, Problem> {
        let file = File {
            path: path.to_owned(),
            location: PathBuf::new(),
        };
        Document::new(&file, source.to_vec())
    }

    #[track_caller]
    fn check_slug(path: &str, source: &str, slug: &str) {
        let document = document(path, source.as_bytes()).expect("UTF-8");
        assert_eq!(document.id.slug, slug);
    }

    #[test]
    fn slugs() {
        check_slug("posts/2024-05-14-two.md", "", "two");
        check_slug("posts/old/2024.md", "---\ntitle: slug\n---\n", "2024");
        check_slug("pages/2024-05-14-two.md", "", "2024-05-14-two");
        check_slug("posts/x.md", "---\nslug: \"y\"\n---\n", "y");
        check_slug("posts/x.md", "+++\nslug = 'z'\n+++\n", "z");
        check_slug("posts/x.md", "---\nslug: y # not x\n---\n", "y");
        check_slug(
            "posts/x.md",
            "\u{feff}---\n'slug' : e\u{301}\n---\n",
            "\u{e9}",
        );
    }

    #[test]
    fn what_looks_like_a_slug_and_is_text() {
        check_slug("posts/x.md", "slug: y\n", "x");
        check_slug("posts/x.md", "---\ntitle: t\n---\nslug: y\n", "x");
        check_slug("posts/x.md", "---\nextra:\n  slug: y\n---\n", "x");
        check_slug("posts/x.md", "+++\n[extra]\nslug = 'y'\n+++\n", "x");
        check_slug(
            "posts/x.md",
            "---\ntitle: |\n  slug: y\nslug: 5\n---\n",
            "x",
        );
    }

    #[test]
    fn only_a_day_of_the_calendar_is_cut_from_a_name() {
        check_slug("posts/2026-01-02-.md", "", "2026-01-02-");
        check_slug("posts/2026-13-45-y.md", "", "2026-13-45-y");
        check_slug("posts/2026-01-02y.md", "", "y");
        check_slug("posts/2026-01-02.md", "", "2026-01-02");
    }

    #[test]
    fn other_encodings_are_reported_with_their_line() {
        let problem = document("posts/x.md", b"one\ntwo \xff").expect_err("not UTF-8");
        assert_eq!(problem.line, Some(2));
    }
}
