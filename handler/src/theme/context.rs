//! What every template is told: the page, the site, the menu, and the words of its language.

use super::view::{Fields, list, view};
use super::{STYLE_HASH, words};
use crate::site::{MenuItem, Site};
use minijinja::value::{Object, Value};
use std::sync::Arc;

/// What the frame around a page's content has to know of it.
#[derive(Debug, Default)]
pub struct Frame {
    pub status: u16,
    pub kind: &'static str,
    pub title: String,
    pub description: String,
    /// The canonical path; empty for a page that has none.
    pub path: String,
}

/// What made the page.
const GENERATOR: &str = concat!("Mayfly ", env!("CARGO_PKG_VERSION"));

/// All that a template can name: the content of a page, and the site around it.
pub fn context(site: &Arc<Site>, frame: Frame, content: Value) -> Value {
    let frame = Arc::new(frame);
    Value::from_object(PageContext {
        content,
        page: view(PageFields(frame.clone(), site.clone())),
        menu: menu(site, &frame),
        site_view: view(site.clone()),
        words: words::of(&site.settings.lang),
        site: site.clone(),
    })
}

/// One object instead of merged maps: a template asks for some hundred names, and each would be
/// looked for in all of them.
#[derive(Debug)]
struct PageContext {
    content: Value,
    page: Value,
    menu: Value,
    site: Arc<Site>,
    site_view: Value,
    words: Value,
}

impl Object for PageContext {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        Some(match key {
            "site" => self.site_view.clone(),
            "style_url" => Value::from(style_url(&self.site)),
            "page" => self.page.clone(),
            "menu" => self.menu.clone(),
            "generator" => Value::from(GENERATOR),
            "t" => self.words.clone(),
            _ => return self.content.as_object()?.get_value_by_str(key),
        })
    }
}

/// The path of the style sheet: other bytes have another path.
pub(super) fn style_url(site: &Site) -> String {
    let hash = site.style.as_ref().map_or(STYLE_HASH, |sheet| sheet.hash);
    format!("/style.{hash:032x}.css")
}

fn menu(site: &Site, frame: &Frame) -> Value {
    let item = |item: &MenuItem| MenuFields {
        is_current: item.url == frame.path,
        item: item.clone(),
    };
    list(site.settings.menu.iter().map(item).collect())
}

#[derive(Debug)]
struct MenuFields {
    item: MenuItem,
    is_current: bool,
}

impl Fields for MenuFields {
    const NAMES: &'static [&'static str] = &["label", "url", "current"];

    fn field(&self, name: &str) -> Option<Value> {
        Some(match name {
            "label" => Value::from(&self.item.label),
            "url" => Value::from(&self.item.url),
            "current" => Value::from(self.is_current),
            _ => return None,
        })
    }
}

#[derive(Debug)]
struct PageFields(Arc<Frame>, Arc<Site>);

impl Fields for PageFields {
    const NAMES: &'static [&'static str] = &[
        "kind",
        "title",
        "description",
        "canonical",
        "lang",
        "robots",
    ];

    fn field(&self, name: &str) -> Option<Value> {
        let Self(frame, site) = self;
        Some(match name {
            "kind" => Value::from(frame.kind),
            "title" => Value::from(&frame.title),
            "description" => Value::from(&frame.description),
            "canonical" if frame.path.is_empty() => Value::from(()),
            "canonical" => Value::from(format!("{}{}", site.settings.url, frame.path)),
            "lang" => Value::from(&site.settings.lang),
            "robots" => Value::from((frame.status != 200).then_some("noindex")),
            _ => return None,
        })
    }
}

impl Fields for Arc<Site> {
    const NAMES: &'static [&'static str] =
        &["title", "description", "url", "lang", "author", "extra"];

    fn field(&self, name: &str) -> Option<Value> {
        let settings = &self.settings;
        Some(match name {
            "title" => Value::from(&settings.title),
            "description" => Value::from(&settings.description),
            "url" => Value::from(&settings.url),
            "lang" => Value::from(&settings.lang),
            "author" => Value::from(&settings.author),
            "extra" => json(&settings.extra),
            _ => return None,
        })
    }
}

/// Free data of the author's, kept as JSON in records.
pub(super) fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}
