//! References from documents to media files that are not there.

use std::collections::BTreeSet;

use html5gum::{HtmlString, Token, Tokenizer};
use pulldown_cmark::{Event, Options, Parser, Tag};
use unicode_normalization::UnicodeNormalization;

use crate::content::{Document, Problem, split_front_matter};
use crate::percent;

/// A problem for each reference in `document` to a file that `media` does not name.
pub(super) fn check(document: &Document, media: &BTreeSet<&str>) -> Vec<Problem> {
    // Most documents refer to none, and need no reading.
    if !document.source.contains("/media/") {
        return Vec::new();
    }
    let parts = split_front_matter(&document.source);
    let missing: BTreeSet<(usize, String)> = references(parts.body)
        .into_iter()
        .filter_map(|(at, address)| Some((at, file_of(&address)?)))
        .filter(|(_, path)| !media.contains(path.as_str()))
        .map(|(at, path)| (parts.body[..at].matches('\n').count(), path))
        .collect();
    let problems = missing.into_iter().map(|(line, path)| {
        let line = u32::try_from(parts.lines_before + line + 1).ok();
        Problem::at_line(&document.path, line, format!("there is no file {path}"))
    });
    problems.collect()
}

/// The file at an address.
fn file_of(address: &str) -> Option<String> {
    let path = address.strip_prefix("/media/")?;
    let path = path.split(['#', '?']).next().unwrap_or_default();
    let name: String = percent::decode(path).nfc().collect();
    Some(format!("media/{name}"))
}

/// The addresses in a Markdown text, each with its position: found by the parser that the component
/// has, with the same extensions.
fn references(text: &str) -> Vec<(usize, String)> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_SUBSCRIPT
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_GFM;
    let mut found = Vec::new();
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        match event {
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                found.push((range.start, dest_url.into_string()));
            }
            Event::Start(Tag::HtmlBlock) | Event::InlineHtml(_) => {
                let html = &text[range.clone()];
                let addresses = in_html(html).into_iter();
                found.extend(addresses.map(|address| {
                    let at = html.find(&address).unwrap_or_default();
                    (range.start + at, address)
                }));
            }
            _ => {}
        }
    }
    found
}

fn in_html(html: &str) -> Vec<String> {
    let mut found = Vec::new();
    for token in Tokenizer::new(html) {
        // Reading a text in memory has no way to fail.
        let Ok(Token::StartTag(tag)) = token else {
            continue;
        };
        for name in ["src", "href", "poster"] {
            let value = tag.attributes.get(&HtmlString(name.as_bytes().to_vec()));
            found.extend(value.map(|value| String::from_utf8_lossy(value).into_owned()));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::{DocumentId, Kind};

    #[track_caller]
    fn check_missing(source: &str, missing: &[(u32, &str)]) {
        let document = Document {
            id: DocumentId {
                kind: Kind::Post,
                slug: "x".to_owned(),
            },
            path: "posts/x.md".to_owned(),
            source: source.to_owned(),
        };
        let problems = check(
            &document,
            &BTreeSet::from(["media/a.png", "media/\u{e9}.png"]),
        );
        let found: Vec<_> = problems
            .iter()
            .map(|p| (p.line.unwrap_or_default(), p.message.as_str()))
            .collect();
        let missing = missing
            .iter()
            .map(|(line, path)| (*line, format!("there is no file {path}")));
        let missing: Vec<_> = missing.collect();
        let missing: Vec<_> = missing
            .iter()
            .map(|(line, m)| (*line, m.as_str()))
            .collect();
        assert_eq!(found, missing);
    }

    #[test]
    fn only_missing_files_outside_of_code() {
        check_missing(
            "---\ntitle: x\n---\n![a](/media/a.png) ![b](/media/b%20c.png \"b\")\n\n\
             <img\nsrc='/media/d.png'>\n\n```\n![e](/media/e.png)\n```\n`<img src=/media/f.png>`\n",
            &[(4, "media/b c.png"), (7, "media/d.png")],
        );
    }

    #[test]
    fn fences_within_fences() {
        check_missing(
            "````\n```\n![e](/media/e.png)\n````\n![f](/media/f.png)\n\n    ~~~\n\n\
             ![g](/media/g.png)\n",
            &[(5, "media/f.png"), (9, "media/g.png")],
        );
    }

    #[test]
    fn references_by_name_and_letters_taken_apart() {
        check_missing(
            "[x][y] ![e](</media/e\u{301}.png>)\n\n[y]: /media/y.pdf#page=2\n",
            &[(1, "media/y.pdf")],
        );
    }
}
