//! The fields of the front matter, read into their types; whatever is wrong is told at once.

use super::front::{Entry, Node, Value};
use super::moment::BadDate;
use super::{Zone, alias, slug};
use crate::date::Moment;
use crate::document::Tag;
use crate::nearest;
use crate::problem::Problem;

/// Every field that a document may have.
const NAMES: [&str; 14] = [
    "title",
    "date",
    "updated",
    "slug",
    "tags",
    "description",
    "draft",
    "expires",
    "aliases",
    "lang",
    "authors",
    "author",
    "template",
    "extra",
];

/// Each tag of a post is a list of the index that publishing has to write.
const MOST_TAGS: usize = 10;

/// The fields of a document; those that are missing or wrong are as if not written.
#[derive(Debug, Default)]
pub(super) struct Fields {
    pub(super) title: Option<String>,
    pub(super) date: Option<Moment>,
    pub(super) updated: Option<Moment>,
    pub(super) expires: Option<Moment>,
    pub(super) slug: Option<Spot<String>>,
    pub(super) tags: Vec<Tag>,
    pub(super) description: Option<String>,
    pub(super) draft: bool,
    pub(super) aliases: Vec<String>,
    pub(super) lang: Option<String>,
    pub(super) authors: Vec<String>,
    pub(super) template: Option<String>,
    /// A JSON object.
    pub(super) extra: String,
    /// What is there but cannot be read, so that it is not called missing as well.
    pub(super) unreadable: Vec<String>,
}

/// A value with its line.
#[derive(Debug)]
pub(super) struct Spot<T> {
    pub(super) value: T,
    pub(super) line: usize,
}

impl Fields {
    /// Reads every entry and reports all that are unknown or of a wrong type.
    pub(super) fn read(entries: Vec<Entry>, zone: &Zone, problems: &mut Vec<Problem>) -> Self {
        let mut fields = Self {
            extra: "{}".to_owned(),
            ..Self::default()
        };
        for entry in entries {
            let name = entry.key.clone();
            if let Err(problem) = fields.set(entry, zone) {
                problems.push(Problem {
                    field: Some(name.clone()),
                    ..problem
                });
                fields.unreadable.push(name);
            }
        }
        fields
    }

    fn set(&mut self, Entry { key, line, node }: Entry, zone: &Zone) -> Result<(), Problem> {
        if matches!(node.value, Value::Null) && NAMES.contains(&key.as_str()) {
            return Ok(());
        }
        match key.as_str() {
            "title" => self.title = Some(text(node)?.value),
            "date" => self.date = Some(moment(node, zone)?),
            "updated" => self.updated = Some(moment(node, zone)?),
            "expires" => self.expires = Some(moment(node, zone)?),
            "slug" => self.slug = Some(text(node)?),
            "tags" => self.tags = tags(&texts(node)?, line)?,
            "description" => self.description = Some(text(node)?.value),
            "draft" => self.draft = truth(&node)?,
            "aliases" => self.aliases = each(&texts(node)?, alias::normalise)?,
            "lang" => self.lang = Some(checked(&text(node)?, lang)?),
            "author" | "authors" => self
                .authors
                .extend(texts(node)?.into_iter().map(|spot| spot.value)),
            "template" => self.template = Some(checked(&text(node)?, template)?),
            "extra" => self.extra = extra(&node)?,
            unknown => return Err(Problem::new(line, unknown_field(unknown))),
        }
        Ok(())
    }
}

fn unknown_field(name: &str) -> String {
    match nearest::to(name, NAMES.into_iter()).first() {
        Some(near) => format!("there is no such field; did you mean `{near}`?"),
        None => format!(
            "there is no such field; the fields are {}; your own go below `extra`",
            NAMES.join(", ")
        ),
    }
}

fn text(node: Node) -> Result<Spot<String>, Problem> {
    let line = node.line;
    let message = match node.value {
        Value::Text(text) if !text.trim().is_empty() => {
            return Ok(Spot {
                value: text.trim().to_owned(),
                line,
            });
        }
        Value::Text(_) => "the text is empty; write some or take the field out".to_owned(),
        other => format!("expected text, found {}; put it in quotes", other.kind()),
    };
    Err(Problem::new(line, message))
}

