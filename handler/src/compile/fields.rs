//! The fields of the front matter, read into their types; whatever is wrong is told at once.

mod read;
mod tags;
mod unknown;

use super::front::{Entry, Spanned, Value};
use super::{Zone, alias};
use crate::date::Moment;
use crate::document::Tag;
use crate::problem::{self, Problem};

/// Every field that a document may have.
const NAMES: [&str; 15] = [
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
    "math",
    "extra",
];

/// Each alias is a key of the store that publishing has to read and write.
const MAX_ALIASES: usize = 50;

const MAX_AUTHORS: usize = 50;

/// The fields of a document; those that are missing or wrong are as if not written.
#[derive(Debug, Default)]
pub(super) struct Fields {
    pub(super) title: Option<String>,
    pub(super) date: Option<Moment>,
    pub(super) updated: Option<Moment>,
    pub(super) expires: Option<Moment>,
    pub(super) slug: Option<Spanned<String>>,
    pub(super) tags: Vec<Tag>,
    pub(super) description: Option<String>,
    pub(super) draft: bool,
    pub(super) aliases: Vec<String>,
    pub(super) lang: Option<String>,
    pub(super) authors: Vec<String>,
    pub(super) template: Option<String>,
    pub(super) math: Option<bool>,
    /// A JSON object.
    pub(super) extra: String,
    /// What is there but cannot be read, so that it is not called missing as well.
    pub(super) unreadable: Vec<String>,
    pub(super) warnings: Vec<Problem>,
}

impl Fields {
    /// Reads every entry and reports all that are unknown or of a wrong type.
    pub(super) fn read(entries: Vec<Entry>, zone: &Zone, problems: &mut Vec<Problem>) -> Self {
        let mut fields = Self {
            extra: "{}".to_owned(),
            ..Self::default()
        };
        for entry in entries {
            // A thousand unknown names are not looked up, as no more problems will be told.
            let is_known = NAMES.contains(&entry.key.as_str());
            if !is_known && problems.len() >= problem::MAX {
                continue;
            }
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
            "title" => self.title = Some(read::text(node)?.value),
            "date" => self.date = Some(read::moment(node, zone)?),
            "updated" => self.updated = Some(read::moment(node, zone)?),
            "expires" => self.expires = Some(read::moment(node, zone)?),
            "slug" => self.slug = Some(read::text(node)?),
            "tags" => self.tags = tags::read(node, line, &mut self.warnings)?,
            "description" => self.description = Some(read::text(node)?.value),
            "draft" => self.draft = read::truth(&node)?,
            "aliases" => {
                let paths = read::texts(node, MAX_ALIASES)?;
                self.aliases = read::each(&paths, alias::normalise)?;
            }
            "lang" => self.lang = Some(read::checked(&read::text(node)?, read::lang)?),
            "author" | "authors" => self.authors.extend(
                read::texts(node, MAX_AUTHORS)?
                    .into_iter()
                    .map(|name| name.value),
            ),
            "template" => {
                self.template = Some(read::checked(&read::text(node)?, read::template)?);
            }
            "math" => self.math = Some(read::truth(&node)?),
            "extra" => self.extra = read::extra(&node)?,
            other => return Err(Problem::new(line, unknown::message(other))),
        }
        Ok(())
    }
}
