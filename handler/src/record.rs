//! Records: how values lie in the store. A version byte, a checksum, then postcard.
//!
//! The checksum is there because stores have none: a bad page of a disk changes bytes within a
//! value, and SQLite hands them out.

use crate::error::ReadError;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize};
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

/// The first version that has a checksum; before it, the value followed the version at once.
const SUMMED: u8 = 2;

/// Where the value begins.
const VALUE_AT: usize = 1 + SUM_BYTES;

/// How long a checksum is, in bytes.
pub(crate) const SUM_BYTES: usize = 8;

/// The bytes of a record.
pub fn encode(version: u8, value: &impl Serialize) -> Vec<u8> {
    let mut record = postcard::to_extend(value, vec![0; VALUE_AT])
        .expect("records are plain data, which postcard always encodes");
    let sum = sum(&[], &record[VALUE_AT..]);
    record[0] = version;
    record[1..VALUE_AT].copy_from_slice(&sum);
    record
}

/// The checksum of a header and of the bytes that it describes.
pub(crate) fn sum(header: &[u8], bytes: &[u8]) -> [u8; SUM_BYTES] {
    xxh3_64_with_seed(bytes, xxh3_64(header)).to_le_bytes()
}

/// The bytes behind their checksum, if they are what was written.
pub(crate) fn checked<'a>(header: &[u8], bytes: &'a [u8]) -> Option<&'a [u8]> {
    let (found, bytes) = bytes.split_at_checked(SUM_BYTES)?;
    (found == sum(header, bytes)).then_some(bytes)
}

/// A number that differs where records differ; the checksum, where there is one.
pub fn fingerprint(record: &[u8]) -> u64 {
    let sum = record
        .get(1..VALUE_AT)
        .filter(|_| record[0] >= SUMMED)
        .and_then(|sum| sum.try_into().ok());
    sum.map_or_else(|| xxh3_64(record), u64::from_le_bytes)
}

/// The value of a record of `key`, which has this version or an older one.
pub fn decode<T: DeserializeOwned>(version: u8, key: &str, bytes: &[u8]) -> Result<T, ReadError> {
    let damaged = || ReadError::Damaged {
        key: key.to_owned(),
    };
    let (found, rest) = bytes.split_first().ok_or_else(damaged)?;
    if *found > version {
        return Err(ReadError::Newer {
            key: key.to_owned(),
            found: (*found).into(),
            known: version.into(),
        });
    }
    let value = if *found < SUMMED {
        rest
    } else {
        checked(&[], rest).ok_or_else(damaged)?
    };
    postcard::from_bytes(value).ok().ok_or_else(damaged)
}

/// Takes free data as JSON text: postcard holds no values that describe themselves.
pub(crate) fn json_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    if !deserializer.is_human_readable() {
        return String::deserialize(deserializer);
    }
    let value = toml::Value::deserialize(deserializer)?;
    serde_json::to_string(&value).map_err(D::Error::custom)
}
