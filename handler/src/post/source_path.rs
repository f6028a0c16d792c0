//! The file that a document comes from. Its name may carry the date, so the compiler needs it
//! again; an export writes the source to the path that it once had.

use crate::compile::Source;
use crate::document::{DocId, Kind};
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::Xxh3Default;

/// A path in a folder of content; empty where it is the one that the slug names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourcePath(String);

/// The longest path that is kept, in bytes.
const MAX_BYTES: usize = 1000;

impl SourcePath {
    /// The path of a source: `file`, where that is a path of a document of this name, or else
    /// a file of this name.
    pub fn of(source: &Source<'_>, file: &str, slug: &str) -> Self {
        let named = format!("{}/{}.md", source.kind.folder(), source.name);
        let path = if is_path(file, source) { file } else { &named };
        if path == file_of(source.kind, slug) {
            return Self::default();
        }
        Self(path.to_owned())
    }

    /// The path that a record names.
    pub fn stored(path: &str) -> Self {
        Self(path.to_owned())
    }

    /// The path of the file of a document.
    pub fn of_document(&self, id: &DocId) -> String {
        if self.0.is_empty() {
            return file_of(id.kind, &id.slug);
        }
        self.0.clone()
    }

    /// The name of the file without its ending, as the compiler wants it.
    pub fn name<'a>(&'a self, slug: &'a str) -> &'a str {
        if self.0.is_empty() {
            return slug;
        }
        let name = self.0.rsplit('/').next().unwrap_or(&self.0);
        name.strip_suffix(".md").unwrap_or(name)
    }

    /// The hash of a source together with its path: a file that was renamed has to be sent
    /// again, for its name may be its date.
    pub fn hash(&self, source: &[u8]) -> u128 {
        let mut hash = Xxh3Default::new();
        hash.update(source);
        if !self.0.is_empty() {
            hash.update(b"\0");
            hash.update(self.0.as_bytes());
        }
        hash.digest128()
    }
}

fn file_of(kind: Kind, slug: &str) -> String {
    format!("{}/{slug}.md", kind.folder())
}

/// Whether it is a path that an export may write to, with the name of the source.
fn is_path(file: &str, source: &Source<'_>) -> bool {
    let mut steps = file.split('/');
    let is_in_folder = steps.next() == Some(source.kind.folder());
    let name = file.rsplit('/').next().unwrap_or_default();
    let is_step = |step: &str| !step.starts_with('.') && !step.is_empty();
    file.len() <= MAX_BYTES
        && is_in_folder
        && steps.all(is_step)
        && !file.contains(['\\', '\0'])
        && name.strip_suffix(".md") == Some(source.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, file: &str, path: &str) {
        let source = Source {
            kind: Kind::Post,
            name,
            text: b"text",
        };
        let known = SourcePath::of(&source, file, "slug");
        assert_eq!(known.of_document(&DocId::post("slug")), path);
        assert_eq!(known.name("slug"), name);
    }

    #[test]
    fn a_path_is_kept_and_anything_else_is_only_for_messages() {
        check("slug", "", "posts/slug.md");
        check("slug", "posts/slug.md", "posts/slug.md");
        check("2026-01-01-slug", "", "posts/2026-01-01-slug.md");
        check("other", "posts/2026/other.md", "posts/2026/other.md");
        for file in [
            "posts/../other.md",
            "posts//other.md",
            "/etc/other.md",
            "pages/other.md",
            "posts/.git/other.md",
            "posts/different.md",
            "posts/a\\other.md",
        ] {
            check("other", file, "posts/other.md");
        }
    }

    #[test]
    fn a_renamed_file_has_another_hash() {
        let of = |path| SourcePath::stored(path).hash(b"text");
        assert_eq!(of(""), xxhash_rust::xxh3::xxh3_128(b"text"));
        assert_ne!(of(""), of("posts/2026-01-01-slug.md"));
        assert_ne!(
            of("posts/2026-01-02-slug.md"),
            of("posts/2026-01-01-slug.md")
        );
    }
}
