//! The fields of the front matter, read into their types; whatever is wrong is told at once.

use super::front::{Entry, Node, Value};
use super::moment::BadDate;
use super::{Moment, Problem, Tag, Zone, nearest, slug};

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

/// A value with its line, for a check that comes later.
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
            let line = entry.line;
            let name = entry.key.clone();
            if let Err(message) = fields.set(entry, zone) {
                problems.push(Problem::of_field(line, &name, message));
                fields.unreadable.push(name);
            }
        }
        fields
    }

    fn set(&mut self, Entry { key, line, node }: Entry, zone: &Zone) -> Result<(), String> {
        if matches!(node.value, Value::Null) && NAMES.contains(&key.as_str()) {
            return Ok(());
        }
        match key.as_str() {
            "title" => self.title = Some(text(node)?),
            "date" => self.date = Some(moment(node, zone)?),
            "updated" => self.updated = Some(moment(node, zone)?),
            "expires" => self.expires = Some(moment(node, zone)?),
            "slug" => {
                self.slug = Some(Spot {
                    value: text(node)?,
                    line,
                })
            }
            "tags" => self.tags = tags(texts(node)?)?,
            "description" => self.description = Some(text(node)?),
            "draft" => self.draft = truth(&node)?,
            "aliases" => {
                self.aliases = texts(node)?
                    .iter()
                    .map(|path| alias(path))
                    .collect::<Result<_, _>>()?
            }
            "lang" => self.lang = Some(lang(text(node)?)?),
            "author" | "authors" => self.authors.extend(texts(node)?),
            "template" => self.template = Some(template(text(node)?)?),
            "extra" => self.extra = extra(&node.value)?,
            unknown => return Err(unknown_field(unknown)),
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

fn text(node: Node) -> Result<String, String> {
    match node.value {
        Value::Text(text) if text.trim().is_empty() => {
            Err("the text is empty; write some or take the field out".to_owned())
        }
        Value::Text(text) => Ok(text.trim().to_owned()),
        other => Err(format!(
            "expected text, found {}; put it in quotes",
            other.kind()
        )),
    }
}

/// A list of texts, or one text that stands for a list of one.
fn texts(node: Node) -> Result<Vec<String>, String> {
    match node.value {
        Value::List(nodes) => nodes
            .into_iter()
            .map(|node| {
                let line = node.line;
                text(node).map_err(|message| format!("line {line} of the list: {message}"))
            })
            .collect(),
        Value::Text(_) => Ok(vec![text(node)?]),
        other => Err(format!(
            "expected text or a list of texts, found {}; write `[one, two]`",
            other.kind()
        )),
    }
}

fn truth(node: &Node) -> Result<bool, String> {
    match node.value {
        Value::Bool(value) => Ok(value),
        _ => Err(format!(
            "expected true or false, found {}; write `true` or `false` without quotes",
            node.value.kind()
        )),
    }
}

fn moment(node: Node, zone: &Zone) -> Result<Moment, String> {
    let text = text(node)
        .map_err(|_| "a date is written 2026-11-23 or 2026-11-23T08:30:00+08:00".to_owned())?;
    Moment::parse(&text, zone).map_err(|bad| match bad {
        BadDate::Shape => format!("`{text}` is no date; write 2026-11-23, 2026-11-23 08:30 or 2026-11-23T08:30:00+08:00"),
        BadDate::Day => format!("there is no day `{text}` in the calendar; correct the month or the day"),
        BadDate::Time => format!("there is no time of day as in `{text}`; hours go from 00 to 23, minutes and seconds to 59"),
    })
}

/// Tags with their slugs; of two that share a slug the first stays.
fn tags(names: Vec<String>) -> Result<Vec<Tag>, String> {
    let mut tags: Vec<Tag> = Vec::new();
    for name in names {
        let slug = slug::slugify(&name);
        if slug.is_empty() {
            return Err(format!(
                "the tag `{name}` has no letter or digit; rename it"
            ));
        }
        if tags.iter().all(|tag| tag.slug != slug) {
            tags.push(Tag { name, slug });
        }
    }
    match tags.len() {
        0..=MOST_TAGS => Ok(tags),
        many => Err(format!(
            "there are {many} tags, and {MOST_TAGS} are allowed; keep the ones that readers look for"
        )),
    }
}

/// An absolute path without empty parts; addresses of other sites cannot lead here.
fn alias(path: &str) -> Result<String, String> {
    let bad = |why: &str| {
        Err(format!(
            "`{path}` {why}; write a path of this site such as /old/name"
        ))
    };
    if path.contains("://") || path.starts_with("//") {
        return bad("is an address of another site");
    }
    if path.contains(['?', '#']) {
        return bad("has a query or a fragment, which no path has");
    }
    let Some(decoded) = percent_decode(path) else {
        return bad("has a percent sign that stands for no character");
    };
    if decoded.chars().any(char::is_control) {
        return bad("has a control character");
    }
    let parts: Vec<&str> = decoded.split('/').filter(|part| !part.is_empty()).collect();
    if parts.is_empty() || parts.iter().any(|part| matches!(*part, "." | "..")) {
        return bad("names no page");
    }
    Ok(format!("/{}", parts.join("/")))
}

fn percent_decode(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        if byte == b'%' {
            let digits = str::from_utf8(after.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = &after[2..];
        } else {
            bytes.push(byte);
            rest = after;
        }
    }
    String::from_utf8(bytes).ok()
}

fn lang(code: String) -> Result<String, String> {
    let good = code.split('-').all(|part| {
        (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
    });
    if good {
        Ok(code)
    } else {
        Err(format!(
            "`{code}` is no language; write a code such as en, zh or pt-BR"
        ))
    }
}

fn template(name: String) -> Result<String, String> {
    let good = name
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
        && !name.starts_with('.');
    if good {
        Ok(name)
    } else {
        Err(format!(
            "`{name}` is no name of a template; write one such as wide.html"
        ))
    }
}

fn extra(value: &Value) -> Result<String, String> {
    match value {
        Value::Map(_) => serde_json::to_string(value)
            .map_err(|error| format!("cannot be kept as JSON: {error}; use plainer values")),
        other => Err(format!(
            "expected fields of your own, found {}; indent them below `extra:`",
            other.kind()
        )),
    }
}
