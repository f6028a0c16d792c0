//! Front matter: the fields before the text, YAML between `---` or TOML between `+++`.

mod hint;
mod toml;
mod value;
mod yaml;

pub(super) use value::{Entry, Node, Spanned, Value};

use crate::problem::Problem;

/// More than this is data, not front matter; it also bounds what parsing can cost.
const MAX_BYTES: usize = 64 * 1024;

/// How deep lists and maps may lie within each other.
const MAX_NESTED: usize = 16;

/// A document, cut where its front matter ends.
pub(super) struct Parts<'a> {
    pub(super) front: Option<Front<'a>>,
    pub(super) body: Body<'a>,
}

pub(super) struct Front<'a> {
    syntax: Syntax,
    text: &'a str,
}

pub(super) struct Body<'a> {
    pub(super) text: &'a str,
    /// How many lines of the source lie before it.
    pub(super) lines_before: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Syntax {
    Yaml,
    Toml,
}

/// Cuts `text` at the fences of its front matter.
pub(super) fn split<'a>(text: &'a str, problems: &mut Vec<Problem>) -> Parts<'a> {
    let mut lines = text.split_inclusive('\n');
    let opening = lines.next().unwrap_or_default();
    let (syntax, fence) = match opening.trim_end() {
        "---" => (Syntax::Yaml, "---"),
        "+++" => (Syntax::Toml, "+++"),
        _ => {
            problems.push(Problem::new(
                1,
                "there is no front matter; begin the file with a line `---`, a line `title: ...` and a line `---`",
            ));
            return without_front(text);
        }
    };
    let mut end = opening.len();
    for (number, line) in lines.enumerate() {
        if line.trim_end() == fence {
            return Parts {
                front: front(syntax, &text[opening.len()..end], problems),
                body: Body {
                    text: &text[end + line.len()..],
                    lines_before: number + 2,
                },
            };
        }
        end += line.len();
    }
    problems.push(Problem::new(
        1,
        format!("the front matter has no end; close it with a line `{fence}`"),
    ));
    without_front("")
}

fn without_front(text: &str) -> Parts<'_> {
    Parts {
        front: None,
        body: Body {
            text,
            lines_before: 0,
        },
    }
}

fn front<'a>(syntax: Syntax, text: &'a str, problems: &mut Vec<Problem>) -> Option<Front<'a>> {
    if text.len() > MAX_BYTES {
        problems.push(Problem::new(
            1,
            "the front matter is larger than 64 KiB; move text into the body",
        ));
        return None;
    }
    Some(Front { syntax, text })
}

impl Front<'_> {
    /// The fields; `None` if they cannot be read, with the reason among the problems.
    pub(super) fn parse(&self, problems: &mut Vec<Problem>) -> Option<Vec<Entry>> {
        match self.syntax {
            Syntax::Yaml => yaml::parse(self.text, problems),
            Syntax::Toml => toml::parse(self.text, problems),
        }
    }
}
