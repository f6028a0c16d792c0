//! The templates' environment: how they are found, escaped and filtered.

use super::builtin;
use crate::date;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Value;
use minijinja::{AutoEscape, Environment, Error, Output, State, escape_formatter, filters};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// The environment of a site with these templates of its own.
pub(super) fn of(own: &BTreeMap<String, String>) -> Cow<'static, Environment<'static>> {
    if own.is_empty() {
        Cow::Borrowed(built_in())
    } else {
        Cow::Owned(environment(Environment::new(), own.clone()))
    }
}

/// Parses the built-in templates of the pages that are asked for most. Half the work of a page is
/// parsing its templates: a host that starts instances from a snapshot taken after this call
/// saves it.
pub fn preload_templates() {
    // The others would take memory from every instance for the few that need them.
    for name in ["base.html", "post.html", "list.html"] {
        let _ = built_in().get_template(name);
    }
}

/// The environment without any of the author's templates; it lives as long as the instance.
fn built_in() -> &'static Environment<'static> {
    static BUILT_IN: OnceLock<Environment<'static>> = OnceLock::new();
    BUILT_IN.get_or_init(|| environment(lean(), BTreeMap::new()))
}

/// The few filters that the built-in templates use: the whole set is built only for those who
/// may use it.
fn lean() -> Environment<'static> {
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

fn environment(
    mut base: Environment<'static>,
    own: BTreeMap<String, String>,
) -> Environment<'static> {
    base.set_loader(move |name| {
        let built_in = || builtin::template(name).map(str::to_owned);
        Ok(own.get(name).cloned().or_else(built_in))
    });
    base.set_formatter(write_value);
    let lines = SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .build();
    base.set_syntax(lines.unwrap_or_default());
    base.add_filter("date", date);
    base
}

/// A moment as the site's language writes its day.
fn date(state: &State<'_, '_>, moment: &Value) -> Result<String, Error> {
    let day = moment.get_attr("day")?;
    let lang = state
        .lookup("site")
        .map_or(Ok(Value::UNDEFINED), |site| site.get_attr("lang"))?;
    Ok(date::long(
        day.as_str().unwrap_or_default(),
        lang.as_str().unwrap_or_default(),
    ))
}

/// Writes a value. Unlike minijinja's own escaping it leaves `/` alone: every address has some,
/// and within quotes no HTML parser minds them.
fn write_value(
    out: &mut Output<'_>,
    state: &mut State<'_, '_>,
    value: &Value,
) -> Result<(), Error> {
    let mut rest = match value.as_str() {
        Some(text) if !value.is_safe() && matches!(state.auto_escape(), AutoEscape::Html) => text,
        _ => return escape_formatter(out, state, value),
    };
    // By bytes: the five are ASCII, and a search by characters would decode every one.
    while let Some(at) = rest.bytes().position(is_escaped) {
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

fn is_escaped(byte: u8) -> bool {
    matches!(byte, b'<' | b'>' | b'&' | b'"' | b'\'')
}
