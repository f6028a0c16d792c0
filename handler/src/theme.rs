//! The theme: templates, built in or the author's own, and the words that they say.

mod builtin;
mod nesting;
mod strings;
mod templates;

use crate::date;
use crate::date::Moment;
use crate::problem::Problem;
use crate::site::Site;
use minijinja::value::{Object, Serde, Value};
use minijinja::{Environment, Error, context};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

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

/// What the frame around the content says.
#[derive(Debug, Default)]
pub struct Frame {
    /// The page: its kind, title, description, address and language.
    pub page: Value,
    /// The links at the top.
    pub menu: Value,
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

    /// A page: a template over its content, in a frame. `room` is about how long it will be; a buffer
    /// that grows would need twice the memory.
    pub fn render(
        &self,
        template: &str,
        frame: Frame,
        content: Value,
        room: usize,
    ) -> Result<Vec<u8>, Error> {
        let dressed = Dressed {
            content,
            frame,
            site: self.site.clone(),
            style_url: Value::from(self.style_url.as_str()),
            words: self.words.clone(),
        };
        let mut page = Vec::with_capacity(room);
        self.templates
            .get_template(template)?
            .render_captured_to(Value::from_object(dressed), &mut page)?;
        Ok(page)
    }
}

/// The content, and the site around it. One object instead of merged maps: a template
/// asks for some hundred names, and each would be looked for in all of them.
#[derive(Debug)]
struct Dressed {
    content: Value,
    frame: Frame,
    site: Value,
    style_url: Value,
    words: Value,
}

impl Object for Dressed {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        match key.as_str()? {
            "site" => Some(self.site.clone()),
            "style_url" => Some(self.style_url.clone()),
            "page" => Some(self.frame.page.clone()),
            "menu" => Some(self.frame.menu.clone()),
            "generator" => Some(Value::from(GENERATOR)),
            "t" => Some(self.words.clone()),
            _ => self
                .content
                .get_item(key)
                .ok()
                .filter(|value| !value.is_undefined()),
        }
    }
}

/// What made the page.
const GENERATOR: &str = concat!("Mayfly ", env!("CARGO_PKG_VERSION"));

/// Checks a template of the author's, and says where it cannot be parsed.
pub fn check(name: &str, source: &str) -> Result<(), Problem> {
    nesting::check(source)?;
    let own = BTreeMap::from([(name.to_owned(), source.to_owned())]);
    let parsed = templates::of(&own).get_template(name).map(drop);
    parsed.map_err(|error| problem(error.line().unwrap_or(1), error.to_string()))
}

fn problem(line: usize, message: String) -> Problem {
    Problem {
        line: u32::try_from(line).unwrap_or(u32::MAX),
        field: None,
        message,
    }
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
