//! What is decided about a text before it is parsed: which dollars begin and end a formula, and
//! where emphasis stands beside Chinese punctuation.
//!
//! A parser that knows neither gets marks that no text can hold; what it makes of the text is
//! freed of them. So no offset has to be kept in step, and lines stay what they are.

use pulldown_cmark::{CodeBlockKind, CowStr, Event, Tag};
use std::collections::BTreeSet;

use crate::compile::source;
use crate::compile::words;

/// A dollar that is no sign of a formula.
const DOLLAR: &str = "\u{fffe}\u{ffff}";

/// Stands between emphasis and the letter beside it. A parser sees punctuation on both sides,
/// where it would not let emphasis begin or end beside a letter.
const BESIDE: &str = "·\u{ffff}·";

pub(super) fn prepare(text: &str, math: bool) -> String {
    let text = source::clean(text);
    let text = if text.is_ascii() {
        text.into_owned()
    } else {
        part_emphasis(&text)
    };
    if !math || !text.contains('$') {
        return text;
    }
    let mut out = String::with_capacity(text.len() + 64);
    for paragraph in paragraphs(&text) {
        mask_dollars(paragraph, &mut out);
    }
    out
}

/// `**重点：**内容` is emphasis, though CommonMark's rule, made for texts with spaces between
/// words, says it is not.
fn part_emphasis(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    let mut rest = text;
    while let Some(at) = rest.find(['*', '~']) {
        let (before, after) = rest.split_at(at);
        out.push_str(before);
        let sign = if after.starts_with('*') { '*' } else { '~' };
        let length = after.len() - after.trim_start_matches(sign).len();
        let (run, behind) = after.split_at(length);
        let last = out.chars().next_back().unwrap_or('\n');
        let next = behind.chars().next().unwrap_or('\n');
        if words::is_cjk_letter(last) && is_punctuation(next) {
            out.push_str(BESIDE);
        }
        out.push_str(run);
        if is_punctuation(last) && words::is_cjk_letter(next) {
            out.push_str(BESIDE);
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

fn is_punctuation(c: char) -> bool {
    c.is_ascii_punctuation()
        || !c.is_ascii() && !c.is_alphanumeric() && !c.is_whitespace() && !c.is_control()
}

/// The text in pieces that end with a blank line, across which no formula goes.
fn paragraphs(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let mut end = 0;
        for line in rest.split_inclusive('\n') {
            end += line.len();
            if line.trim().is_empty() {
                break;
            }
        }
        let (paragraph, after) = rest.split_at(end);
        rest = after;
        (end > 0).then_some(paragraph)
    })
}

/// Pandoc's rule: after the first dollar of a formula and before the last one stands no space,
/// behind the last one no digit or letter; and no formula goes across a backtick.
fn mask_dollars(paragraph: &str, out: &mut String) {
    let mut code = CodeSpans::default();
    let mut rest = paragraph;
    while let Some(at) = rest.find(['\\', '`', '$']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let length = match rest.as_bytes()[0] {
            b'\\' => 1 + usize::from(rest.as_bytes().get(1).is_some_and(u8::is_ascii)),
            b'`' => code.length(rest),
            _ => match formula_length(rest) {
                Some(length) => length,
                None => {
                    out.push_str(DOLLAR);
                    rest = &rest[1..];
                    continue;
                }
            },
        };
        out.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    out.push_str(rest);
}

/// The length of the formula that `rest` begins with, its dollars included.
fn formula_length(rest: &str) -> Option<usize> {
    let sign = if rest.starts_with("$$") { "$$" } else { "$" };
    let inner = &rest[sign.len()..];
    if sign.len() == 1 && inner.starts_with(char::is_whitespace) {
        return None;
    }
    let end = unescaped(inner)?;
    let (formula, after) = inner.split_at(end);
    let after = after.strip_prefix(sign)?;
    let is_formula = match sign.len() {
        1 => ends_formula(formula, after),
        _ => !formula.trim().is_empty(),
    };
    is_formula.then_some(2 * sign.len() + end)
}

/// Whether a dollar may end a formula, by what stands before and after it.
fn ends_formula(formula: &str, after: &str) -> bool {
    !formula.is_empty()
        && !formula.ends_with(char::is_whitespace)
        && !after.starts_with(|c: char| c.is_alphanumeric() || c == '$')
}

/// Where the next dollar is, if no backtick stands before it.
fn unescaped(text: &str) -> Option<usize> {
    let mut is_escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'$' => return Some(at),
            b'`' => return None,
            _ => {}
        }
    }
    None
}

