//! What stands within a line: text, emphasis, links, code, math.
//!
//! Chinese and Japanese are set solid: a line break of the source between two of their
//! characters is no space, so it is dropped once the next text is known.

use pulldown_cmark::{Event, LinkType, Tag};
use std::ops::Range;

use super::{Extent, Writer, prepare};
use crate::compile::{address, words};
use crate::html;

impl Writer<'_> {
    /// Text as it is shown, and its place in the source `text`.
    pub(super) fn text(&mut self, shown: &str, text: &str, range: &Range<usize>) {
        if let Some(code) = &mut self.code {
            return code.push(shown);
        }
        let solid = shown.starts_with(words::is_solid);
        self.settle_break_before(solid);
        // A dash is typed as hyphens, and ids are made of those.
        let typed = text.get(range.clone()).unwrap_or_default();
        let is_dash = typed.bytes().all(|byte| byte == b'-');
        self.headings
            .text(shown, if is_dash { typed } else { shown });
        self.leftovers.add(shown, range.start);
        self.prose.add(shown);
        html::text(&mut self.out, shown);
    }

    /// A mark of Markdown that is shown as it is.
    pub(super) fn text_of_mark(&mut self, mark: &str) {
        self.settle_break();
        self.headings.text(mark, mark);
        self.prose.add(mark);
        self.out.push_str(mark);
    }

    pub(super) fn soft_break(&mut self) {
        self.leftovers.part();
        self.prose.hold_break(self.out.len());
    }

    /// Writes a held line break, now that no text follows it.
    pub(super) fn settle_break(&mut self) {
        self.settle_break_before(false);
    }

    fn settle_break_before(&mut self, solid: bool) {
        if let Some(at) = self.prose.release_break(solid) {
            self.headings.text(" ", " ");
            self.out.insert(at, '\n');
        }
    }

    pub(super) fn inline(&mut self, event: Event<'_>, text: &str, range: &Range<usize>) {
        self.settle_break();
        self.leftovers.part();
        match event {
            Event::Code(code) => {
                self.headings.text(&code, &code);
                self.prose.add(&code);
                self.element("code", "", &code);
            }
            Event::InlineMath(tex) if !prepare::is_formula(&tex, text, range.end) => {
                self.text(&format!("${tex}$"), text, range);
            }
            Event::InlineMath(tex) => self.formula("math inline", &tex),
            Event::DisplayMath(tex) => self.formula("math display", &tex),
            Event::InlineHtml(html) => self.inline_raw(&html, range),
            Event::FootnoteReference(name) => self.footnote_reference(&name),
            Event::HardBreak => {
                self.prose.add("\n");
                self.out.push_str("<br>\n");
            }
            Event::Rule => {
                self.fresh_line();
                self.out.push_str("<hr>\n");
            }
            Event::TaskListMarker(is_done) => self.task(is_done),
            // The caller has dealt with the others.
            _ => {}
        }
        self.prose.break_solid();
    }

    /// A feed reader knows nothing of formulas; it shows their source.
    fn formula(&mut self, class: &str, tex: &str) {
        self.headings.text(tex, tex);
        self.prose.add(tex);
        match self.extent {
            Extent::Feed => self.element("code", "", tex),
            Extent::Page | Extent::Excerpt => {
                self.element("span", &format!(" class=\"{class}\""), tex);
            }
        }
    }

    fn task(&mut self, is_done: bool) {
        let (label, checked, sign) = match is_done {
            true => (self.labels.done, " checked", "☑ "),
            false => (self.labels.open, "", "☐ "),
        };
        match self.extent {
            Extent::Feed => self.out.push_str(sign),
            Extent::Page | Extent::Excerpt => self.push(format_args!(
                "<input type=\"checkbox\" disabled{checked} aria-label=\"{label}\"> "
            )),
        }
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
            Tag::Subscript => self.text_of_mark("~"),
            Tag::Link {
                link_type,
                dest_url,
                title,
                ..
            } => {
                self.out.push_str("<a href=\"");
                if link_type == LinkType::Email {
                    self.out.push_str("mailto:");
                    html::href(&mut self.out, &dest_url);
                } else {
                    self.write_address(&dest_url);
                    self.record_at(&dest_url, self.lines.line_at(range.start));
                }
                self.title(&title);
                self.out.push('>');
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

    /// Writes an address into an attribute; in a feed, one that is good elsewhere.
    pub(super) fn write_address(&mut self, target: &str) {
        if self.extent != Extent::Feed {
            return html::href(&mut self.out, target);
        }
        let absolute = address::absolute(self.page, target);
        match absolute.strip_prefix(address::SITE) {
            Some(path) => {
                self.out.push(address::SITE);
                html::href(&mut self.out, path);
            }
            None => html::href(&mut self.out, &absolute),
        }
    }

    /// Notes where a link or an image points, if that is within the site.
    pub(super) fn record_at(&mut self, target: &str, line: usize) {
        if self.extent == Extent::Page && address::is_internal(target) {
            self.links.push(super::link(target, line));
        }
    }
}
