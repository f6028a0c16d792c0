//! The place of the stores as `--store` names it: `memory` or `sqlite:PATH`.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::{Error, Result, bail};

/// Which backend, and where.
#[derive(Clone, Debug, PartialEq)]
pub enum Location {
    /// In this process.
    Memory,
    /// In this SQLite file.
    Sqlite(PathBuf),
}

impl Location {
    /// The file of Spin's own default store, for a manifest in `folder`.
    pub fn of_spin(folder: &Path) -> Self {
        Self::Sqlite(folder.join(".spin/sqlite_key_value.db"))
    }
}

impl FromStr for Location {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        match text.split_once(':') {
            None if text == "memory" => Ok(Self::Memory),
            Some(("sqlite", path)) if !path.is_empty() => Ok(Self::Sqlite(path.into())),
            _ => bail!("expected memory or sqlite:PATH"),
        }
    }
}
