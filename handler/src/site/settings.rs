//! What `site.toml` says, checked, and every problem of it told with its line.

use super::url;
use crate::compile::Zone;
use crate::problem::Problem;
use crate::record;
use serde::{Deserialize, Serialize};
use std::ops::Range;
use toml::Spanned;

/// The settings, as the site's record keeps them.
#[derive(Debug, Clone, Serialize, Deserialize)]
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
    pub posts_per_page: usize,
    /// Whether straight quotes and `--` become typographic ones.
    pub smart_punctuation: bool,
    /// Whether text between dollar signs is a formula.
    pub math: bool,
    /// Sent with each page instead of the usual policy.
    pub content_security_policy: Option<String>,
    /// The links at the top of each page.
    pub menu: Vec<MenuItem>,
    /// Whatever the theme wants to know, as JSON; a TOML table in the file.
    pub extra: String,
}

/// One link at the top of each page.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MenuItem {
    pub label: String,
    /// A path on this site, or any URL.
    pub url: String,
}

/// The longest policy, in bytes: it is sent with each page.
const MAX_POLICY_BYTES: usize = 2000;

/// `site.toml` as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    title: Option<Spanned<String>>,
    description: Option<String>,
    url: Option<Spanned<String>>,
    lang: Option<Spanned<String>>,
    author: Option<String>,
    time_zone: Option<Spanned<String>>,
    posts_per_page: Option<Spanned<usize>>,
    smart_punctuation: Option<bool>,
    math: Option<bool>,
    content_security_policy: Option<Spanned<String>>,
    menu: Option<Vec<MenuItem>>,
    extra: Option<Extra>,
}

#[derive(Deserialize)]
struct Extra(#[serde(deserialize_with = "record::json_text")] String);

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
            math: true,
            content_security_policy: None,
            menu: Vec::new(),
            extra: "{}".to_owned(),
        }
    }
}

impl Settings {
    pub(super) fn parse(source: &str) -> Result<Self, Vec<Problem>> {
        let file: File = toml::from_str(source).map_err(|error| {
            let start = error.span().map_or(0, |span| span.start);
            vec![Problem::new(line(source, start), error.message())]
        })?;
        let mut checked = Checked {
            source,
            problems: Vec::new(),
        };
        let settings = checked.settings(file);
        if checked.problems.is_empty() {
            Ok(settings)
        } else {
            checked.problems.sort_by_key(|problem| problem.line);
            Err(checked.problems)
        }
    }
}

/// The settings of a file while they are checked.
struct Checked<'a> {
    source: &'a str,
    problems: Vec<Problem>,
}

impl Checked<'_> {
    fn settings(&mut self, file: File) -> Settings {
        let usual = Settings::default();
        Settings {
            title: self.field("title", file.title, usual.title, title),
            description: file.description.unwrap_or(usual.description),
            url: self.field("url", file.url, usual.url, |url| site_url(&url)),
            lang: self.field("lang", file.lang, usual.lang, lang),
            author: file.author.unwrap_or(usual.author),
            time_zone: self.field("time_zone", file.time_zone, usual.time_zone, time_zone),
            posts_per_page: self.field(
                "posts_per_page",
                file.posts_per_page,
                usual.posts_per_page,
                posts_per_page,
            ),
            smart_punctuation: file.smart_punctuation.unwrap_or(usual.smart_punctuation),
            math: file.math.unwrap_or(usual.math),
            content_security_policy: self.field(
                "content_security_policy",
                file.content_security_policy,
                usual.content_security_policy,
                |policy| policy_header(policy).map(Some),
            ),
            menu: file.menu.unwrap_or(usual.menu),
            extra: file.extra.map_or(usual.extra, |Extra(json)| json),
        }
    }

    /// The value of a field, or the usual one where it is missing or has a problem.
    fn field<T, V>(
        &mut self,
        name: &str,
        found: Option<Spanned<T>>,
        usual: V,
        check: impl FnOnce(T) -> Result<V, String>,
    ) -> V {
        let Some(found) = found else {
            return usual;
        };
        let Range { start, .. } = found.span();
        check(found.into_inner()).unwrap_or_else(|message| {
            let line = line(self.source, start);
            self.problems.push(Problem::of_field(line, name, message));
            usual
        })
    }
}

fn title(text: String) -> Result<String, String> {
    if text.trim().is_empty() {
        return Err("give the blog a name".to_owned());
    }
    Ok(text)
}

fn site_url(text: &str) -> Result<String, String> {
    match url::origin(text) {
        Some(origin) => Ok(origin.to_owned()),
        None => Err(format!(
            "{text:?} is not the address of a site; write scheme and host, such as https://blog.example"
        )),
    }
}

fn lang(code: String) -> Result<String, String> {
    let is_part = |part: &str| {
        (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    if code.split('-').all(is_part) {
        return Ok(code);
    }
    Err(format!(
        "{code:?} is not a language; write a code such as en, zh or pt-BR"
    ))
}

fn time_zone(name: String) -> Result<String, String> {
    match Zone::parse(&name) {
        Ok(_) => Ok(name),
        Err(unknown) => Err(unknown.to_string()),
    }
}

fn posts_per_page(number: usize) -> Result<usize, String> {
    if (1..=100).contains(&number) {
        return Ok(number);
    }
    Err("a list shows 1 to 100 posts".to_owned())
}

fn policy_header(policy: String) -> Result<String, String> {
    let is_sent = |byte: u8| byte == b' ' || byte.is_ascii_graphic();
    if !policy.trim().is_empty() && policy.len() <= MAX_POLICY_BYTES && policy.bytes().all(is_sent)
    {
        return Ok(policy);
    }
    Err(format!(
        "not a policy; write one line of at most {MAX_POLICY_BYTES} ASCII characters, such as \"default-src 'self'\", or leave the field out"
    ))
}

fn line(source: &str, offset: usize) -> usize {
    let before = source.as_bytes().get(..offset).unwrap_or_default();
    1 + before.iter().filter(|byte| **byte == b'\n').count()
}
