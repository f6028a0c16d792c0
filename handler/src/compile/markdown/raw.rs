//! Raw HTML: passed on as its author wrote it, but for what would leave the document. Its links,
//! images and ids are noted like those of Markdown.

use std::ops::Range;

use super::elements::Unclosed;
use super::token::{Attribute, StartTag, Token, tokens};
use super::{Extent, Writer};
use crate::compile::{address, source};
use crate::html;
use crate::problem::Problem;

/// Raw HTML, gathered: a parser gives a block of it line by line, and a tag may go over several.
#[derive(Debug, Default)]
pub(super) struct Raw {
    html: String,
    /// Where each line of it begins, here and in the source.
    lines: Vec<(usize, usize)>,
}

impl Raw {
    pub(super) fn push(&mut self, html: &str, range: &Range<usize>) {
        self.lines.push((self.html.len(), range.start));
        self.html.push_str(html);
    }

    fn offset(&self, at: usize) -> usize {
        let line = self.lines.partition_point(|(start, _)| *start <= at);
        let (start, offset) = self.lines[..line].last().copied().unwrap_or_default();
        offset + (at - start)
    }
}

impl Writer<'_> {
    pub(super) fn inline_raw(&mut self, html: &str, range: &Range<usize>) {
        let mut raw = Raw::default();
        raw.push(html, range);
        self.write_raw(&raw);
    }

    pub(super) fn write_raw(&mut self, raw: &Raw) {
        for (at, token) in tokens(&raw.html) {
            let line = self.lines.line_at(raw.offset(at));
            match token {
                Token::Text(text) => push_valid(&mut self.out, text),
                Token::Start(tag) => self.raw_start(&tag, line),
                Token::End { name, source } => self.raw_end(name, source, line),
                Token::Comment { source, is_closed } => self.raw_comment(source, is_closed, line),
                Token::Ignored(source) if self.extent != Extent::Feed => self.out.push_str(source),
                Token::Ignored(_) => {}
                Token::Open(source) => {
                    let shown: String = source.chars().take(30).collect();
                    let message = format!(
                        "the tag `{}` has no end, so it is shown as text; close its quotes and write `>`",
                        shown.trim_end()
                    );
                    self.warn(line, message);
                    html::text(&mut self.out, source);
                }
            }
        }
    }

    fn raw_end(&mut self, name: &str, source: &str, line: usize) {
        match self.elements.end(name, &mut self.out) {
            Some(unclosed) => {
                self.warn_of(unclosed);
                self.out.push_str(source);
            }
            None => self.warn(
                line,
                format!("`</{name}>` ends no element of this block, so it is left out; remove it"),
            ),
        }
    }

    fn raw_comment(&mut self, source: &str, is_closed: bool, line: usize) {
        if self.extent != Extent::Feed {
            self.out.push_str(source);
            self.out.push_str(if is_closed { "" } else { "-->" });
        }
        if !is_closed {
            let message = "the comment has no end, so it goes to the end of the text; write `-->`";
            self.warn(line, message);
        }
    }

    fn raw_start(&mut self, tag: &StartTag<'_>, line: usize) {
        if tag.is("plaintext") {
            return self.warn(
                line,
                "`<plaintext>` would swallow the rest of the page, so it is left out",
            );
        }
        if self.extent == Extent::Page {
            self.note_tag(tag, line);
        }
        let started = self.elements.start(tag.name, tag.closes_itself(), line);
        if started.is_err() {
            self.refuse(
                line,
                "elements of HTML lie too deep within each other; make them flatter",
            );
        }
        match self.extent {
            Extent::Page => push_valid(&mut self.out, tag.source),
            Extent::Feed if tag.is("input") => self.out.push_str(text_of_input(tag)),
            Extent::Excerpt | Extent::Feed => self.write_tag(tag),
        }
    }

    fn note_tag(&mut self, tag: &StartTag<'_>, line: usize) {
        if let Some(id) = tag.attribute("id").map(unescape)
            && !id.is_empty()
            && !self.headings.use_raw_id(&id)
        {
            self.warn(
                line,
                format!("the id `{id}` is there twice; change one of them"),
            );
        }
        for Attribute { name, value } in tag.attributes() {
            match Kind::of(name) {
                Kind::Address => self.record_at(&unescape(value), line),
                Kind::Candidates => {
                    let value = unescape(value);
                    for (candidate, _) in address::candidates(&value) {
                        self.record_at(candidate, line);
                    }
                }
                Kind::Other => {}
            }
        }
        if tag.is("img") && tag.attribute("alt").is_none() {
            let target = tag.attribute("src").map(unescape).unwrap_or_default();
            self.images_without_alt.push(super::link(&target, line));
        }
    }

    /// The tag without an id, which must be unique in a page; in a feed with addresses that
    /// are good elsewhere.
    fn write_tag(&mut self, tag: &StartTag<'_>) {
        self.push(format_args!("<{}", tag.name));
        for Attribute { name, value } in tag.attributes() {
            if name.eq_ignore_ascii_case("id") {
                continue;
            }
            self.push(format_args!(" {name}=\""));
            match Kind::of(name) {
                Kind::Address => self.write_address(&unescape(value)),
                Kind::Candidates => {
                    let value = unescape(value);
                    for (number, (candidate, descriptor)) in address::candidates(&value).enumerate()
                    {
                        self.out.push_str(if number == 0 { "" } else { ", " });
                        self.write_address(candidate);
                        self.out
                            .push_str(if descriptor.is_empty() { "" } else { " " });
                        html::attribute(&mut self.out, descriptor);
                    }
                }
                Kind::Other => push_valid(&mut self.out, &value.replace('"', "&quot;")),
            }
            self.out.push('"');
        }
        self.out
            .push_str(if tag.closes_itself() { "/>" } else { ">" });
    }

    /// Tells of elements that were closed for their author.
    pub(super) fn warn_of(&mut self, unclosed: Vec<Unclosed>) {
        for Unclosed { name, line } in unclosed {
            self.warn(
                line,
                format!("`<{name}>` has no end tag in its block, so it is closed there; write `</{name}>`"),
            );
        }
    }

    pub(super) fn warn(&mut self, line: usize, message: impl Into<String>) {
        if self.extent == Extent::Page && self.warnings.len() < crate::problem::MAX {
            self.warnings.push(Problem::new(line, message));
        }
    }
}

