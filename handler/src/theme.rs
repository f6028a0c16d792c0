//! The theme: templates, built in or the author's own, and the words that they say.

mod builtin;
mod strings;
mod templates;

use crate::compile::Moment;
use crate::date;
use crate::site::Site;
use minijinja::value::{Serde, Value};
use minijinja::{Environment, Error, context};
use std::borrow::Cow;
use std::collections::BTreeMap;

pub use builtin::{FAVICON, STYLE, STYLE_HASH};
pub use strings::word;
pub use templates::warm;

/// The templates of one site.
pub struct Theme {
    templates: Cow<'static, Environment<'static>>,
    site: Value,
    style_url: String,
    words: Value,
}

impl Theme {
    /// The built-in theme with the site's changes to it.
    pub fn new(site: &Site) -> Self {
        let settings = &site.settings;
        let hash = site.style.as_deref().unwrap_or(STYLE_HASH);
        Self {
            templates: templates::of(&site.templates),
            site: context! {
                title => settings.title.as_str(),
                description => settings.description.as_str(),
                url => settings.url.as_str(),
                lang => settings.lang.as_str(),
                author => settings.author.as_str(),
                extra => json(&settings.extra),
            },
            style_url: format!("/style.{hash}.css"),
            words: strings::of(&settings.lang),
        }
    }

    /// A page: a template over what it is about.
    pub fn render(&self, template: &str, about: Value) -> Result<String, Error> {
        let dress = context! {
            site => self.site.clone(),
            style_url => self.style_url.as_str(),
            t => self.words.clone(),
        };
        self.templates
            .get_template(template)?
            .render(context! { ..about, ..dress })
    }
}

/// Checks a template of the author's: the problem's line and text where it cannot be parsed.
pub fn check(name: &str, source: &str) -> Result<(), Error> {
    let own = BTreeMap::from([(name.to_owned(), source.to_owned())]);
    templates::of(&own).get_template(name).map(drop)
}

/// Whether some template of this name can be rendered.
pub fn exists(site: &Site, name: &str) -> bool {
    site.templates.contains_key(name) || builtin::template(name).is_some()
}

/// Free data of the author's, kept as JSON in records.
pub fn json(text: &str) -> Value {
    serde_json::from_str::<serde_json::Value>(text)
        .map_or(Value::UNDEFINED, |value| Value::from(Serde(&value)))
}

/// A moment as templates see it.
pub fn moment(moment: &Moment) -> Value {
    context! { iso => date::rfc3339(moment), day => date::day(moment), unix => moment.unix }
}
