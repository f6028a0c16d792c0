//! The elements of raw HTML that are open. A page is more than the text of one document: an end
//! tag too many would end the article, and one too few would swallow what follows.

use std::fmt::Write;

/// Deeper than any page that is meant to be read; browsers stop at 512.
const MAX_OPEN: usize = 200;

/// Elements that have no content and no end tag.
const VOID: [&str; 14] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
];

/// Elements whose end tag may be left out; those of a group end one another.
const OPTIONAL_END: [(&str, u8); 16] = [
    ("p", 0),
    ("li", 1),
    ("dt", 2),
    ("dd", 2),
    ("tr", 3),
    ("td", 4),
    ("th", 4),
    ("thead", 5),
    ("tbody", 5),
    ("tfoot", 5),
    ("caption", 6),
    ("colgroup", 6),
    ("option", 7),
    ("optgroup", 8),
    ("rt", 9),
    ("rp", 9),
];

#[derive(Debug, Default)]
pub(super) struct Elements {
    open: Vec<Element>,
    /// How many elements were open where each block of Markdown began, the outermost first.
    blocks: Vec<usize>,
}

#[derive(Debug)]
struct Element {
    name: String,
    line: usize,
}

/// An element that was closed without an end tag of its author's.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unclosed {
    pub(super) name: String,
    pub(super) line: usize,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooDeep;

impl Elements {
    /// A block of Markdown begins: what is open around it, nothing within can close.
    pub(super) fn enter(&mut self) {
        self.blocks.push(self.open.len());
    }

    /// A block of Markdown is over, and so is what was opened in it.
    pub(super) fn leave(&mut self, out: &mut String) -> Vec<Unclosed> {
        let outside = self.blocks.pop().unwrap_or(0);
        self.close_from(outside, out)
    }

    /// Closes whatever is open, in every block: the text is over.
    pub(super) fn close_all(&mut self, out: &mut String) -> Vec<Unclosed> {
        self.blocks.clear();
        self.close_from(0, out)
    }

    /// Takes note of a start tag.
    pub(super) fn start(
        &mut self,
        name: &str,
        closes_itself: bool,
        line: usize,
    ) -> Result<(), TooDeep> {
        let name = name.to_ascii_lowercase();
        if VOID.contains(&name.as_str()) || closes_itself && self.is_foreign() {
            return Ok(());
        }
        self.end_siblings(&name);
        if self.open.len() >= MAX_OPEN {
            return Err(TooDeep);
        }
        self.open.push(Element { name, line });
        Ok(())
    }

    /// Takes note of an end tag, and closes what was opened within its element; `None` if there
    /// is nothing for it to end.
    pub(super) fn end(&mut self, name: &str, out: &mut String) -> Option<Vec<Unclosed>> {
        let outside = self.blocks.last().copied().unwrap_or(0);
        let at = self.open[outside..]
            .iter()
            .rposition(|element| element.name.eq_ignore_ascii_case(name))?;
        let unclosed = self.close_from(outside + at + 1, out);
        self.open.pop();
        Some(unclosed)
    }

    /// A row ends the row before it, and its cells, where their end tags were left out.
    fn end_siblings(&mut self, name: &str) {
        let Some(group) = optional_end(name) else {
            return;
        };
        let outside = self.blocks.last().copied().unwrap_or(0);
        let within = self.open.iter().enumerate().skip(outside).rev();
        let groups = within.map_while(|(at, element)| Some((at, optional_end(&element.name)?)));
        let mut siblings = groups.filter(|(_, other)| *other == group);
        if let Some((at, _)) = siblings.next() {
            self.open.truncate(at);
        }
    }

    /// Within SVG and MathML a slash ends an element; in HTML it means nothing.
    fn is_foreign(&self) -> bool {
        self.open
            .iter()
            .any(|element| matches!(element.name.as_str(), "svg" | "math"))
    }

    fn close_from(&mut self, from: usize, out: &mut String) -> Vec<Unclosed> {
        let mut unclosed = Vec::new();
        for element in self.open.drain(from..).rev() {
            if optional_end(&element.name).is_none() {
                // Writing to a string cannot fail.
                let _ = write!(out, "</{}>", element.name);
                unclosed.push(Unclosed {
                    name: element.name,
                    line: element.line,
                });
            }
        }
        unclosed
    }
}

fn optional_end(name: &str) -> Option<u8> {
    OPTIONAL_END
        .iter()
        .find(|(optional, _)| *optional == name)
        .map(|(_, group)| *group)
}
