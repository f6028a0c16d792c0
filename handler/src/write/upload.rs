//! Files: their parts first, then the record that names them.

use super::edit::{Expected, Status};
use super::garbage::Garbage;
use super::lock::Lock;
use super::log::Log;
use super::{WriteError, commit};
use crate::error::ReadError;
use crate::host::Host;
use crate::media::{Media, part_keys_of};
use xxhash_rust::xxh3::xxh3_128;

/// Writes a file, or removes it; whether what stood there was what was expected.
///
/// It locks only for conditional writes, or if one of the parts is marked as garbage: an unmarked
/// part stays for minutes though nothing refers to it.
pub fn write_file(
    host: &impl Host,
    key: &str,
    bytes: Option<&[u8]>,
    expected: Option<Expected>,
) -> Result<bool, WriteError> {
    let is_marked = match bytes {
        Some(bytes) => Garbage::read(host)?.contains_any(part_keys_of(bytes)),
        None => false,
    };
    let mut lock = match is_marked || expected.is_some() {
        true => Some(commit::acquire_and_recover(host, &Log::default())?),
        false => None,
    };
    let holds = match expected {
        Some(expected) => expected.holds(hash(host, key)?, bytes.map(xxh3_128)),
        None => true,
    };
    match bytes {
        _ if !holds => {}
        Some(bytes) => {
            let file = Media::write_parts(host, bytes, host.now())?;
            still_held(&mut lock)?;
            host.set(key, file.encode())?;
        }
        // The parts stay until they are collected: another file may have them, too.
        None => {
            still_held(&mut lock)?;
            host.delete_many(&[key.to_owned()])?;
        }
    }
    if let Some(lock) = lock {
        lock.release()?;
    }
    Ok(holds)
}

/// Removes files, each only if what stands there is what was expected; what became of each.
///
/// Their records are read one at a time, for small files are kept in theirs.
pub fn delete_files(
    host: &impl Host,
    files: &[(String, Option<Expected>)],
) -> Result<Vec<Status>, WriteError> {
    if files.is_empty() {
        return Ok(Vec::new());
    }
    let mut lock = commit::acquire_and_recover(host, &Log::default())?;
    let (mut statuses, mut doomed) = (Vec::with_capacity(files.len()), Vec::new());
    for (key, expected) in files {
        lock.renew()?;
        let found = hash(host, key)?;
        let status = match expected {
            _ if found.is_none() => Status::Missing,
            Some(expected) if !expected.holds(found, None) => Status::Conflict,
            _ => Status::Deleted,
        };
        if status == Status::Deleted {
            doomed.push(key.clone());
        }
        statuses.push(status);
    }
    if !lock.is_held()? {
        return Err(WriteError::Busy);
    }
    if !doomed.is_empty() {
        host.delete_many(&doomed)?;
    }
    lock.release()?;
    Ok(statuses)
}

/// Writing some 20 parts can take longer than the lock holds.
fn still_held<H: Host>(lock: &mut Option<Lock<'_, H>>) -> Result<(), WriteError> {
    match lock {
        Some(lock) if !lock.is_held()? => Err(WriteError::Busy),
        _ => Ok(()),
    }
}

fn hash(host: &impl Host, key: &str) -> Result<Option<u128>, WriteError> {
    match host.get(key)?.map(|record| Media::decode(key, &record)) {
        Some(Err(ReadError::Damaged { .. })) | None => Ok(None),
        Some(file) => Ok(Some(file?.hash)),
    }
}
