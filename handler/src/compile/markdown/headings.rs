//! Headings: each with an id that is unique within the document, and a link to itself.

use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::prose::Place;
use super::token::{self, Token};
use super::{Extent, Writer, prepare, raw};
use crate::compile::slug;
use crate::document::Heading;
use crate::html;
use crate::problem::Problem;

/// The ids in use, and the heading that has begun.
#[derive(Debug, Default)]
pub(super) struct Headings {
    pub(super) toc: Vec<Heading>,
    /// Ids that the author has set, on headings and in raw HTML.
    reserved: BTreeSet<String>,
    used: BTreeSet<String>,
    raw: BTreeSet<String>,
    /// The last number tried after each id, so that many like headings take no quadratic time.
    last_suffix: BTreeMap<String, u32>,
    open: Option<Open>,
}

#[derive(Debug)]
struct Open {
    /// Where its HTML begins.
    start: usize,
    id: Option<String>,
    attributes: String,
    text: String,
    /// The text as its author typed it, of which ids are made.
    typed: String,
}

impl Headings {
    /// Finds the ids that the author has set: they win over ids made of earlier headings.
    pub(super) fn reserve(&mut self, text: &str, options: Options) {
        if !text.contains(['{', '<']) && !text.contains(" #") {
            return;
        }
        let mut block = String::new();
        for event in Parser::new_ext(text, options).map(prepare::restore) {
            match event {
                Event::Start(Tag::Heading { id: Some(id), .. }) => {
                    self.reserved.insert(id.into_string());
                }
                Event::Html(html) => block.push_str(&html),
                Event::End(TagEnd::HtmlBlock) => self.reserve_raw(&std::mem::take(&mut block)),
                Event::InlineHtml(html) => self.reserve_raw(&html),
                _ => {}
            }
        }
    }

    fn reserve_raw(&mut self, html: &str) {
        for (_, token) in token::tokens(html) {
            if let Token::Start(tag) = token {
                self.reserved.extend(tag.attribute("id").map(raw::unescape));
            }
        }
    }

    /// Takes note of an id in raw HTML; whether it is the first of its name.
    pub(super) fn use_raw_id(&mut self, id: &str) -> bool {
        self.raw.insert(id.to_owned());
        self.used.insert(id.to_owned())
    }

    /// Adds to a heading: what is shown, and what its author typed.
    pub(super) fn text(&mut self, shown: &str, typed: &str) {
        if let Some(open) = &mut self.open {
            open.text.push_str(shown);
            open.typed.push_str(typed);
        }
    }

    /// An id made of the heading's text, with a number behind it where it is taken.
    fn unique_id(&mut self, text: &str) -> String {
        let base = match slug::of_heading(text) {
            empty if empty.is_empty() => "section".to_owned(),
            slug => slug,
        };
        let mut id = base.clone();
        while self.reserved.contains(&id) || self.used.contains(&id) {
            let suffix = self.last_suffix.entry(base.clone()).or_default();
            *suffix += 1;
            id = format!("{base}-{suffix}");
        }
        id
    }
}

impl Writer<'_> {
    pub(super) fn start_heading(&mut self, tag: Tag<'_>, range: &Range<usize>) {
        let Tag::Heading {
            level,
            id,
            classes,
            attrs,
        } = tag
        else {
            return;
        };
        let id = id.map(CowStr::into_string);
        if let Some(id) = &id
            && !self.headings.used.insert(id.clone())
        {
            let line = self.lines.line_at(range.start);
            let message = format!("the heading's id `{id}` is there twice; change one of them");
            if self.headings.raw.contains(id) {
                self.warn(line, message);
            } else {
                self.problems.push(Problem::new(line, message));
            }
        }
        if level == HeadingLevel::H1 {
            let message = "a heading of level 1 stands beside the page's title; begin with `##`";
            self.warn(self.lines.line_at(range.start), message);
        }
        self.prose.enter(Place::Aside);
        let attributes = attributes(&classes, &attrs);
        self.headings.open = Some(Open {
            start: self.out.len(),
            id,
            attributes,
            text: String::new(),
            typed: String::new(),
        });
    }

    pub(super) fn end_heading(&mut self, level: u8) {
        self.prose.enter(Place::Body);
        let Some(Open {
            start,
            id,
            attributes,
            text,
            typed,
        }) = self.headings.open.take()
        else {
            return;
        };
        let inner = self.out.split_off(start);
        if self.extent != Extent::Page {
            return self.push(format_args!("<h{level}{attributes}>{inner}</h{level}>\n"));
        }
        let id = id.unwrap_or_else(|| self.headings.unique_id(&typed));
        self.headings.used.insert(id.clone());
        self.push(format_args!("<h{level} id=\""));
        html::attribute(&mut self.out, &id);
        self.push(format_args!(
            "\"{attributes}>{inner} <a class=\"anchor\" href=\"#"
        ));
        html::href(&mut self.out, &id);
        self.push(format_args!(
            "\" aria-hidden=\"true\" tabindex=\"-1\">#</a></h{level}>\n"
        ));
        self.headings.toc.push(Heading {
            level,
            id,
            text: text.trim().to_owned(),
        });
    }
}

fn attributes(classes: &[CowStr<'_>], attrs: &[(CowStr<'_>, Option<CowStr<'_>>)]) -> String {
    let mut out = String::new();
    if !classes.is_empty() {
        out.push_str(" class=\"");
        html::attribute(&mut out, &classes.join(" "));
        out.push('"');
    }
    // An id is written `{#id}`; another one would be the second of the heading.
    for (name, value) in attrs
        .iter()
        .filter(|(name, _)| !name.eq_ignore_ascii_case("id"))
    {
        out.push(' ');
        html::attribute(&mut out, name);
        out.push_str("=\"");
        html::attribute(&mut out, value.as_deref().unwrap_or_default());
        out.push('"');
    }
    out
}