/// A list of texts, or one text that stands for a list of one.
fn texts(node: Node) -> Result<Vec<Spot<String>>, Problem> {
    match node.value {
        Value::List(nodes) => nodes.into_iter().map(text).collect(),
        Value::Text(_) => Ok(vec![text(node)?]),
        other => {
            let found = other.kind();
            let message =
                format!("expected text or a list of texts, found {found}; write `[one, two]`");
            Err(Problem::new(node.line, message))
        }
    }
}

fn truth(node: &Node) -> Result<bool, Problem> {
    match node.value {
        Value::Bool(value) => Ok(value),
        _ => {
            let found = node.value.kind();
            let message = format!(
                "expected true or false, found {found}; write `true` or `false` without quotes"
            );
            Err(Problem::new(node.line, message))
        }
    }
}

fn moment(node: Node, zone: &Zone) -> Result<Moment, Problem> {
    let Spot { value: text, line } = text(node)?;
    Moment::parse(&text, zone).map_err(|bad| {
        let message = match bad {
            BadDate::Shape => format!("`{text}` is no date; write 2026-11-23, 2026-11-23 08:30 or 2026-11-23T08:30:00+08:00"),
            BadDate::Day => format!("there is no day `{text}` in the calendar; correct the month or the day"),
            BadDate::Time => format!("there is no time of day as in `{text}`; hours go from 00 to 23, minutes and seconds to 59"),
        };
        Problem::new(line, message)
    })
}

fn each<T>(
    texts: &[Spot<String>],
    read: impl Fn(&str) -> Result<T, String>,
) -> Result<Vec<T>, Problem> {
    texts.iter().map(|text| checked(text, &read)).collect()
}

fn checked<T>(text: &Spot<String>, read: impl Fn(&str) -> Result<T, String>) -> Result<T, Problem> {
    read(&text.value).map_err(|message| Problem::new(text.line, message))
}

/// Tags with their slugs; of two that share a slug the first stays.
fn tags(names: &[Spot<String>], line: usize) -> Result<Vec<Tag>, Problem> {
    let mut tags: Vec<Tag> = Vec::new();
    for tag in each(names, tag)? {
        if tags.iter().all(|earlier| earlier.slug != tag.slug) {
            tags.push(tag);
        }
    }
    match tags.len() {
        0..=MOST_TAGS => Ok(tags),
        many => Err(Problem::new(
            line,
            format!(
                "there are {many} tags, and {MOST_TAGS} are allowed; keep the ones that readers look for"
            ),
        )),
    }
}

fn tag(name: &str) -> Result<Tag, String> {
    match slug::slugify(name) {
        empty if empty.is_empty() => Err(format!(
            "the tag `{name}` has no letter or digit; rename it"
        )),
        slug => Ok(Tag {
            name: name.to_owned(),
            slug,
        }),
    }
}

fn lang(code: &str) -> Result<String, String> {
    let is_part = |part: &str| {
        (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    if code.split('-').all(is_part) {
        Ok(code.to_owned())
    } else {
        Err(format!(
            "`{code}` is no language; write a code such as en, zh or pt-BR"
        ))
    }
}

fn template(name: &str) -> Result<String, String> {
    let is_safe = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    if name.bytes().all(is_safe) && !name.starts_with('.') {
        Ok(name.to_owned())
    } else {
        Err(format!(
            "`{name}` is no name of a template; write one such as wide.html"
        ))
    }
}

fn extra(node: &Node) -> Result<String, Problem> {
    let message = match &node.value {
        Value::Map(_) => match serde_json::to_string(&node.value) {
            Ok(json) => return Ok(json),
            Err(error) => format!("cannot be kept as JSON: {error}; use plainer values"),
        },
        other => format!(
            "expected fields of your own, found {}; indent them below `extra:`",
            other.kind()
        ),
    };
    Err(Problem::new(node.line, message))
}
