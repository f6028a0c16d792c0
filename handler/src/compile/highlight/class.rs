//! What a token is, as the themes know it.

/// The class of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::compile) enum Class {
    /// A comment.
    Comment,
    /// A string or a character.
    String,
    /// A number.
    Number,
    /// A keyword or the name of an element.
    Keyword,
    /// The name of a type.
    Type,
    /// A constant of the language (true, nil), a colour, an entity.
    Literal,
    /// A function that is called or defined, a macro, a target.
    Function,
    /// A variable with a mark (`$x`, `@x`), a lifetime.
    Variable,
    /// An attribute, a key, a property, an annotation, a directive.
    Attribute,
    /// A heading or the head of a section.
    Heading,
    /// A line put in.
    Inserted,
    /// A line taken out.
    Deleted,
}

impl Class {
    /// The name in HTML.
    pub(in crate::compile) fn name(self) -> &'static str {
        match self {
            Self::Comment => "h-c",
            Self::String => "h-s",
            Self::Number => "h-n",
            Self::Keyword => "h-k",
            Self::Type => "h-t",
            Self::Literal => "h-l",
            Self::Function => "h-f",
            Self::Variable => "h-v",
            Self::Attribute => "h-a",
            Self::Heading => "h-h",
            Self::Inserted => "h-i",
            Self::Deleted => "h-d",
        }
    }
}
