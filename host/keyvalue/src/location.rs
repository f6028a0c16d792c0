//! The place of the stores as `--store` names it: `memory`, `sqlite:PATH` or a URL.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::{Error, Result, bail};

use super::Address;

/// Which backend, and where.
#[derive(Clone, Debug)]
pub enum Location {
    /// In this process.
    Memory,
    /// In this SQLite file.
    Sqlite(PathBuf),
    /// In this Redis or Valkey server.
    Redis(Address),
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
            Some(("redis" | "rediss" | "valkey" | "valkeys", _)) => Ok(Self::Redis(text.parse()?)),
            _ => bail!("expected memory, sqlite:PATH or redis://HOST:PORT/DATABASE"),
        }
    }
}
