//! Blocks: paragraphs, lists, quotes, alerts, code.

use pulldown_cmark::{BlockQuoteKind, CodeBlockKind, Tag, TagEnd};
use std::fmt::Write;
use std::ops::Range;

use super::{Extent, Writer};
use crate::compile::highlight;
use crate::html;

impl Writer<'_> {
    pub(super) fn start_block(&mut self, tag: Tag<'_>, range: &Range<usize>) {
        if !matches!(tag, Tag::TableCell) {
            self.fresh_line();
        }
        self.elements.enter();
        match tag {
            Tag::Paragraph => self.out.push_str("<p>"),
            Tag::Heading { .. } => self.start_heading(tag, range),
            Tag::BlockQuote(None) => self.out.push_str("<blockquote>\n"),
            Tag::BlockQuote(Some(kind)) => self.start_alert(kind),
            Tag::CodeBlock(kind) => self.code = Some(CodeBlock::of(&kind)),
            Tag::List(None) => self.out.push_str("<ul>\n"),
            Tag::List(Some(1)) => self.out.push_str("<ol>\n"),
            Tag::List(Some(first)) => self.push(format_args!("<ol start=\"{first}\">\n")),
            Tag::Item => self.out.push_str("<li>"),
            Tag::FootnoteDefinition(name) => self.start_footnote(&name),
            Tag::Table(alignments) => self.start_table(alignments),
            Tag::TableHead => self.start_table_head(),
            Tag::TableRow => self.start_table_row(),
            Tag::TableCell => self.start_table_cell(),
            Tag::DefinitionList => self.out.push_str("<dl>\n"),
            Tag::DefinitionListTitle => self.out.push_str("<dt>"),
            Tag::DefinitionListDefinition => self.out.push_str("<dd>"),
            // The others belong to extensions that are off.
            _ => {}
        }
    }

    pub(super) fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Emphasis => self.out.push_str("</em>"),
            TagEnd::Strong => self.out.push_str("</strong>"),
            TagEnd::Strikethrough => self.out.push_str("</del>"),
            TagEnd::Subscript => self.text_of_mark("~"),
            TagEnd::Link => self.out.push_str("</a>"),
            block => {
                self.settle_break();
                self.prose.end_block();
                let (offset, leftovers) = self.leftovers.take();
                for message in leftovers {
                    self.warn(self.lines.line_at(offset), message);
                }
                let unclosed = self.elements.leave(&mut self.out);
                self.warn_of(unclosed);
                self.end_block(block);
            }
        }
    }

    fn end_block(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph => self.out.push_str("</p>\n"),
            TagEnd::Heading(level) => self.end_heading(level as u8),
            TagEnd::BlockQuote(None) => self.out.push_str("</blockquote>\n"),
            TagEnd::BlockQuote(Some(_)) => self.end_alert(),
            TagEnd::DefinitionList => self.out.push_str("</dl>\n"),
            TagEnd::DefinitionListTitle => self.out.push_str("</dt>\n"),
            TagEnd::DefinitionListDefinition => self.out.push_str("</dd>\n"),
            TagEnd::CodeBlock => self.end_code(),
            TagEnd::List(ordered) => self
                .out
                .push_str(if ordered { "</ol>\n" } else { "</ul>\n" }),
            TagEnd::Item => self.out.push_str("</li>\n"),
            TagEnd::FootnoteDefinition => self.end_footnote(),
            TagEnd::Table => self.end_table(),
            TagEnd::TableHead => self.end_table_head(),
            TagEnd::TableRow => self.out.push_str("</tr>\n"),
            TagEnd::TableCell => self.end_table_cell(),
            _ => {}
        }
    }

    fn start_alert(&mut self, kind: BlockQuoteKind) {
        let (class, title) = match kind {
            BlockQuoteKind::Note => ("note", self.labels.note),
            BlockQuoteKind::Tip => ("tip", self.labels.tip),
            BlockQuoteKind::Important => ("important", self.labels.important),
            BlockQuoteKind::Warning => ("warning", self.labels.warning),
            BlockQuoteKind::Caution => ("caution", self.labels.caution),
        };
        if self.extent == Extent::Feed {
            self.push(format_args!(
                "<blockquote>\n<p><strong>{title}</strong></p>\n"
            ));
            return;
        }
        // As a note it is no landmark; of those, each in a page would need a name of its own.
        self.push(format_args!(
            "<aside class=\"alert {class}\" role=\"note\" aria-label=\"{title}\">\n\
             <p class=\"alert-title\">{title}</p>\n"
        ));
    }

    fn end_alert(&mut self) {
        self.out.push_str(match self.extent {
            Extent::Feed => "</blockquote>\n",
            Extent::Page | Extent::Excerpt => "</aside>\n",
        });
    }

    fn end_code(&mut self) {
        if let Some(code) = self.code.take() {
            match self.extent {
                Extent::Feed => code.write_plain(&mut self.out),
                Extent::Page | Extent::Excerpt => code.write(&mut self.out),
            }
        }
    }

    /// Appends markup; a string takes whatever is written to it.
    pub(super) fn push(&mut self, markup: std::fmt::Arguments<'_>) {
        let _ = self.out.write_fmt(markup);
    }

    pub(super) fn fresh_line(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push('\n');
        }
    }
}

/// A block of code that has begun.
pub(super) struct CodeBlock {
    /// The first word of the fence's line; empty if there is none.
    language: String,
    text: String,
}

impl CodeBlock {
    fn of(kind: &CodeBlockKind<'_>) -> Self {
        let info = match kind {
            CodeBlockKind::Fenced(info) => info.as_ref(),
            CodeBlockKind::Indented => "",
        };
        let language = info.split([' ', '\t', ',', '{']).next().unwrap_or_default();
        Self {
            language: language.to_owned(),
            text: String::new(),
        }
    }

    pub(super) fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn write_plain(&self, out: &mut String) {
        out.push_str("<pre><code>");
        html::text(out, &self.text);
        out.push_str("</code></pre>\n");
    }

    /// What may be too wide and scroll has to be reached by the keyboard.
    fn write(&self, out: &mut String) {
        out.push_str("<pre tabindex=\"0\"><code");
        if !self.language.is_empty() {
            out.push_str(" class=\"language-");
            html::attribute(out, &self.language);
            out.push('"');
        }
        out.push('>');
        highlight::write(&self.language, &self.text, out);
        out.push_str("</code></pre>\n");
    }
}
