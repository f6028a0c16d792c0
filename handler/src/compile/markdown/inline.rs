//! What stands within a line: text, emphasis, links, code, math.
//!
//! Chinese and Japanese are set solid: a line break of the source between two of their
//! characters is no space, so it is dropped once the next text is known.

use pulldown_cmark::{Event, LinkType, Tag};
use std::ops::Range;

use super::{Extent, Writer};
use crate::compile::cjk;
use crate::document::Link;
use crate::html;

impl Writer<'_> {
    pub(super) fn text(&mut self, text: &str) {
        if let Some(code) = &mut self.code {
            return code.push(text);
        }
        let solid = text.starts_with(cjk::is_solid);
        self.settle_break_before(solid);
        self.headings.text(text);
        self.prose.add(text);
        html::text(&mut self.out, text);
    }

    pub(super) fn soft_break(&mut self) {
        self.prose.hold_break(self.out.len());
    }

    /// Writes a held line break, now that no text follows it.
    pub(super) fn settle_break(&mut self) {
        self.settle_break_before(false);
    }

    fn settle_break_before(&mut self, solid: bool) {
        if let Some(at) = self.prose.release_break(solid) {
            self.headings.text(" ");
            self.out.insert(at, '\n');
        }
    }

    pub(super) fn inline(&mut self, event: Event<'_>) {
        self.settle_break();
        match event {
            Event::Code(code) => {
                self.headings.text(&code);
                self.prose.add(&code);
                self.element("code", "", &code);
            }
            Event::InlineMath(tex) => self.element("span", " class=\"math inline\"", &tex),
            Event::DisplayMath(tex) => self.element("span", " class=\"math display\"", &tex),
            Event::InlineHtml(html) => self.out.push_str(&html),
            Event::FootnoteReference(name) => self.footnote_reference(&name),
            Event::HardBreak => {
                self.prose.add("\n");
                self.out.push_str("<br>\n");
            }
            Event::Rule => {
                self.fresh_line();
                self.out.push_str("<hr>\n");
            }
            Event::TaskListMarker(true) => self
                .out
                .push_str("<input type=\"checkbox\" disabled checked> "),
            Event::TaskListMarker(false) => {
                self.out.push_str("<input type=\"checkbox\" disabled> ");
            }
            // The caller has dealt with the others.
            _ => {}
        }
        self.prose.break_solid();
    }

    fn element(&mut self, name: &str, attributes: &str, text: &str) {
        self.push(format_args!("<{name}{attributes}>"));
        html::text(&mut self.out, text);
        self.push(format_args!("</{name}>"));
    }

    pub(super) fn start_inline(&mut self, tag: Tag<'_>, range: &Range<usize>) {
        match tag {
            Tag::Emphasis => self.out.push_str("<em>"),
            Tag::Strong => self.out.push_str("<strong>"),
            Tag::Strikethrough => self.out.push_str("<del>"),
            Tag::Link {
                link_type,
                dest_url,
                title,
                ..
            } => {
                let scheme = if link_type == LinkType::Email {
                    "mailto:"
                } else {
                    ""
                };
                self.push(format_args!("<a href=\"{scheme}"));
                html::href(&mut self.out, &dest_url);
                self.title(&title);
                self.out.push('>');
                if scheme.is_empty() {
                    self.record(&dest_url, range);
                }
            }
            Tag::Image {
                dest_url, title, ..
            } => self.start_image(&dest_url, &title, range),
            _ => {}
        }
    }

    /// Closes the attribute before and adds a title, if there is one.
    pub(super) fn title(&mut self, title: &str) {
        self.out.push('"');
        if !title.is_empty() {
            self.out.push_str(" title=\"");
            html::attribute(&mut self.out, title);
            self.out.push('"');
        }
    }

    /// Notes where a link or an image points, if that is within the site.
    pub(super) fn record(&mut self, target: &str, range: &Range<usize>) {
        if self.extent == Extent::Whole && is_internal(target) {
            let link = self.link(target, range);
            self.links.push(link);
        }
    }

    pub(super) fn link(&self, target: &str, range: &Range<usize>) -> Link {
        let line = self.lines.line_at(range.start);
        Link {
            target: target.to_owned(),
            line: u32::try_from(line).unwrap_or(u32::MAX),
        }
    }
}

/// Whether an address names neither a scheme nor a host.
fn is_internal(target: &str) -> bool {
    let path = target.split(['/', '?', '#']).next().unwrap_or_default();
    !target.starts_with("//") && !path.contains(':')
}
