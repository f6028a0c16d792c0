//! Compiling: a document as its author wrote it in, the record that a GET serves out.
//!
//! Compiling is a pure function of the source and a few settings of the site. It reports every
//! problem it can find at once, with true line numbers, and it never publishes half a document.

mod alias;
mod cjk;
mod count;
mod fields;
mod front;
mod highlight;
mod lines;
mod markdown;
mod moment;
mod slug;
mod summary;
mod zone;

pub use slug::slugify;
pub use zone::{UnknownZone, Zone};

use crate::date::Moment;
use crate::document::{Document, Kind};
use crate::problem::{self, Problem};
use fields::Fields;
use markdown::Rendered;
use slug::Name;

/// The version of this compiler; a stored record of another version is compiled again.
pub const VERSION: u16 = 1;

/// Settings of the site that compiling depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Where a date without an offset of its own is meant.
    pub zone: Zone,
    /// Whether straight quotes, `--` and `...` become typographic ones.
    pub smart_punctuation: bool,
    /// The language of a document that names none, as in HTML's `lang`.
    pub lang: String,
}

/// A document as its author wrote it.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// What the document is for.
    pub kind: Kind,
    /// The file's name without its ending, or the slug; a post may carry its date in front.
    pub name: &'a str,
    /// Front matter and Markdown, in UTF-8.
    pub text: &'a [u8],
}

/// Compiles a document, or says everything that is wrong with it, in the order of the lines.
pub fn compile(source: &Source<'_>, options: &Options) -> Result<Document, Vec<Problem>> {
    let text = decode(source.text).map_err(|problem| vec![problem])?;
    let mut problems = Vec::new();
    let parts = front::split(text, &mut problems);
    let entries = parts.front.and_then(|front| front.parse(&mut problems));
    let is_readable = entries.is_some();
    let mut fields = Fields::read(entries.unwrap_or_default(), &options.zone, &mut problems);
    let lang = fields.lang.take().unwrap_or_else(|| options.lang.clone());
    let body = markdown::render(&parts.body, &lang, options.smart_punctuation, &mut problems);
    let name = Name::of(source, fields.slug.as_ref(), &options.zone, &mut problems);
    problems.extend(alias::hidden_page(source.kind, &name.slug));
    if is_readable {
        require(&mut fields, source.kind, name.date, &mut problems);
    }
    if problems.is_empty() {
        Ok(assemble(fields, name, lang, body))
    } else {
        problems.sort_by_key(|problem| problem.line);
        problems.truncate(problem::MOST);
        Err(problems)
    }
}

/// The text without a byte order mark, or the line of its first bad byte.
fn decode(bytes: &[u8]) -> Result<&str, Problem> {
    let text = str::from_utf8(bytes).map_err(|error| {
        let good = &bytes[..error.valid_up_to()];
        let line = 1 + good.iter().filter(|&&byte| byte == b'\n').count();
        Problem::new(
            line,
            "the text is not UTF-8; save the file with the encoding UTF-8",
        )
    })?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// Adds what only the whole can tell: a title is there, and a post's date.
fn require(
    fields: &mut Fields,
    kind: Kind,
    date_of_name: Option<Moment>,
    problems: &mut Vec<Problem>,
) {
    fields.date = fields.date.or(date_of_name);
    let lacks_date = kind == Kind::Post && fields.date.is_none() && !fields.draft;
    for (name, lacks, message) in [
        ("title", fields.title.is_none(), NO_TITLE),
        ("date", lacks_date, NO_DATE),
    ] {
        if lacks
            && !fields
                .unreadable
                .iter()
                .any(|unreadable| unreadable == name)
        {
            problems.push(Problem::missing(name, message));
        }
    }
}

const NO_TITLE: &str = "the title is missing; add a line such as `title: My first post`";

const NO_DATE: &str = "a post needs a date; add a line such as `date: 2026-11-23`, put the date \
     before the file's name (2026-11-23-my-post), or mark the post with `draft: true`";

fn assemble(fields: Fields, name: Name, lang: String, body: Rendered) -> Document {
    let summary = match &fields.description {
        Some(description) => summary::cut(description),
        None => summary::cut(&body.opening),
    };
    Document {
        slug: name.slug,
        title: fields.title.unwrap_or_default(),
        date: fields.date,
        updated: fields.updated,
        expires: fields.expires,
        draft: fields.draft,
        tags: fields.tags,
        description: fields.description,
        aliases: fields.aliases,
        lang,
        authors: fields.authors,
        template: fields.template,
        extra: fields.extra,
        html: body.html,
        toc: body.toc,
        excerpt: body.excerpt,
        summary,
        words: body.count.words,
        cjk: body.count.cjk,
        reading_minutes: body.count.reading_minutes(),
        links: body.links,
        images_without_alt: body.images_without_alt,
    }
}
