//! Markdown to HTML, in one pass over pulldown-cmark's events and without recursion.
//!
//! On the way it gathers what else a document has: headings, links, counts, the opening text. An
//! excerpt is a second pass that ends at its mark and leaves out what must be unique in a page.

mod block;
mod footnotes;
mod headings;
mod images;
mod inline;
mod labels;
mod prose;
mod raw;
mod table;

use pulldown_cmark::{Event, Options, Parser, Tag};
use std::ops::Range;

use super::count::Count;
use super::front::Body;
use super::lines::Lines;
use crate::document::{Heading, Link};
use crate::problem::Problem;
use block::CodeBlock;
use footnotes::Footnotes;
use headings::Headings;
use images::Image;
use labels::Labels;
use prose::Prose;
use table::Table;

/// Deeper than any text that is meant to be read, and shallow enough for every browser.
const MOST_NESTED: usize = 100;

/// What a body comes to.
#[derive(Default)]
pub(super) struct Rendered {
    pub(super) html: String,
    pub(super) toc: Vec<Heading>,
    pub(super) excerpt: Option<String>,
    /// The beginning as plain text: the excerpt, or somewhat more than a summary needs.
    pub(super) opening: String,
    pub(super) count: Count,
    pub(super) links: Vec<Link>,
    pub(super) images_without_alt: Vec<Link>,
}

/// Renders the body of a document in the language `lang`.
pub(super) fn render(
    body: &Body<'_>,
    lang: &str,
    smart: bool,
    problems: &mut Vec<Problem>,
) -> Rendered {
    let lines = Lines::of(body.text, body.lines_before);
    let options = options(smart);
    let mut whole = Writer::new(Extent::Whole, lang, &lines);
    whole.headings.reserve(body.text, options);
    let result = whole.write(body.text, options);
    problems.append(&mut whole.problems);
    if let Err(problem) = result {
        problems.push(problem);
        return Rendered::default();
    }
    let excerpt = whole.has_excerpt.then(|| {
        let mut excerpt = Writer::new(Extent::Excerpt, lang, &lines);
        // What could fail has failed in the pass over the whole.
        excerpt.write(body.text, options).ok().map(|()| excerpt.out)
    });
    whole.footnotes.write_section(whole.labels, &mut whole.out);
    Rendered {
        html: whole.out,
        toc: whole.headings.toc,
        excerpt: excerpt.flatten(),
        opening: whole.prose.opening,
        count: whole.prose.count,
        links: whole.links,
        images_without_alt: whole.images_without_alt,
    }
}

fn options(smart: bool) -> Options {
    let mut options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_MATH
        | Options::ENABLE_GFM;
    options.set(Options::ENABLE_SMART_PUNCTUATION, smart);
    options
}

/// How much of a body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Extent {
    Whole,
    Excerpt,
}

/// The HTML so far, and everything that is open at this point.
struct Writer<'a> {
    extent: Extent,
    labels: &'static Labels,
    lines: &'a Lines,
    out: String,
    depth: usize,
    has_excerpt: bool,
    prose: Prose,
    headings: Headings,
    footnotes: Footnotes,
    table: Table,
    code: Option<CodeBlock>,
    image: Option<Image>,
    links: Vec<Link>,
    images_without_alt: Vec<Link>,
    problems: Vec<Problem>,
}

impl<'a> Writer<'a> {
    fn new(extent: Extent, lang: &str, lines: &'a Lines) -> Self {
        Self {
            extent,
            labels: Labels::of(lang),
            lines,
            out: String::new(),
            depth: 0,
            has_excerpt: false,
            prose: Prose::default(),
            headings: Headings::default(),
            footnotes: Footnotes::default(),
            table: Table::default(),
            code: None,
            image: None,
            links: Vec::new(),
            images_without_alt: Vec::new(),
            problems: Vec::new(),
        }
    }

    fn write(&mut self, text: &str, options: Options) -> Result<(), Problem> {
        for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
            match &event {
                Event::Start(_) => self.depth += 1,
                Event::End(_) => self.depth -= 1,
                _ => {}
            }
            if self.depth > MOST_NESTED {
                let message = format!(
                    "quotes, lists or emphasis lie more than {MOST_NESTED} deep; make them flatter"
                );
                return Err(Problem::new(self.lines.line_at(range.start), message));
            }
            if is_excerpt_mark(&event) && self.ends_excerpt(&event, &range) {
                break;
            }
            self.event(event, &range);
        }
        Ok(())
    }

    fn event(&mut self, event: Event<'_>, range: &Range<usize>) {
        if self.image.is_some() {
            return self.inside_image(event);
        }
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text),
            Event::SoftBreak => self.soft_break(),
            Event::Html(html) => {
                self.note_raw(&html, range);
                self.out.push_str(&html);
            }
            inline => {
                if let Event::InlineHtml(html) = &inline {
                    self.note_raw(html, range);
                }
                self.inline(inline);
            }
        }
    }

    /// The mark of the excerpt; whether this pass is over.
    fn ends_excerpt(&mut self, mark: &Event<'_>, range: &Range<usize>) -> bool {
        if self.depth != 1 {
            let message = "<!--more--> stands inside a list, a quote or other markup; put it on a line of its own";
            self.problems
                .push(Problem::new(self.lines.line_at(range.start), message));
            return false;
        }
        self.prose.end_opening();
        self.has_excerpt = true;
        if self.extent == Extent::Excerpt && matches!(mark, Event::InlineHtml(_)) {
            self.out.truncate(self.out.trim_end().len());
            self.out.push_str("</p>\n");
        }
        self.extent == Extent::Excerpt
    }

    fn start(&mut self, tag: Tag<'_>, range: &Range<usize>) {
        match tag {
            Tag::Emphasis
            | Tag::Strong
            | Tag::Strikethrough
            | Tag::Link { .. }
            | Tag::Image { .. } => {
                self.start_inline(tag, range);
            }
            block => self.start_block(block, range),
        }
    }
}

fn is_excerpt_mark(event: &Event<'_>) -> bool {
    let (Event::Html(html) | Event::InlineHtml(html)) = event else {
        return false;
    };
    let inner = html
        .trim()
        .strip_prefix("<!--")
        .and_then(|rest| rest.strip_suffix("-->"));
    inner.is_some_and(|inner| inner.trim() == "more")
}