/// Whether the formula that a parser found at this place is one by the rule.
pub(super) fn is_formula(tex: &str, text: &str, end: usize) -> bool {
    !tex.contains('`') && ends_formula(tex, text.get(end..).unwrap_or_default())
}

/// Code within lines: a run of backticks to the next one of the same length.
#[derive(Default)]
struct CodeSpans {
    /// Lengths of which there is no run any more, so that many runs take no quadratic time.
    without_end: BTreeSet<usize>,
}

impl CodeSpans {
    /// The length of the code, or of the run where there is no end to it.
    fn length(&mut self, rest: &str) -> usize {
        let ticks = rest.len() - rest.trim_start_matches('`').len();
        if self.without_end.contains(&ticks) {
            return ticks;
        }
        let mut at = ticks;
        while let Some(found) = rest[at..].find('`') {
            let from = at + found;
            let run = rest[from..].len() - rest[from..].trim_start_matches('`').len();
            at = from + run;
            if run == ticks {
                return at;
            }
        }
        self.without_end.insert(ticks);
        ticks
    }
}

/// The event as it would be without the marks.
pub(super) fn restore(event: Event<'_>) -> Event<'_> {
    match event {
        Event::Text(text) => Event::Text(without_marks(text)),
        Event::Code(text) => Event::Code(without_marks(text)),
        Event::InlineMath(text) => Event::InlineMath(without_marks(text)),
        Event::DisplayMath(text) => Event::DisplayMath(without_marks(text)),
        Event::Html(text) => Event::Html(without_marks(text)),
        Event::InlineHtml(text) => Event::InlineHtml(without_marks(text)),
        Event::FootnoteReference(name) => Event::FootnoteReference(without_marks(name)),
        Event::Start(tag) => Event::Start(restore_tag(tag)),
        other => other,
    }
}

fn restore_tag(tag: Tag<'_>) -> Tag<'_> {
    match tag {
        Tag::Link {
            link_type,
            dest_url,
            title,
            id,
        } => Tag::Link {
            link_type,
            dest_url: without_marks(dest_url),
            title: without_marks(title),
            id,
        },
        Tag::Image {
            link_type,
            dest_url,
            title,
            id,
        } => Tag::Image {
            link_type,
            dest_url: without_marks(dest_url),
            title: without_marks(title),
            id,
        },
        Tag::Heading {
            level,
            id,
            classes,
            attrs,
        } => Tag::Heading {
            level,
            id: id.map(without_marks),
            classes: classes.into_iter().map(without_marks).collect(),
            attrs: attrs
                .into_iter()
                .map(|(name, value)| (without_marks(name), value.map(without_marks)))
                .collect(),
        },
        Tag::CodeBlock(CodeBlockKind::Fenced(info)) => {
            Tag::CodeBlock(CodeBlockKind::Fenced(without_marks(info)))
        }
        Tag::FootnoteDefinition(name) => Tag::FootnoteDefinition(without_marks(name)),
        other => other,
    }
}

fn without_marks(text: CowStr<'_>) -> CowStr<'_> {
    if text.chars().all(source::is_xml) {
        return text;
    }
    let text = text.replace(DOLLAR, "$").replace(BESIDE, "");
    source::clean(&text).into_owned().into()
}
