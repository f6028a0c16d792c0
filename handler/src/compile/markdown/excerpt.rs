//! The excerpt: what stands before the mark `<!--more-->`.

use pulldown_cmark::Event;
use std::ops::Range;

use super::{Extent, Writer};
use crate::problem::Problem;

impl Writer<'_> {
    /// The mark of the excerpt; whether this pass is over.
    pub(super) fn ends_excerpt(&mut self, mark: &Event<'_>, range: &Range<usize>) -> bool {
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
            let unclosed = self.elements.leave(&mut self.out);
            self.warn_of(unclosed);
            self.out.push_str("</p>\n");
        }
        self.extent == Extent::Excerpt
    }
}

pub(super) fn is_mark(event: &Event<'_>) -> bool {
    let (Event::Html(html) | Event::InlineHtml(html)) = event else {
        return false;
    };
    let inner = html
        .trim()
        .strip_prefix("<!--")
        .and_then(|rest| rest.strip_suffix("-->"));
    inner.is_some_and(|inner| inner.trim() == "more")
}