/// What the value of an attribute is.
enum Kind {
    Address,
    Candidates,
    Other,
}

impl Kind {
    fn of(attribute: &str) -> Self {
        match attribute.to_ascii_lowercase().as_str() {
            "href" | "src" | "poster" => Self::Address,
            "srcset" => Self::Candidates,
            _ => Self::Other,
        }
    }
}

/// Feed readers take forms out; a box still tells what it is.
fn text_of_input(tag: &StartTag<'_>) -> &'static str {
    let is_box = tag
        .attribute("type")
        .is_some_and(|kind| kind.eq_ignore_ascii_case("checkbox"));
    match (is_box, tag.attribute("checked")) {
        (false, _) => "",
        (true, None) => "☐",
        (true, Some(_)) => "☑",
    }
}

/// The parts of a text between its character references, each reference with its character.
fn references(text: &str) -> impl Iterator<Item = (&str, Option<(&str, char)>)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let found = rest
            .match_indices('&')
            .find_map(|(at, _)| Some((at, reference(&rest[at..])?)));
        let Some((at, (length, c))) = found else {
            return Some((std::mem::take(&mut rest), None));
        };
        let (before, after) = rest.split_at(at);
        let (source, after) = after.split_at(length);
        rest = after;
        Some((before, Some((source, c))))
    })
}

/// The length of a character reference and what it stands for; of the named ones only those that
/// addresses need.
fn reference(text: &str) -> Option<(usize, char)> {
    let named = [
        ("&amp;", '&'),
        ("&lt;", '<'),
        ("&gt;", '>'),
        ("&quot;", '"'),
    ];
    if let Some((name, c)) = named.into_iter().find(|(name, _)| text.starts_with(name)) {
        return Some((name.len(), c));
    }
    let digits = text.strip_prefix("&#")?;
    let (digits, radix) = match digits.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16),
        None => (digits, 10),
    };
    let end = digits
        .find(|c: char| !c.is_digit(radix))
        .unwrap_or(digits.len());
    let code = u32::from_str_radix(&digits[..end], radix).ok()?;
    let length = text.len() - digits.len() + end;
    let length = length + usize::from(text[length..].starts_with(';'));
    Some((length, char::from_u32(code).unwrap_or('\0')))
}

pub(super) fn unescape(value: &str) -> String {
    let mut out = String::new();
    for (before, reference) in references(value) {
        out.push_str(before);
        out.extend(reference.map(|(_, c)| c).filter(|c| source::is_xml(*c)));
    }
    out
}

/// Appends raw text without references to characters that no feed can hold.
fn push_valid(out: &mut String, text: &str) {
    for (before, reference) in references(text) {
        out.push_str(before);
        out.push_str(match reference {
            Some((source, c)) if source::is_xml(c) => source,
            _ => "",
        });
    }
}
