//! Headings: each with an id that is unique within the document, and a link to itself.

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::prose::Place;
use super::{Extent, Writer};
use crate::compile::slug;
use crate::document::Heading;
use crate::html;
use crate::problem::Problem;

/// The ids in use, and the heading that has begun.
#[derive(Debug, Default)]
pub(super) struct Headings {
    pub(super) toc: Vec<Heading>,
    /// Ids that the author has set.
    reserved: BTreeSet<String>,
    used: BTreeSet<String>,
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
}

impl Headings {
    /// Finds the ids that the author has set: they win over ids made of earlier headings.
    pub(super) fn reserve(&mut self, text: &str, options: Options) {
        if !text.contains("{#") && !text.contains(" #") {
            return;
        }
        for event in Parser::new_ext(text, options) {
            if let Event::Start(Tag::Heading { id: Some(id), .. }) = event {
                self.reserved.insert(id.into_string());
            }
        }
    }

    pub(super) fn text(&mut self, text: &str) {
        if let Some(open) = &mut self.open {
            open.text.push_str(text);
        }
    }

    /// An id made of the heading's text, with a number behind it where it is taken.
    fn unique_id(&mut self, text: &str) -> String {
        let base = match slug::slugify(text) {
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
            id, classes, attrs, ..
        } = tag
        else {
            return;
        };
        let id = id.map(CowStr::into_string);
        if let Some(id) = &id
            && !self.headings.used.insert(id.clone())
        {
            let message = format!("the heading's id `{id}` is there twice; change one of them");
            self.problems
                .push(Problem::new(self.lines.line_at(range.start), message));
        }
        self.prose.enter(Place::Aside);
        let attributes = attributes(&classes, &attrs);
        self.headings.open = Some(Open {
            start: self.out.len(),
            id,
            attributes,
            text: String::new(),
        });
    }

    pub(super) fn end_heading(&mut self, level: u8) {
        self.prose.enter(Place::Body);
        let Some(Open {
            start,
            id,
            attributes,
            text,
        }) = self.headings.open.take()
        else {
            return;
        };
        let inner = self.out.split_off(start);
        if self.extent == Extent::Excerpt {
            return self.push(format_args!("<h{level}{attributes}>{inner}</h{level}>\n"));
        }
        let id = id.unwrap_or_else(|| self.headings.unique_id(&text));
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
    for (name, value) in attrs {
        out.push(' ');
        html::attribute(&mut out, name);
        out.push_str("=\"");
        html::attribute(&mut out, value.as_deref().unwrap_or_default());
        out.push('"');
    }
    out
}
