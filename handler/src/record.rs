//! Records: how values lie in the store. One version byte, then postcard.

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;

/// A record that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordError {
    /// Written by a newer Mayfly than this one.
    Newer {
        /// Its key.
        key: String,
        /// The version it carries.
        found: u16,
        /// The newest version that this component reads.
        known: u16,
    },
    /// Not a record at all, or cut short.
    Damaged {
        /// Its key.
        key: String,
    },
}

impl fmt::Display for RecordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Newer { key, found, known } => write!(
                f,
                "{key} has format {found}, this component reads up to {known}: deploy the newer component"
            ),
            Self::Damaged { key } => write!(f, "{key} is damaged: publish it again"),
        }
    }
}

impl std::error::Error for RecordError {}

/// The bytes of a record.
pub fn encode(version: u8, value: &impl Serialize) -> Vec<u8> {
    // Serialising plain data into a growing vector has no way to fail.
    postcard::to_extend(value, vec![version]).unwrap_or_default()
}

/// The value of a record of `key`, which must have this very version.
pub fn decode<T: DeserializeOwned>(version: u8, key: &str, bytes: &[u8]) -> Result<T, RecordError> {
    let damaged = || RecordError::Damaged {
        key: key.to_owned(),
    };
    let (found, rest) = bytes.split_first().ok_or_else(damaged)?;
    if *found > version {
        return Err(RecordError::Newer {
            key: key.to_owned(),
            found: (*found).into(),
            known: version.into(),
        });
    }
    postcard::from_bytes(rest).ok().ok_or_else(damaged)
}

/// Takes free data as JSON text: postcard holds no values that describe themselves.
pub(crate) fn json_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    if !deserializer.is_human_readable() {
        return String::deserialize(deserializer);
    }
    let value = toml::Value::deserialize(deserializer)?;
    serde_json::to_string(&value).map_err(D::Error::custom)
}
