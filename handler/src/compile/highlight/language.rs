//! A language, described as far as highlighting needs it.

/// How a language looks.
#[derive(Debug)]
pub(super) struct Language {
    /// What fences call it.
    pub(super) names: &'static [&'static str],
    pub(super) syntax: Syntax,
    /// What begins a comment that ends with its line.
    pub(super) line_comments: &'static [&'static str],
    /// What begins and ends a comment of any length.
    pub(super) block_comment: Option<(&'static str, &'static str)>,
    /// Kinds of strings; one that begins like another but longer comes first.
    pub(super) quotes: &'static [Quote],
    /// Words between spaces.
    pub(super) keywords: &'static str,
    /// Types that are words of the language.
    pub(super) types: &'static str,
    /// Constants that are words of the language.
    pub(super) literals: &'static str,
    /// Characters of words besides letters, digits and `_`.
    pub(super) word_characters: &'static str,
    pub(super) features: &'static [Feature],
}

/// Which scanner reads a language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Syntax {
    /// Words, strings, numbers and comments.
    Program,
    /// Elements between angle brackets.
    Markup,
    /// Lines put in and taken out.
    Diff,
    /// Text with marks.
    Markdown,
}

/// A kind of string.
#[derive(Debug)]
pub(super) struct Quote {
    pub(super) open: &'static str,
    pub(super) close: &'static str,
    /// Whether a backslash takes the meaning from the character after it.
    pub(super) escapes: bool,
    /// Whether it may go on in the next line.
    pub(super) spans_lines: bool,
}

/// A habit that some languages share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Feature {
    /// Keywords in any case.
    AnyCase,
    /// A word with a capital letter is a type.
    CapitalTypes,
    /// A word before `(` is a function.
    Calls,
    /// A word before `!` is a macro, `'a` a lifetime, `#[...]` an attribute, `r#"..."#` a string.
    Rust,
    /// `$name`, `${...}` and `$(...)` are variables.
    DollarVariables,
    /// `@name` is an annotation or a rule.
    AtAttributes,
    /// `@name` is a variable and `:name` a constant.
    RubyMarks,
    /// A line that begins with `#` is a directive.
    HashDirectives,
    /// `#name` is a constant.
    HashLiterals,
    /// A word or a string before `:` and a space is a key.
    ColonKeys,
    /// A word before `=` is a key.
    EqualsKeys,
    /// `[name]` at the beginning of a line is the head of a section.
    Sections,
    /// A word at the beginning of a line before `:` is a target.
    Targets,
    /// A word with a dot in it is an instruction.
    DottedInstructions,
    /// A quote within a word is an apostrophe.
    Apostrophes,
}

impl Language {
    pub(super) fn has(&self, feature: Feature) -> bool {
        self.features.contains(&feature)
    }

    /// Whether `word` is in a list between spaces.
    pub(super) fn lists(&self, list: &str, word: &str) -> bool {
        let word = word.as_bytes();
        let mut listed = list.as_bytes().split(|&byte| byte == b' ');
        if self.has(Feature::AnyCase) {
            listed.any(|listed| listed.eq_ignore_ascii_case(word))
        } else {
            listed.any(|listed| listed == word)
        }
    }

    pub(super) fn is_word_character(&self, c: char) -> bool {
        c == '_' || c.is_alphanumeric() || self.word_characters.contains(c)
    }
}
