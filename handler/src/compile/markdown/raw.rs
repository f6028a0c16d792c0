//! Raw HTML: passed on as it is, its links and images noted like those of Markdown.

use std::ops::Range;

use super::{Extent, Writer};

impl Writer<'_> {
    /// Notes where a piece of raw HTML points, and which of its images say nothing.
    pub(super) fn note_raw(&mut self, html: &str, range: &Range<usize>) {
        for (at, tag) in tags(html) {
            let place = range.start + at..range.end;
            for (name, value) in attributes(tag) {
                if matches!(name, "href" | "src" | "poster") {
                    self.record(&value.replace("&amp;", "&"), &place);
                }
            }
            let is_silent = is_image(tag) && attributes(tag).all(|(name, _)| name != "alt");
            if is_silent && self.extent == Extent::Whole {
                let source = attributes(tag).find(|(name, _)| *name == "src");
                let link = self.link(source.map_or("", |(_, value)| value), &place);
                self.images_without_alt.push(link);
            }
        }
    }
}

/// The tags of a piece of HTML, each with its offset; end tags and comments have no attributes.
fn tags(html: &str) -> impl Iterator<Item = (usize, &str)> {
    html.match_indices('<').map(|(at, _)| {
        let tag = &html[at + 1..];
        let end = tag.find(['<', '>']).unwrap_or(tag.len());
        (at, &tag[..end])
    })
}

fn is_image(tag: &str) -> bool {
    let name = tag.split(|c: char| c.is_ascii_whitespace() || c == '/');
    name.take(1).any(|name| name.eq_ignore_ascii_case("img"))
}

/// The attributes with a quoted value.
fn attributes(tag: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = tag;
    std::iter::from_fn(move || {
        loop {
            let (before, after) = rest.split_once('=')?;
            let name = before
                .rsplit(|c: char| c.is_ascii_whitespace())
                .next()
                .unwrap_or_default();
            let Some(quote) = after.chars().next().filter(|c| matches!(c, '"' | '\'')) else {
                rest = after;
                continue;
            };
            let (value, after) = after[1..].split_once(quote)?;
            rest = after;
            return Some((name, value));
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_of_tags() {
        let html = "<a data-href=\"/no\" href='/x?a=1'>y</a> <img src=\"/m.png\" alt=\"\"/>";
        let found: Vec<_> = tags(html)
            .map(|(at, tag)| (at, is_image(tag), attributes(tag).collect::<Vec<_>>()))
            .filter(|(_, _, attributes)| !attributes.is_empty())
            .collect();
        assert_eq!(
            found,
            [
                (0, false, vec![("data-href", "/no"), ("href", "/x?a=1")]),
                (39, true, vec![("src", "/m.png"), ("alt", "")]),
            ]
        );
    }
}
