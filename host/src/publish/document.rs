//! A document: a post or a page, as Markdown in a file.

use super::content::File;
use super::problem::Problem;

/// A document that has been read.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) kind: Kind,
    /// Its path inside the content folder.
    pub(super) path: String,
    pub(super) source: String,
}

/// Which of the two it is.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    Post,
    Page,
}

impl Kind {
    /// The folder of its documents, which is also their path in the component's interface.
    pub(super) fn folder(self) -> &'static str {
        match self {
            Self::Post => "posts",
            Self::Page => "pages",
        }
    }
}

impl Document {
    /// Makes a document of the bytes of `file`.
    pub(super) fn new(file: &File, bytes: Vec<u8>) -> Result<Self, Problem> {
        let kind = if file.path.starts_with("pages/") {
            Kind::Page
        } else {
            Kind::Post
        };
        let path = file.path.clone();
        match String::from_utf8(bytes) {
            Ok(source) => Ok(Self { kind, path, source }),
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
    pub(super) fn name(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or(&self.path);
        name.strip_suffix(".md").unwrap_or(name)
    }

    /// The slug that the component will most likely give to it. If it is wrong the document
    /// is sent although it is there already, and nothing worse.
    pub(super) fn likely_slug(&self) -> &str {
        let head = self.source.lines().take(50);
        let field = head
            .filter_map(|line| line.strip_prefix("slug"))
            .find_map(|rest| {
                rest.trim_start()
                    .strip_prefix([':', '='])
                    .map(|value| value.trim().trim_matches(['"', '\'']))
            });
        let name = self.name();
        let date = |prefix: &str| {
            prefix.bytes().enumerate().all(|(at, byte)| match at {
                4 | 7 | 10 => byte == b'-',
                _ => byte.is_ascii_digit(),
            })
        };
        let undated = || match name.split_at_checked(11) {
            Some((prefix, rest)) if self.kind == Kind::Post && date(prefix) => rest,
            _ => name,
        };
        field.unwrap_or_else(undated)
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
        assert_eq!(
            document(path, source.as_bytes())
                .expect("UTF-8")
                .likely_slug(),
            slug
        );
    }

    #[test]
    fn slugs() {
        check_slug("posts/2024-05-14-two.md", "", "two");
        check_slug("posts/old/2024.md", "---\ntitle: slug\n---\n", "2024");
        check_slug("pages/2024-05-14-two.md", "", "2024-05-14-two");
        check_slug("posts/x.md", "---\nslug: \"y\"\n---\n", "y");
        check_slug("posts/x.md", "+++\nslug = 'z'\n+++\n", "z");
    }

    #[test]
    fn other_encodings_are_reported_with_their_line() {
        let problem = document("posts/x.md", b"one\ntwo \xff").expect_err("not UTF-8");
        assert_eq!(problem.line, Some(2));
    }
}
