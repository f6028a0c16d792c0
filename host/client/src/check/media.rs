//! Media that nothing mentions.

use std::collections::BTreeSet;

use super::finding::{Finding, Findings};
use crate::content::{Content, Problem};
use crate::percent;

/// Names the files that no document, no template and no setting mentions.
pub(super) fn check(content: &Content, findings: &mut Findings) {
    let mut mentioned = BTreeSet::new();
    for file in content
        .files()
        .filter(|file| !file.path.starts_with("media/"))
    {
        // Publishing has reported what cannot be read.
        let bytes = file.load().unwrap_or_default();
        mentions(&String::from_utf8_lossy(&bytes), &mut mentioned);
    }
    for file in &content.media {
        if !mentioned.contains(&file.path) {
            let message = "nothing refers to it: use it, or remove it".to_owned();
            findings.add(Finding::warning(Problem::of_file(&file.path, message)));
        }
    }
}

/// Adds the paths in a text that begin with `media/`. A file may be named with spaces, in
/// which case an address has them escaped.
fn mentions(text: &str, mentioned: &mut BTreeSet<String>) {
    for (at, _) in text.match_indices("media/") {
        let ends = ['"', '\'', '(', ')', '<', '>', '[', ']', '#', '?', '`', '\\'];
        let is_end = |c: char| c.is_whitespace() || ends.contains(&c);
        let path = text[at..].split(is_end).next().unwrap_or_default();
        mentioned.insert(percent::decode(path));
        mentioned.insert(percent::decode(path.trim_end_matches([',', '.', ';', ':'])));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mentions_in_any_text() {
        let mut found = BTreeSet::new();
        let text = "![x](/media/a%20b.png \"t\")\nimage: media/c.svg, url('/media/d.woff')";
        mentions(text, &mut found);
        for path in ["media/a b.png", "media/c.svg", "media/d.woff"] {
            assert!(found.contains(path), "{path}: {found:?}");
        }
    }
}
