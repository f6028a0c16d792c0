//! The theme: templates, built in or the author's own, the words that they say, and what they
//! are told of a page.

mod builtin;
mod check;
mod context;
mod nesting;
mod templates;
mod view;
mod words;

mod document;
mod feed;
mod list;
mod sample;

use crate::site::Site;
use minijinja::value::Value;
use minijinja::{Environment, Error};
use std::borrow::Cow;

pub use builtin::{FAVICON, STYLE, STYLE_HASH};
pub use check::{check, check_nesting};
pub use context::{Frame, context};
pub use document::{document, neighbour};
pub use feed::{FeedEntry, feed};
pub use list::{Pager, card, tag_count, title, year_count};
pub use templates::preload_templates;
pub use view::names;
pub use words::word;

/// The templates of one site.
pub struct Theme(Cow<'static, Environment<'static>>);

impl Theme {
    /// The built-in theme with the site's changes to it.
    pub fn new(site: &Site) -> Self {
        Self(templates::of(&site.templates))
    }

    pub fn built_in() -> Self {
        Self(templates::of(&Default::default()))
    }

    /// A template over a context. `room` is about how long the page will be; a buffer that grows
    /// would need twice the memory.
    pub fn render(&self, template: &str, context: Value, room: usize) -> Result<Vec<u8>, Error> {
        let mut page = Vec::with_capacity(room);
        self.0
            .get_template(template)?
            .render_captured_to(context, &mut page)?;
        Ok(page)
    }
}

/// Whether some template of this name can be rendered.
pub fn exists(site: &Site, name: &str) -> bool {
    site.templates.contains_key(name) || builtin::template(name).is_some()
}
