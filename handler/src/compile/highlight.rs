//! Highlighting: code with its tokens in spans, whose classes a theme colours.
//!
//! A description of each language and one scanner over them; a token is found in one pass, with
//! no regular expression and no recursion. Whatever a scanner does not know stays plain text.

// Built for wasm32-wasip2 this is 12 KB of data, which every GET carries, and 21 KB of code.
// syntect 5.3 with fancy-regex is 361 KB of data before any grammar (702 KB with its own 75) and
// 1.16 MB of code, and its matching may backtrack; synoptic 2.2 is 367 KB and 0.99 MB.

mod class;
mod language;
mod languages;
mod line;
mod markup;
mod rust;
mod scanner;

pub(super) use class::Class;

use crate::html;
use language::{Language, Syntax};

/// Appends `code` as HTML; in a language that is not known, it is only escaped.
pub(super) fn write(language: &str, code: &str, out: &mut String) {
    let mut spans = Spans { out };
    match languages::find(language) {
        Some(language) => scan(language, code, &mut spans),
        None => spans.push(None, code),
    }
}

fn scan(language: &'static Language, code: &str, spans: &mut Spans<'_>) {
    match language.syntax {
        Syntax::Program => scanner::scan(language, code, spans),
        Syntax::Markup => markup::scan(code, spans),
        Syntax::Diff => line::scan_diff(code, spans),
        Syntax::Markdown => line::scan_markdown(code, spans),
    }
}

/// A token: its class, if it has one, and its length in bytes.
type Token = (Option<Class>, usize);

/// Where tokens go.
struct Spans<'a> {
    out: &'a mut String,
}

impl Spans<'_> {
    /// Appends a piece of code; what has no class gets no span.
    fn push(&mut self, class: Option<Class>, text: &str) {
        let Some(class) = class.filter(|_| !text.is_empty()) else {
            return html::text(self.out, text);
        };
        self.out.push_str("<span class=\"");
        self.out.push_str(class.name());
        self.out.push_str("\">");
        html::text(self.out, text);
        self.out.push_str("</span>");
    }
}

#[cfg(test)]
mod tests;
