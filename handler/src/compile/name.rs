//! What names a document: the field `slug`, else the name of its file.

use super::front::Spanned;
use super::slug::{self, MAX_BYTES, slugify};
use super::{Source, Zone};
use crate::date::Moment;
use crate::document::Kind;
use crate::problem::Problem;
use crate::unicode;

pub(super) struct Name {
    /// Empty if there is a problem with it.
    pub(super) slug: String,
    /// The date before the name of a post's file.
    pub(super) date: Option<Moment>,
}

impl Name {
    pub(super) fn of(
        source: &Source<'_>,
        field: Option<&Spanned<String>>,
        zone: &Zone,
        problems: &mut Vec<Problem>,
    ) -> Self {
        let (date, rest) = match source.kind {
            Kind::Post => split_date(source.name, zone),
            Kind::Page => (None, source.name),
        };
        let (name, line) = field.map_or((rest, 1), |field| (field.value.as_str(), field.line));
        // Some file systems keep an accent apart from its letter, which no author can see.
        let slug = unicode::compose(name);
        if let Err(message) = check(&slug) {
            let from = if field.is_some() {
                "slug"
            } else {
                "name of the file"
            };
            problems.push(Problem::of_field(
                line,
                "slug",
                format!("the {from} `{}` {message}", shown(&slug)),
            ));
        }
        Self { slug, date }
    }
}

/// `2026-11-23-slug`, apart. A name that only looks like it keeps its digits.
fn split_date<'a>(name: &'a str, zone: &Zone) -> (Option<Moment>, &'a str) {
    let dated = name.split_at_checked(10).and_then(|(date, rest)| {
        let moment = Moment::parse(date, zone).ok()?;
        Some((Some(moment), rest.strip_prefix('-').unwrap_or(rest)))
    });
    match dated {
        Some((date, "")) => (date, name),
        Some(split) => split,
        None => (None, name),
    }
}

/// Why `slug` cannot be one, and what to write instead.
fn check(slug: &str) -> Result<(), String> {
    if slug.len() > MAX_BYTES {
        return Err(format!(
            "is longer than {MAX_BYTES} bytes; set a shorter one with the field slug"
        ));
    }
    let bad = slug.chars().find(|&c| !is_allowed(c));
    if bad.is_none() && slug.chars().any(char::is_alphanumeric) {
        return Ok(());
    }
    let reason = match bad {
        Some(c) if c.is_uppercase() => format!("has the upper case letter `{c}`"),
        Some(c) => format!("has the character {c:?}"),
        None => "has no letter or digit".to_owned(),
    };
    let instead = match slugify(slug) {
        made if made.is_empty() => "set the field slug".to_owned(),
        made => format!("write `slug: {made}`"),
    };
    Err(format!(
        "{reason}; a slug is made of lower case letters, digits and `-`: {instead}"
    ))
}

fn is_allowed(c: char) -> bool {
    c == '-' || (slug::is_word(c) && !c.is_uppercase())
}

/// A name as a message shows it.
fn shown(name: &str) -> String {
    name.chars().take(60).filter(|c| !c.is_control()).collect()
}
