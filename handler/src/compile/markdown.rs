//! Markdown to HTML, in one pass over pulldown-cmark's events and without recursion.
//!
//! On the way it gathers what else a document has: headings, links, counts, the opening text. The
//! excerpt and the text for feed readers are passes of their own, as they leave out other things.

mod block;
mod elements;
mod excerpt;
mod footnotes;
mod headings;
mod images;
mod inline;
mod labels;
mod leftovers;
mod limits;
mod prepare;
mod prose;
mod raw;
mod table;
mod token;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use std::ops::Range;

use super::front::Body;
use super::source::Lines;
use super::words::Count;
use crate::document::{Heading, Link, Notes};
use crate::problem::Problem;
use block::CodeBlock;
use elements::Elements;
use footnotes::Footnotes;
use headings::Headings;
use images::Image;
use labels::Labels;
use leftovers::Leftovers;
use prose::Prose;
use raw::Raw;
use table::Table;

/// Deeper than any text that is meant to be read, and shallow enough for every browser.
const MAX_NESTED: usize = 100;

/// The largest page, in bytes of HTML: with its source it has to fit into the store.
const MAX_HTML_BYTES: usize = 400 * 1024;

/// What a body comes to.
#[derive(Default)]
pub(super) struct Rendered {
    pub(super) html: String,
    pub(super) feed_html: String,
    pub(super) toc: Vec<Heading>,
    pub(super) excerpt: Option<String>,
    /// The beginning as plain text: the excerpt, or somewhat more than a summary needs.
    pub(super) opening: String,
    pub(super) count: Count,
    pub(super) notes: Notes,
}

/// How a body is to be rendered.
pub(super) struct Settings<'a> {
    pub(super) lang: &'a str,
    pub(super) smart_punctuation: bool,
    pub(super) math: bool,
    /// The path of the document's page.
    pub(super) page: &'a str,
}

/// Renders the body of a document.
pub(super) fn render(
    body: &Body<'_>,
    settings: &Settings<'_>,
    problems: &mut Vec<Problem>,
) -> Rendered {
    let lines = Lines::of(body.text, body.lines_before);
    if let Err(problem) = limits::check(body.text, &lines) {
        problems.push(problem);
        return Rendered::default();
    }
    let text = prepare::prepare(body.text, settings.math);
    let lines = Lines::of(&text, body.lines_before);
    let options = options(settings);
    let mut page = Writer::new(Extent::Page, settings, &lines);
    page.headings.reserve(&text, options);
    page.write(&text, options);
    problems.append(&mut page.problems);
    if !problems.is_empty() {
        return Rendered::default();
    }
    let mut pass = |extent| {
        let mut writer = Writer::new(extent, settings, &lines);
        writer.write(&text, options);
        // The feed may be too large where the page is not: its addresses are longer.
        problems.append(&mut writer.problems);
        writer.out
    };
    Rendered {
        excerpt: page.has_excerpt.then(|| pass(Extent::Excerpt)),
        feed_html: pass(Extent::Feed),
        html: page.out,
        toc: page.headings.toc,
        opening: page.prose.opening,
        count: page.prose.count,
        notes: Notes {
            links: page.links,
            images_without_alt: page.images_without_alt,
            warnings: page.warnings,
        },
    }
}

fn too_deep() -> String {
    format!("quotes, lists or emphasis lie more than {MAX_NESTED} deep; make them flatter")
}

fn options(settings: &Settings<'_>) -> Options {
    let mut options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        // With it, one tilde is not taken for a strikethrough; it is written as it is.
        | Options::ENABLE_SUBSCRIPT
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_GFM;
    options.set(Options::ENABLE_MATH, settings.math);
    options.set(
        Options::ENABLE_SMART_PUNCTUATION,
        settings.smart_punctuation,
    );
    options
}

/// Which of the texts made of a body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Extent {
    Page,
    Excerpt,
    Feed,
}

