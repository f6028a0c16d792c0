//! Records: how values lie in the store. A version byte, a checksum, then postcard.
//!
//! The checksum is there because stores have none: a bad page of a disk changes bytes within a
//! value, and SQLite hands them out.

use crate::error::ReadError;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize};
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

/// The first version that has a checksum; before it, the value followed the version at once.
const FIRST_WITH_SUM: u8 = 2;

/// How long a checksum is, in bytes.
pub(crate) const SUM_BYTES: usize = 8;

/// Where the content of a record with a checksum begins.
pub(crate) const CONTENT_AT: usize = 1 + SUM_BYTES;

/// The bytes of a record.
pub fn encode(version: u8, value: &impl Serialize) -> Vec<u8> {
    encode_with(version, |bytes| {
        postcard::to_extend(value, bytes)
            .expect("records are plain data, which postcard always encodes")
    })
}

/// The bytes of a record whose content `extend` appends.
pub fn encode_with(version: u8, extend: impl FnOnce(Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    let mut record = extend(vec![0; CONTENT_AT]);
    let sum = sum(&[], &record[CONTENT_AT..]);
    record[0] = version;
    record[1..CONTENT_AT].copy_from_slice(&sum);
    record
}

/// The checksum of a header and of the bytes that it describes.
pub(crate) fn sum(header: &[u8], bytes: &[u8]) -> [u8; SUM_BYTES] {
    xxh3_64_with_seed(bytes, xxh3_64(header)).to_le_bytes()
}

/// The checksum that a record with one carries: equal for equal contents.
pub(crate) fn checksum(record: &[u8]) -> u64 {
    let sum = record
        .get(1..CONTENT_AT)
        .and_then(|sum| sum.try_into().ok());
    sum.map_or(0, u64::from_le_bytes)
}

/// A number that differs where records differ; the checksum, where there is one.
pub fn fingerprint(record: &[u8]) -> u64 {
    match record.first() {
        Some(&(FIRST_WITH_SUM..)) => checksum(record),
        _ => xxh3_64(record),
    }
}

/// The bytes behind their checksum, if they are what was written.
pub(crate) fn checked<'a>(header: &[u8], bytes: &'a [u8]) -> Option<&'a [u8]> {
    let (found, bytes) = bytes.split_at_checked(SUM_BYTES)?;
    (found == sum(header, bytes)).then_some(bytes)
}

/// The version of a record of `key`, at most `known`, and its content.
pub fn open<'a>(known: u8, key: &str, record: &'a [u8]) -> Result<(u8, &'a [u8]), ReadError> {
    let damaged = || ReadError::damaged(key);
    let (&found, rest) = record.split_first().ok_or_else(damaged)?;
    if found > known {
        return Err(ReadError::Newer {
            key: key.to_owned(),
            found: found.into(),
            known: known.into(),
        });
    }
    let content = match found {
        FIRST_WITH_SUM.. => checked(&[], rest).ok_or_else(damaged)?,
        _ => rest,
    };
    Ok((found, content))
}

/// The value of a record of `key` whose layout has been the same up to version `known`.
pub fn decode<T: DeserializeOwned>(known: u8, key: &str, record: &[u8]) -> Result<T, ReadError> {
    let (_, content) = open(known, key, record)?;
    postcard::from_bytes(content).map_err(|_unreadable| ReadError::damaged(key))
}

/// Takes free data as JSON text: postcard holds no values that describe themselves.
pub(crate) fn json_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    if !deserializer.is_human_readable() {
        return String::deserialize(deserializer);
    }
    let value = toml::Value::deserialize(deserializer)?;
    serde_json::to_string(&value).map_err(D::Error::custom)
}
