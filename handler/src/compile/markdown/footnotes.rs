//! Footnotes: numbered as they are first referred to, gathered at the end, each with the way back.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::labels::Labels;
use super::prose::Place;
use super::{Extent, Writer};
use crate::compile::address;

/// The footnotes met so far.
#[derive(Debug, Default)]
pub(super) struct Footnotes {
    notes: BTreeMap<String, Note>,
    bytes: usize,
    /// Names in the order of their numbers.
    order: Vec<String>,
    /// The definition that has begun, and where its HTML begins.
    open: Option<(String, usize)>,
}

#[derive(Debug, Default)]
struct Note {
    number: usize,
    references: usize,
    html: String,
}

impl Footnotes {
    /// Numbers a reference: the note it refers to, and how many references to it there are now.
    fn refer(&mut self, name: &str, page: &str) -> (usize, usize) {
        let note = self.notes.entry(name.to_owned()).or_default();
        if note.number == 0 {
            self.order.push(name.to_owned());
            note.number = self.order.len();
        }
        note.references += 1;
        // Each reference has a way back.
        self.bytes += 100 + page.len();
        (note.number, note.references)
    }

    /// How much HTML there is to come at the end.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Appends the notes that were referred to.
    fn write_section(&self, extent: Extent, labels: &Labels, page: &str, out: &mut String) {
        if self.order.is_empty() {
            return;
        }
        // Writing to a string cannot fail.
        let _ = write!(
            out,
            "<section class=\"footnotes\" aria-label=\"{}\">\n<ol>\n",
            labels.footnotes
        );
        for note in self.order.iter().filter_map(|name| self.notes.get(name)) {
            let _ = match extent {
                Extent::Feed => writeln!(out, "<li>"),
                Extent::Page | Extent::Excerpt => writeln!(out, "<li id=\"fn:{}\">", note.number),
            };
            note.write(extent, labels, page, out);
            out.push_str("</li>\n");
        }
        out.push_str("</ol>\n</section>\n");
    }
}

impl Note {
    /// The text, with the links back at the end of its last paragraph.
    fn write(&self, extent: Extent, labels: &Labels, page: &str, out: &mut String) {
        let (text, end) = match self.html.strip_suffix("</p>\n") {
            Some(text) => (text, "</p>\n"),
            None => (self.html.as_str(), "\n"),
        };
        out.push_str(text);
        for reference in 1..=self.references {
            let id = reference_id(self.number, reference);
            let page = feed_page(extent, page);
            let _ = write!(
                out,
                " <a class=\"footnote-back\" href=\"{page}#{id}\" aria-label=\"{}\">↩</a>",
                labels.back
            );
        }
        out.push_str(end);
    }
}

/// A colon is in no id that is made of a heading, so the two never meet.
fn reference_id(number: usize, reference: usize) -> String {
    match reference {
        1 => format!("fnref:{number}"),
        _ => format!("fnref:{number}-{reference}"),
    }
}

/// A feed is read elsewhere; there the way leads to the page.
fn feed_page(extent: Extent, page: &str) -> String {
    match extent {
        Extent::Feed => format!("{}{page}", address::SITE),
        Extent::Page | Extent::Excerpt => String::new(),
    }
}

impl Writer<'_> {
    pub(super) fn write_footnotes(&mut self) {
        self.footnotes
            .write_section(self.extent, self.labels, self.page, &mut self.out);
    }

    pub(super) fn footnote_reference(&mut self, name: &str) {
        if self.extent == Extent::Excerpt {
            return;
        }
        let (number, reference) = self.footnotes.refer(name, self.page);
        if self.extent == Extent::Feed {
            let page = feed_page(self.extent, self.page);
            return self.push(format_args!(
                "<sup><a href=\"{page}#fn:{number}\">{number}</a></sup>"
            ));
        }
        let id = reference_id(number, reference);
        self.push(format_args!(
            "<sup class=\"footnote-ref\"><a id=\"{id}\" href=\"#fn:{number}\">{number}</a></sup>"
        ));
    }

    pub(super) fn start_footnote(&mut self, name: &str) {
        self.prose.enter(Place::Aside);
        self.footnotes.open = Some((name.to_owned(), self.out.len()));
    }

    pub(super) fn end_footnote(&mut self) {
        self.prose.enter(Place::Body);
        if let Some((name, start)) = self.footnotes.open.take() {
            let html = self.out.split_off(start);
            self.footnotes.bytes += html.len();
            self.footnotes.notes.entry(name).or_default().html = html;
        }
    }
}
