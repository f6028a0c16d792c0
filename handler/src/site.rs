//! The site: all that pages have in common, ready to use. Settings, templates and the style
//! sheet's address lie in one record, so that a page needs one read for all of them, and each
//! change of them is one write.

mod settings;
mod url;
mod versions;

use crate::compile::{Options, Zone};
use crate::error::ReadError;
use crate::key::Key;
use crate::media::Media;
use crate::problem::Problem;
use crate::record;
use crate::store::{Store, StoreError};
use serde::{Deserialize, Serialize};
pub use settings::{MenuItem, Settings};
use std::collections::BTreeMap;
use xxhash_rust::xxh3::xxh3_128;

/// The key of the site's record.
const KEY: &str = "site";

/// The name of the style sheet among the files of the theme.
pub const STYLE: &str = "style.css";

/// The largest sum of template bytes; the record is read for every page.
const MAX_TEMPLATE_BYTES: usize = 128 * 1024;

/// What pages have in common. A record of another version is read by `versions`: whoever
/// changes this struct adds a version there.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Site {
    pub settings: Settings,
    /// The hash of the `site.toml` that the settings come from.
    pub source_hash: Option<u128>,
    /// What documents must have been compiled for, to be shown as they are.
    pub compile_fingerprint: u64,
    /// The rule of the time zone, so that none is looked for by its name.
    pub zone_rule: String,
    /// The theme's own style sheet.
    pub style: Option<Media>,
    /// Templates that take the place of built-in ones, or stand beside them, by name.
    pub templates: BTreeMap<String, String>,
    /// When the record was written, in seconds since 1970.
    pub written: i64,
    /// The text of `site.toml`, where it has yet to be written under its own key.
    #[serde(skip)]
    source: Option<String>,
    /// Whether the style sheet has yet to be taken over from a key of its own.
    #[serde(skip)]
    has_style_elsewhere: bool,
}

impl Default for Site {
    fn default() -> Self {
        Self::new(Settings::default())
    }
}

impl Site {
    fn new(settings: Settings) -> Self {
        let mut site = Self {
            settings: Settings::default(),
            source_hash: None,
            compile_fingerprint: 0,
            zone_rule: String::new(),
            style: None,
            templates: BTreeMap::new(),
            written: 0,
            source: None,
            has_style_elsewhere: false,
        };
        site.set_settings(settings);
        site
    }

    /// The site as it is published; the built-in settings where nothing was published yet.
    pub fn read(store: &impl Store) -> Result<Self, ReadError> {
        Self::load(store, store.get(KEY)?.as_deref())
    }

    /// The site of a record, with what an older version keeps elsewhere.
    pub fn load(store: &impl Store, record: Option<&[u8]>) -> Result<Self, ReadError> {
        let mut site = Self::decode(record)?;
        if site.has_style_elsewhere {
            let key = style_key();
            let sheet = store.get(&key)?.map(|sheet| Media::decode(&key, &sheet));
            site.style = sheet.transpose()?;
        }
        Ok(site)
    }

    /// The site of a record; an older one may lack its style sheet.
    pub fn decode(record: Option<&[u8]>) -> Result<Self, ReadError> {
        record.map_or_else(|| Ok(Self::default()), versions::decode)
    }

    pub fn encode(&self) -> Vec<u8> {
        record::encode(versions::VERSION, self)
    }

    /// Writes the record. What it describes is written before it, and what it makes useless is
    /// deleted after it: a crash in between leaves the site as it was.
    pub fn write(&self, store: &impl Store) -> Result<(), StoreError> {
        if let Some(source) = &self.source {
            store.set(&Key::SiteSource.to_string(), source.clone().into_bytes())?;
        }
        store.set(KEY, self.encode())?;
        if self.has_style_elsewhere {
            store.delete_many(&[style_key()])?;
        }
        Ok(())
    }

    /// The text of `site.toml`; empty where none was sent.
    pub fn source(&self, store: &impl Store) -> Result<String, ReadError> {
        if let Some(source) = &self.source {
            return Ok(source.clone());
        }
        let key = Key::SiteSource.to_string();
        let source = store.get(&key)?.unwrap_or_default();
        String::from_utf8(source).or(Err(ReadError::damaged(key)))
    }

    /// Takes over the settings of a new `site.toml`.
    pub fn set_source(&mut self, source: &str) -> Result<(), Vec<Problem>> {
        self.set_settings(Settings::parse(source)?);
        self.source_hash = Some(xxh3_128(source.as_bytes()));
        self.source = Some(source.to_owned());
        Ok(())
    }

    fn set_settings(&mut self, settings: Settings) {
        self.settings = settings;
        // Checked when the settings were parsed; a record cannot hold an unknown zone.
        let zone = Zone::parse(&self.settings.time_zone).unwrap_or(Zone::UTC);
        zone.rule().clone_into(&mut self.zone_rule);
        self.compile_fingerprint = self.compile_options().fingerprint();
    }

    /// What compiling depends on.
    pub fn compile_options(&self) -> Options {
        Options {
            zone: Zone::from_rule(&self.zone_rule).unwrap_or(Zone::UTC),
            smart_punctuation: self.settings.smart_punctuation,
            math: self.settings.math,
            lang: self.settings.lang.clone(),
        }
    }

    /// The sum of the templates' bytes is within what a page may read.
    pub fn templates_fit(&self) -> bool {
        self.templates.values().map(String::len).sum::<usize>() <= MAX_TEMPLATE_BYTES
    }
}

/// Where the style sheet lay before version 3.
fn style_key() -> String {
    Key::Theme(STYLE.to_owned()).to_string()
}
