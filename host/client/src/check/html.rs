//! What the HTML of a page says: where it links to, and the ids that links can lead to.

use std::collections::BTreeSet;

use html5gum::{HtmlString, StartTag, Token, Tokenizer};

/// The ids in a page, and the names of anchors, an older form that links may lead to as well.
pub(super) fn ids(page: &str) -> BTreeSet<String> {
    let ids = start_tags(page).flat_map(|tag| {
        let name = (tag.name.as_slice() == b"a").then(|| attribute(&tag, b"name"));
        [attribute(&tag, b"id"), name.flatten()]
    });
    ids.flatten().collect()
}

/// The addresses within the site that a page points to.
pub(super) fn links(page: &str) -> BTreeSet<String> {
    let links = start_tags(page)
        .flat_map(|tag| [b"href".as_slice(), b"src"].map(|name| attribute(&tag, name)));
    links
        .flatten()
        .filter(|link| link.starts_with('/') && !link.starts_with("//"))
        .collect()
}

fn start_tags(page: &str) -> impl Iterator<Item = StartTag<()>> {
    Tokenizer::new(page).filter_map(|token| match token {
        Ok(Token::StartTag(tag)) => Some(tag),
        // Reading a text in memory has no way to fail.
        _ => None,
    })
}

fn attribute(tag: &StartTag<()>, name: &[u8]) -> Option<String> {
    let value = tag.attributes.get(&HtmlString(name.to_vec()))?;
    Some(String::from_utf8_lossy(value).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(page: &str, expected_ids: &[&str], expected_links: &[&str]) {
        assert_eq!(ids(page).iter().collect::<Vec<_>>(), expected_ids);
        assert_eq!(links(page).iter().collect::<Vec<_>>(), expected_links);
    }

    #[test]
    fn attributes() {
        check(
            "<h2 id=\"a&amp;b\"><a href=\"/x\" name=\"c\"></a><img src=\"//elsewhere/y\">",
            &["a&b", "c"],
            &["/x"],
        );
    }

    #[test]
    fn attributes_however_they_are_written() {
        check(
            "<p id = \"b\"><a id='x'><b id=y><A ID=\"Z\"\nHREF = /q><i\nid=\n'n'>",
            &["Z", "b", "n", "x", "y"],
            &["/q"],
        );
    }

    #[test]
    fn what_only_looks_like_an_attribute() {
        check(
            "<!-- <p id=no> --><code>&lt;p id=\"no\"&gt; id=\"no\"</code><meta name=\"no\">",
            &[],
            &[],
        );
    }
}
