//! Compiling: a document as its author wrote it in, what a GET serves out.
//!
//! Compiling is a pure function of the source and a few settings of the site. It reports every
//! problem it can find at once, with true line numbers, and it never publishes half a document.

mod address;
mod alias;
mod fields;
mod front;
mod highlight;
mod markdown;
mod moment;
mod name;
mod slug;
mod source;
pub(crate) mod unicode;
mod words;
mod zone;

pub use slug::slugify;
pub use source::Source;
pub use zone::{UnknownZone, Zone};

use crate::date::Moment;
use crate::document::{DocId, Document, Kind, Notes};
use crate::problem::{self, Problem};
use fields::Fields;
use markdown::{Rendered, Settings};
use name::Name;
use xxhash_rust::xxh3::xxh3_64;

/// The version of this compiler; a stored record of another version is compiled again.
pub const VERSION: u16 = 3;

/// Settings of the site that compiling depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Where a date without an offset of its own is meant.
    pub zone: Zone,
    /// Whether straight quotes, `--` and `...` become typographic ones.
    pub smart_punctuation: bool,
    /// Whether `$...$` is a formula; a document may say otherwise.
    pub math: bool,
    /// The language of a document that names none, as in HTML's `lang`.
    pub lang: String,
}

impl Options {
    /// Tells options apart, over all versions of this program: it hashes what they mean.
    pub fn fingerprint(&self) -> u64 {
        let text = format!(
            "{}\n{}\n{}\n{}",
            self.zone.rule(),
            self.smart_punctuation,
            self.math,
            self.lang
        );
        xxh3_64(text.as_bytes())
    }
}

/// What a document comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compiled {
    pub document: Document,
    /// The body for feed readers. Each address of this site begins with U+0000, in whose place
    /// goes the site's own address, so that it is not compiled into the text.
    pub feed_html: String,
    pub notes: Notes,
}

/// Compiles a document, or says everything that is wrong with it, in the order of the lines.
pub fn compile(source: &Source<'_>, options: &Options) -> Result<Compiled, Vec<Problem>> {
    let text = source.decode().map_err(|problem| vec![problem])?;
    let mut problems = Vec::new();
    let parts = front::split(text, &mut problems);
    let entries = parts.front.and_then(|front| front.parse(&mut problems));
    let is_readable = entries.is_some();
    let mut fields = Fields::read(entries.unwrap_or_default(), &options.zone, &mut problems);
    let lang = fields.lang.take().unwrap_or_else(|| options.lang.clone());
    let name = Name::of(source, fields.slug.as_ref(), &options.zone, &mut problems);
    let settings = Settings {
        lang: &lang,
        smart_punctuation: options.smart_punctuation,
        math: fields.math.unwrap_or(options.math),
        page: &DocId::new(source.kind, &name.slug).url(),
    };
    let mut in_body = Vec::new();
    let body = markdown::render(&parts.body, &settings, &mut in_body);
    problems.append(&mut in_body);
    problems.extend(alias::hidden_page(source.kind, &name.slug));
    if is_readable {
        require(&mut fields, source.kind, name.date, &mut problems);
    }
    if problems.is_empty() {
        Ok(assemble(fields, name, lang, body))
    } else {
        Err(in_order(problems))
    }
}

/// Those that are told, in the order of the lines.
fn in_order(mut problems: Vec<Problem>) -> Vec<Problem> {
    problems.sort_by_key(|problem| problem.line);
    problems.truncate(problem::MAX);
    problems
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

fn assemble(fields: Fields, name: Name, lang: String, body: Rendered) -> Compiled {
    let summary = match &fields.description {
        Some(description) => words::summary(description),
        None => words::summary(&body.opening),
    };
    let mut notes = body.notes;
    notes.warnings.extend(fields.warnings);
    notes.warnings = in_order(notes.warnings);
    let document = Document {
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
    };
    Compiled {
        document,
        feed_html: body.feed_html,
        notes,
    }
}
