//! The scanner of programs: what stands next is a comment, a string, a number, a word or a mark.

use super::language::{Feature, Language, Quote};
use super::{Class, Spans, Token, rust};

/// Splits `code` into tokens; every byte is in exactly one.
pub(super) fn scan(language: &'static Language, code: &str, spans: &mut Spans<'_>) {
    let scanner = Scanner { language, code };
    let mut at = 0;
    let mut plain_from = 0;
    while at < code.len() {
        let (class, length) = scanner.token(at);
        if class.is_some() {
            spans.push(None, &code[plain_from..at]);
            spans.push(class, &code[at..at + length]);
            plain_from = at + length;
        }
        at += length;
    }
    spans.push(None, &code[plain_from..]);
}

struct Scanner<'a> {
    language: &'static Language,
    code: &'a str,
}

impl Scanner<'_> {
    fn token(&self, at: usize) -> Token {
        let rest = &self.code[at..];
        let found = self
            .comment(at)
            .or_else(|| self.string(at))
            .or_else(|| self.mark(at));
        if let Some(token) = found {
            return token;
        }
        match rest.chars().next() {
            Some(c) if c.is_ascii_digit() => (Some(Class::Number), number_length(rest)),
            Some(c) if self.language.is_word_character(c) => self.word(at),
            Some(c) => (None, c.len_utf8()),
            None => (None, 1),
        }
    }

    fn before(&self, at: usize) -> Option<char> {
        self.code[..at].chars().next_back()
    }

    fn begins_line(&self, at: usize) -> bool {
        matches!(self.before(at), None | Some('\n'))
    }

    fn comment(&self, at: usize) -> Option<Token> {
        let rest = &self.code[at..];
        if let Some((open, close)) = self.language.block_comment
            && let Some(inner) = rest.strip_prefix(open)
        {
            let end = inner
                .find(close)
                .map_or(rest.len(), |end| open.len() + end + close.len());
            return Some((Some(Class::Comment), end));
        }
        let mark = self
            .language
            .line_comments
            .iter()
            .find(|mark| rest.starts_with(**mark))?;
        // `$#` and `a#b` are no comments.
        let stands_alone = self
            .before(at)
            .is_none_or(|c| c.is_whitespace() || c == ';');
        (*mark != "#" || stands_alone).then(|| (Some(Class::Comment), line_length(rest)))
    }

    fn string(&self, at: usize) -> Option<Token> {
        let rest = &self.code[at..];
        if self.language.has(Feature::Rust)
            && let Some(token) = rust::quote(rest, self.before(at))
        {
            return Some(token);
        }
        let quote = self
            .language
            .quotes
            .iter()
            .find(|quote| rest.starts_with(quote.open))?;
        if self.language.has(Feature::Apostrophes)
            && self.before(at).is_some_and(char::is_alphanumeric)
        {
            return None;
        }
        let length = quote.length(rest);
        let is_key = self.language.has(Feature::ColonKeys) && is_before_colon(&rest[length..]);
        Some((
            Some(if is_key {
                Class::Attribute
            } else {
                Class::String
            }),
            length,
        ))
    }

    /// A name with a mark before it, a directive, the head of a section.
    fn mark(&self, at: usize) -> Option<Token> {
        let rest = &self.code[at..];
        let has = |feature| self.language.has(feature);
        let class = match rest.as_bytes()[0] {
            b'$' if has(Feature::DollarVariables) => {
                return variable(rest).map(|length| (Some(Class::Variable), length));
            }
            b'#' if has(Feature::HashDirectives) && self.begins_line(at) => {
                return Some((Some(Class::Attribute), line_length(rest)));
            }
            b'[' if has(Feature::Sections) && self.begins_line(at) => {
                return Some((Some(Class::Heading), line_length(rest)));
            }
            b'@' if has(Feature::AtAttributes) => Class::Attribute,
            b'@' if has(Feature::RubyMarks) => Class::Variable,
            b':' if has(Feature::RubyMarks) && self.before(at) != Some(':') => Class::Literal,
            b'#' if has(Feature::HashLiterals) => Class::Literal,
            _ => return None,
        };
        let name = self.word_length(&rest[1..]);
        (name > 0).then_some((Some(class), name + 1))
    }

    fn word_length(&self, rest: &str) -> usize {
        rest.find(|c| !self.language.is_word_character(c))
            .unwrap_or(rest.len())
    }

    fn word(&self, at: usize) -> Token {
        let rest = &self.code[at..];
        let length = self.word_length(rest);
        (
            self.class_of_word(&rest[..length], &rest[length..], at),
            length,
        )
    }

    fn class_of_word(&self, word: &str, after: &str, at: usize) -> Option<Class> {
        let language = self.language;
        let has = |feature| language.has(feature);
        let next = after.trim_start_matches([' ', '\t']);
        if has(Feature::ColonKeys) && is_before_colon(after)
            || has(Feature::EqualsKeys) && next.starts_with('=')
        {
            Some(Class::Attribute)
        } else if has(Feature::Targets) && self.begins_line(at) && after.starts_with(':') {
            Some(Class::Function)
        } else if language.lists(language.keywords, word) {
            Some(Class::Keyword)
        } else if language.lists(language.types, word) {
            Some(Class::Type)
        } else if language.lists(language.literals, word) {
            Some(Class::Literal)
        } else if has(Feature::Rust) && after.starts_with('!') && !after.starts_with("!=")
            || has(Feature::Calls) && next.starts_with('(')
            || has(Feature::DottedInstructions) && word.contains('.')
        {
            Some(Class::Function)
        } else if has(Feature::CapitalTypes) && word.starts_with(char::is_uppercase) {
            Some(Class::Type)
        } else {
            None
        }
    }
}

