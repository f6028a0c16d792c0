//! The site: what every page is dressed with. Settings, and the theme's changes to the built-in
//! templates, lie in one record so that a page needs one read for all of them.

use crate::compile::{Options, Zone};
use crate::error::ReadError;
use crate::problem::Problem;
use crate::record;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The key of the site's record.
pub const KEY: &str = "site";

/// The format of the record; raise it when [`Site`] changes.
const VERSION: u8 = 2;

/// The largest sum of template bytes; the record is read for every page.
const MAX_TEMPLATE_BYTES: usize = 128 * 1024;

/// Everything that dresses a page.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Site {
    /// What `site.toml` says.
    pub settings: Settings,
    /// The bytes of `site.toml`, for export.
    pub source: String,
    /// Templates that take the place of built-in ones, or stand beside them, by name.
    pub templates: BTreeMap<String, String>,
    /// The hash of the theme's own `style.css`, where it has one.
    pub style: Option<String>,
    /// When the record was written, in seconds since 1970.
    pub written: i64,
}

/// What `site.toml` says.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The name of the blog.
    pub title: String,
    /// One sentence about it.
    pub description: String,
    /// Scheme and host that absolute links begin with, without a slash at the end.
    pub url: String,
    /// The language of the site's own words, and of posts that name none (BCP 47).
    pub lang: String,
    /// Who writes, unless a post says otherwise.
    pub author: String,
    /// The zone of dates that name none.
    pub time_zone: String,
    /// How many posts a list shows.
    pub posts_per_page: usize,
    /// Whether straight quotes and `--` become typographic ones.
    pub smart_punctuation: bool,
    /// The links at the top of each page.
    pub menu: Vec<MenuItem>,
    /// Whatever the theme wants to know, as JSON; a TOML table in the file.
    #[serde(deserialize_with = "record::json_text")]
    pub extra: String,
}

/// One link at the top of each page.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MenuItem {
    /// The text of the link.
    pub label: String,
    /// A path on this site, or any URL.
    pub url: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            title: "Mayfly".to_owned(),
            description: String::new(),
            url: "http://127.0.0.1:3000".to_owned(),
            lang: "en".to_owned(),
            author: String::new(),
            time_zone: "UTC".to_owned(),
            posts_per_page: 10,
            smart_punctuation: true,
            menu: Vec::new(),
            extra: "{}".to_owned(),
        }
    }
}

impl Site {
    /// The site of a record; the built-in settings where nothing was published yet.
    pub fn decode(record: Option<&[u8]>) -> Result<Self, ReadError> {
        record.map_or_else(
            || Ok(Self::default()),
            |bytes| record::decode(VERSION, KEY, bytes),
        )
    }

    /// The bytes of the record.
    pub fn encode(&self) -> Vec<u8> {
        record::encode(VERSION, self)
    }

    /// The site with the settings of a new `site.toml`.
    pub fn with_settings(mut self, source: &str) -> Result<Self, Vec<Problem>> {
        self.settings = Settings::parse(source)?;
        self.source = source.to_owned();
        Ok(self)
    }

    /// The sum of the templates' bytes is within what a page may read.
    pub fn templates_fit(&self) -> bool {
        self.templates.values().map(String::len).sum::<usize>() <= MAX_TEMPLATE_BYTES
    }
}

impl Settings {
    /// What compiling depends on.
    pub fn compile_options(&self) -> Options {
        Options {
            // Checked when the settings were parsed; a record cannot hold an unknown zone.
            zone: Zone::parse(&self.time_zone).unwrap_or(Zone::UTC),
            smart_punctuation: self.smart_punctuation,
            math: true,
            lang: self.lang.clone(),
        }
    }

    fn parse(source: &str) -> Result<Self, Vec<Problem>> {
        let mut settings: Self = toml::from_str(source).map_err(|error| {
            let offset = error.span().map_or(0, |span| span.start);
            vec![problem(source, offset, None, error.message())]
        })?;
        settings
            .url
            .truncate(settings.url.trim_end_matches('/').len());
        let problems = settings.problems(source);
        if problems.is_empty() {
            Ok(settings)
        } else {
            Err(problems)
        }
    }

    fn problems(&self, source: &str) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut add = |field: &str, message: String| {
            let offset = source.find(field).unwrap_or(0);
            problems.push(problem(source, offset, Some(field), &message));
        };
        if self.title.trim().is_empty() {
            add("title", "give the blog a name".to_owned());
        }
        if !self.url.starts_with("http://") && !self.url.starts_with("https://") {
            add(
                "url",
                format!(
                    "{:?} is not the address of a site: begin it with https:// or http://",
                    self.url
                ),
            );
        }
        if let Err(unknown) = Zone::parse(&self.time_zone) {
            add("time_zone", unknown.to_string());
        }
        if !(1..=100).contains(&self.posts_per_page) {
            add("posts_per_page", "a list shows 1 to 100 posts".to_owned());
        }
        problems
    }
}

fn problem(source: &str, offset: usize, field: Option<&str>, message: &str) -> Problem {
    let lines = source[..offset]
        .bytes()
        .filter(|byte| *byte == b'\n')
        .count();
    Problem {
        line: u32::try_from(lines + 1).unwrap_or(u32::MAX),
        field: field.map(str::to_owned),
        message: message.to_owned(),
    }
}
