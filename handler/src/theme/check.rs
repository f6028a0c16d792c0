//! Whether a theme can be rendered, found out when it is published: filters, tests, functions and
//! other templates are looked for only while a page is made.

use super::sample::{self, Sample};
use super::{Theme, builtin, context, nesting};
use crate::problem::Problem;
use crate::site::Site;
use minijinja::{Error, ErrorKind};
use std::sync::Arc;

/// Checks what could overflow the stack while a template is parsed.
pub fn check_nesting(source: &str) -> Result<(), Problem> {
    nesting::check(source)
}

/// Checks the templates of a site of which `changed` was replaced or removed; `before` is the
/// site without the change. A theme that had a fault already is not held against the change,
/// unless it lies in the changed template itself: else faults could be mended only all at once.
pub fn check(before: &Site, after: &Arc<Site>, changed: &str) -> Result<(), Problem> {
    let Err(error) = render_all(after, changed) else {
        return Ok(());
    };
    let is_new = location(&error).is_some_and(|(name, _)| name == changed)
        || render_all(&Arc::new(before.clone()), changed).is_ok();
    if is_new {
        Err(problem(&error, changed))
    } else {
        Ok(())
    }
}

/// Renders a page of every kind.
fn render_all(site: &Arc<Site>, changed: &str) -> Result<(), Error> {
    let theme = Theme::new(site);
    for page in sample::pages() {
        render(&theme, site, page)?;
    }
    for documents in ["post", "page"].map(sample::documents) {
        for [plain, with_any_field] in documents {
            if let Err(error) = render(&theme, site, plain)
                && render(&theme, site, with_any_field).is_err()
            {
                return Err(error);
            }
        }
    }
    if site.templates.contains_key(changed) && builtin::template(changed).is_none() {
        alone(&theme, site, changed)?;
    }
    Ok(())
}

/// Renders a template which some posts name, or which is a part of others. A part lacks here what
/// only its users know, so faults that may come from that do not count.
fn alone(theme: &Theme, site: &Arc<Site>, name: &str) -> Result<(), Error> {
    let documents = sample::documents("post").into_iter().flatten();
    for page in documents {
        if let Err(error) = render_as(theme, site, name, page)
            && is_certain(innermost(&error).kind())
        {
            return Err(error);
        }
    }
    Ok(())
}

fn is_certain(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::SyntaxError
            | ErrorKind::TemplateNotFound
            | ErrorKind::UnknownFilter
            | ErrorKind::UnknownTest
    )
}

fn render(theme: &Theme, site: &Arc<Site>, page: Sample) -> Result<(), Error> {
    let template = page.template;
    render_as(theme, site, template, page)
}

fn render_as(theme: &Theme, site: &Arc<Site>, name: &str, page: Sample) -> Result<(), Error> {
    theme
        .render(name, context(site, page.frame, page.content), 0)
        .map(drop)
}

/// The error in the template where it occurred; the outer ones only say who included it.
fn innermost(error: &Error) -> &Error {
    let mut found = error;
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        if let Some(inner) = inner
            .downcast_ref::<Error>()
            .filter(|inner| inner.name().is_some())
        {
            found = inner;
        }
        source = inner.source();
    }
    found
}

fn location(error: &Error) -> Option<(&str, usize)> {
    let error = innermost(error);
    Some((error.name()?, error.line().unwrap_or(1)))
}

const UNDEFINED: &str = "undefined value: not every page has what is asked for here; write \
    `{% if ... %}` around it";

fn problem(error: &Error, changed: &str) -> Problem {
    let inner = innermost(error);
    let what = match (inner.kind(), inner.detail()) {
        (ErrorKind::UndefinedError, _) => UNDEFINED.to_owned(),
        (kind, Some(detail)) => format!("{kind}: {detail}"),
        (kind, None) => kind.to_string(),
    };
    match location(error) {
        Some((name, line)) if name == changed => Problem::new(line, what),
        Some((name, line)) => Problem::new(1, format!("theme/{name}:{line} would fail: {what}")),
        None => Problem::new(1, what),
    }
}
