//! The theme: templates, built in or the author's own, and the words that they say.

mod builtin;
mod strings;

use crate::compile::Moment;
use crate::date;
use crate::site::Site;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, Error, Output, State, context, escape_formatter};
use std::collections::BTreeMap;
use std::sync::Arc;

pub use builtin::{FAVICON, STYLE, STYLE_HASH};
pub use strings::word;

/// The templates of one site.
pub struct Theme {
    templates: Environment<'static>,
    site: Value,
    style_url: String,
    words: Value,
}

impl Theme {
    /// The built-in theme with the site's changes to it; templates are parsed when first used.
    pub fn new(site: &Site) -> Self {
        let settings = &site.settings;
        let hash = site.style.as_deref().unwrap_or(STYLE_HASH);
        Self {
            templates: environment(site),
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
    Environment::new()
        .template_from_named_str(name, source)
        .map(drop)
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

fn environment(site: &Site) -> Environment<'static> {
    // The built-in templates use few filters; the whole set is built only for those who may use it.
    let mut environment = if site.templates.is_empty() {
        lean()
    } else {
        Environment::new()
    };
    let own: Arc<BTreeMap<String, String>> = Arc::new(site.templates.clone());
    environment.set_loader(move |name| {
        Ok(own
            .get(name)
            .cloned()
            .or_else(|| builtin::template(name).map(str::to_owned)))
    });
    environment.set_formatter(format_value);
    let lang = site.settings.lang.clone();
    environment.set_syntax(
        SyntaxConfig::builder()
            .trim_blocks(true)
            .lstrip_blocks(true)
            .build()
            .unwrap_or_default(),
    );
    environment.add_filter("date", move |moment: &Value| -> Result<String, Error> {
        let day = moment.get_attr("day")?;
        Ok(date::long(day.as_str().unwrap_or_default(), &lang))
    });
    environment
}

/// Writes a value. Unlike minijinja's own escaping it leaves `/` alone: every address has some,
/// and within quotes no HTML parser minds them.
fn format_value(
    out: &mut Output<'_>,
    state: &mut State<'_, '_>,
    value: &Value,
) -> Result<(), Error> {
    let text = match value.as_str() {
        Some(text) if !value.is_safe() && matches!(state.auto_escape(), AutoEscape::Html) => text,
        _ => return escape_formatter(out, state, value),
    };
    let mut rest = text;
    while let Some(at) = rest.find(['<', '>', '&', '"', '\'']) {
        out.write_str(&rest[..at])?;
        out.write_str(match rest.as_bytes()[at] {
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'&' => "&amp;",
            b'"' => "&quot;",
            _ => "&#39;",
        })?;
        rest = &rest[at + 1..];
    }
    Ok(out.write_str(rest)?)
}

fn lean() -> Environment<'static> {
    use minijinja::filters;
    let mut environment = Environment::empty();
    environment.set_auto_escape_callback(|name| {
        if name.ends_with(".html") || name.ends_with(".xml") {
            AutoEscape::Html
        } else {
            AutoEscape::None
        }
    });
    environment.add_filter("default", filters::default);
    environment.add_filter("join", filters::join);
    environment.add_filter("length", filters::length);
    environment.add_filter("safe", filters::safe);
    environment
}