impl Quote {
    /// The length of the string that `rest` begins with; without an end it ends with its line or
    /// with the code, so that no character is looked at twice.
    fn length(&self, rest: &str) -> usize {
        let mut at = self.open.len();
        while at < rest.len() {
            let byte = rest.as_bytes()[at];
            if byte == b'\\' && self.escapes {
                at += 2;
            } else if byte == b'\n' && !self.spans_lines {
                return at;
            } else if rest.as_bytes()[at..].starts_with(self.close.as_bytes()) {
                return at + self.close.len();
            } else {
                at += 1;
            }
        }
        rest.len()
    }
}

/// Whether a colon follows that ends a key; `a::b`, `http://` and `a:hover` have none.
fn is_before_colon(after: &str) -> bool {
    let after = after.trim_start_matches([' ', '\t']).strip_prefix(':');
    after.is_some_and(|value| {
        value
            .chars()
            .next()
            .is_none_or(|c| !matches!(c, ':' | '/') && !c.is_alphabetic())
    })
}

fn line_length(rest: &str) -> usize {
    rest.find('\n').unwrap_or(rest.len())
}

/// Digits with their prefix, fraction, exponent and unit: `0xff`, `1_000.5e-3`, `10px`.
fn number_length(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut at = 1;
    while let Some(&byte) = bytes.get(at) {
        let goes_on = match byte {
            b'.' => is_digit(at + 1),
            b'+' | b'-' => {
                matches!(bytes[at - 1], b'e' | b'E') && is_digit(at + 1) && !rest.starts_with("0x")
            }
            _ => byte == b'_' || byte == b'%' || byte.is_ascii_alphanumeric(),
        };
        if !goes_on {
            break;
        }
        at += 1;
    }
    at
}

/// The longest variable in brackets; without it, many unclosed ones would take quadratic time.
const MAX_VARIABLE_BYTES: usize = 100;

/// `$name`, `$1`, `${...}`, `$(...)`; the last two within a line.
fn variable(rest: &str) -> Option<usize> {
    let close = match rest.as_bytes().get(1)? {
        b'{' => '}',
        b'(' => ')',
        _ => {
            let inner = &rest[1..];
            let name = inner
                .find(|c: char| c != '_' && !c.is_ascii_alphanumeric())
                .unwrap_or(inner.len());
            return (name > 0).then_some(name + 1);
        }
    };
    let near = &rest[..rest.floor_char_boundary(MAX_VARIABLE_BYTES)];
    let end = near.find([close, '\n'])?;
    rest[end..].starts_with(close).then_some(end + 1)
}