/// The HTML so far, and everything that is open at this point.
struct Writer<'a> {
    extent: Extent,
    labels: &'static Labels,
    lines: &'a Lines,
    page: &'a str,
    out: String,
    depth: usize,
    has_excerpt: bool,
    prose: Prose,
    headings: Headings,
    footnotes: Footnotes,
    table: Table,
    code: Option<CodeBlock>,
    image: Option<Image>,
    raw: Option<Raw>,
    elements: Elements,
    leftovers: Leftovers,
    links: Vec<Link>,
    images_without_alt: Vec<Link>,
    warnings: Vec<Problem>,
    problems: Vec<Problem>,
    /// Writing cannot go on; the reason is among the problems.
    is_refused: bool,
}

impl<'a> Writer<'a> {
    fn new(extent: Extent, settings: &Settings<'a>, lines: &'a Lines) -> Self {
        Self {
            extent,
            labels: Labels::of(settings.lang),
            lines,
            page: settings.page,
            out: String::new(),
            depth: 0,
            has_excerpt: false,
            prose: Prose::default(),
            headings: Headings::default(),
            footnotes: Footnotes::default(),
            table: Table::default(),
            code: None,
            image: None,
            raw: None,
            elements: Elements::default(),
            leftovers: Leftovers::default(),
            links: Vec::new(),
            images_without_alt: Vec::new(),
            warnings: Vec::new(),
            problems: Vec::new(),
            is_refused: false,
        }
    }

    fn write(&mut self, text: &str, options: Options) {
        for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
            let event = prepare::restore(event);
            match &event {
                Event::Start(_) => self.depth += 1,
                Event::End(_) => self.depth -= 1,
                _ => {}
            }
            if excerpt::is_mark(&event) && self.ends_excerpt(&event, &range) {
                break;
            }
            self.event(event, text, &range);
            self.check_limits(&range);
            if self.is_refused {
                return;
            }
        }
        let unclosed = self.elements.close_all(&mut self.out);
        self.warn_of(unclosed);
        if self.extent != Extent::Excerpt {
            self.write_footnotes();
        }
    }

    fn check_limits(&mut self, range: &Range<usize>) {
        let line = self.lines.line_at(range.start);
        if self.depth > MAX_NESTED {
            self.refuse(line, too_deep());
        } else if self.out.len() + self.footnotes.bytes() > MAX_HTML_BYTES {
            let message = format!(
                "the page would have more than {} KiB of HTML from here on; split the text into several",
                MAX_HTML_BYTES / 1024
            );
            self.refuse(line, message);
        }
    }

    fn refuse(&mut self, line: usize, message: impl Into<String>) {
        self.problems.push(Problem::new(line, message));
        self.is_refused = true;
    }

    fn event(&mut self, event: Event<'_>, text: &str, range: &Range<usize>) {
        if self.image.is_some() {
            return self.inside_image(event);
        }
        match event {
            Event::Start(Tag::HtmlBlock) => {
                self.fresh_line();
                self.raw = Some(Raw::default());
            }
            Event::End(TagEnd::HtmlBlock) => {
                if let Some(raw) = self.raw.take() {
                    self.write_raw(&raw);
                }
            }
            Event::Html(html) => match &mut self.raw {
                Some(raw) => raw.push(&html, range),
                None => self.inline_raw(&html, range),
            },
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag),
            Event::Text(shown) => self.text(&shown, text, range),
            Event::SoftBreak => self.soft_break(),
            inline => self.inline(inline, text, range),
        }
    }

    fn start(&mut self, tag: Tag<'_>, range: &Range<usize>) {
        match tag {
            Tag::Emphasis
            | Tag::Strong
            | Tag::Strikethrough
            | Tag::Subscript
            | Tag::Link { .. }
            | Tag::Image { .. } => {
                self.start_inline(tag, range);
            }
            block => self.start_block(block, range),
        }
    }
}

fn link(target: &str, line: usize) -> Link {
    Link {
        target: target.to_owned(),
        line: u32::try_from(line).unwrap_or(u32::MAX),
    }
}
