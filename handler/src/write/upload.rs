//! Files: their parts first, then the record that names them, in one set.

use super::collect::Marked;
use super::edit::Expected;
use super::journal::Journal;
use super::{Failure, recover};
use crate::error::ReadError;
use crate::host::Host;
use crate::media::{Media, part_keys_of};
use xxhash_rust::xxh3::xxh3_128;

/// Writes a file, or removes it; whether what stood there was what was expected.
///
/// It takes no lock unless something is expected to stand there, or a part is about to be
/// collected: a part that is not written down as unused today is safe for minutes.
pub fn file(
    host: &impl Host,
    key: &str,
    bytes: Option<&[u8]>,
    expected: Option<Expected>,
) -> Result<bool, Failure> {
    let is_doomed = match bytes {
        Some(bytes) => Marked::read(host)?.any(part_keys_of(bytes)),
        None => false,
    };
    let lock = if is_doomed || expected.is_some() {
        Some(recover::enter(host, &Journal::default())?)
    } else {
        None
    };
    let holds = match expected {
        Some(expected) => expected.holds(hash(host, key)?, bytes.map(xxh3_128)),
        None => true,
    };
    match bytes {
        _ if !holds => {}
        Some(bytes) => {
            let file = Media::write_parts(host, bytes, host.now())?;
            host.set(key, file.encode())?;
        }
        // The parts stay until they are collected: another file may have them too.
        None => host.delete_many(&[key.to_owned()])?,
    }
    if let Some(lock) = lock {
        lock.release()?;
    }
    Ok(holds)
}

fn hash(host: &impl Host, key: &str) -> Result<Option<u128>, Failure> {
    match host.get(key)?.map(|record| Media::decode(key, &record)) {
        Some(Err(ReadError::Damaged { .. })) | None => Ok(None),
        Some(file) => Ok(Some(file?.hash)),
    }
}
