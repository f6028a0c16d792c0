//! The place of the stores as `--store` names it: `memory`, `sqlite:PATH` or a URL.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::{Error, Result, bail};
use clap::builder::{TypedValueParser, ValueParserFactory};
use clap::error::ErrorKind;
use clap::{Arg, Command};

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

/// Reads a location from the command line. Unlike the parser that would do it otherwise, it
/// repeats no URL in its errors: there may be a password in it.
#[derive(Clone, Debug)]
pub struct Parser;

impl ValueParserFactory for Location {
    type Parser = Parser;

    fn value_parser() -> Parser {
        Parser
    }
}

impl TypedValueParser for Parser {
    type Value = Location;

    fn parse_ref(
        &self,
        command: &Command,
        _: Option<&Arg>,
        value: &OsStr,
    ) -> Result<Location, clap::Error> {
        let text = value.to_string_lossy();
        text.parse().map_err(|error: Error| {
            let shown = match text.split_once(':') {
                Some((scheme, rest)) if rest.contains(['/', '@']) => format!("{scheme}:..."),
                _ => text.to_string(),
            };
            let message = format!("invalid value '{shown}' for '--store <STORE>': {error:#}");
            clap::Error::raw(ErrorKind::ValueValidation, message).with_cmd(command)
        })
    }
}
