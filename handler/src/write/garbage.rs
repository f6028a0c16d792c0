//! Garbage collection: parts of former files, leaves that `head` no longer names, and nodes of
//! indexes of earlier formats.
//!
//! They carry no date, so it takes two passes: the first one marks what nothing refers to, and a
//! later one deletes what is marked and still unused. A reader who holds an older `head`, and a
//! publisher whose file has no record yet, have the time in between to finish.

use super::lock::Lock;
use super::log::Log;
use super::{WriteError, commit};
use crate::error::ReadError;
use crate::host::Host;
use crate::index::Index;
use crate::key::Key;
use crate::media::Media;
use crate::record;
use crate::site::Site;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The version of [`Garbage`].
const VERSION: u8 = 2;

/// For how long something must have been unused.
const GRACE_SECONDS: i64 = 600;

/// How long `head` must have stood: no reader holds an older one for longer.
const QUIET_SECONDS: i64 = 60;

/// How many keys are marked at most; the rest waits for another pass.
const MAX_MARKED: usize = 10_000;

/// How many keys are read or deleted at once.
const KEYS_AT_ONCE: usize = 100;

/// What nothing referred to at some moment.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Garbage {
    at: i64,
    keys: BTreeSet<String>,
}

/// What a pass came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Collected {
    /// How many keys were deleted.
    pub deleted: usize,
    /// How many are marked for a later pass.
    pub marked: usize,
    /// After how many seconds another pass is of use.
    pub again_seconds: i64,
}

/// Makes one pass.
pub fn collect(host: &impl Host) -> Result<Collected, WriteError> {
    let garbage = Garbage::read(host)?;
    let wait = garbage.at + GRACE_SECONDS - host.now();
    if wait > 0 {
        return Ok(Collected {
            deleted: 0,
            marked: garbage.keys.len(),
            again_seconds: wait,
        });
    }
    let mut lock = commit::acquire_and_recover(host, &Log::default())?;
    let index = Index::open_to_write(host.get(&Key::Head.to_string())?)?;
    let is_quiet = host.now() - index.written() >= QUIET_SECONDS;
    let used = used_keys(host, &mut lock, &index)?;
    let doomed: BTreeSet<String> = match is_quiet {
        true => garbage
            .keys
            .into_iter()
            .filter(|key| !used.contains(key))
            .collect(),
        false => BTreeSet::new(),
    };
    let marked = unused(host, &mut lock, &used, &doomed)?;
    let keys: Vec<String> = doomed.into_iter().collect();
    for keys in keys.chunks(KEYS_AT_ONCE) {
        lock.renew()?;
        if !lock.is_held()? {
            return Err(WriteError::Busy);
        }
        host.delete_many(keys)?;
    }
    let garbage = Garbage {
        at: host.now(),
        keys: marked,
    };
    host.set(&Key::Garbage.to_string(), record::encode(VERSION, &garbage))?;
    lock.release()?;
    Ok(Collected {
        deleted: keys.len(),
        marked: garbage.keys.len(),
        again_seconds: GRACE_SECONDS,
    })
}

fn is_collectable(key: &str) -> bool {
    match Key::parse(key) {
        Some(Key::Head) | None => false,
        Some(Key::Part(_)) => true,
        Some(key) => key.is_index(),
    }
}

/// The keys of leaves and parts that something refers to.
fn used_keys<H: Host>(
    host: &H,
    lock: &mut Lock<'_, H>,
    index: &Index,
) -> Result<BTreeSet<String>, WriteError> {
    let mut used = index.leaf_keys(host)?;
    // The style sheet is part of the site.
    used.extend(Site::read(host)?.style.iter().flat_map(Media::part_keys));
    each_page(host, lock, |keys| {
        let is_file = |key: &String| matches!(Key::parse(key), Some(Key::Media(_) | Key::Theme(_)));
        let files: Vec<String> = keys.into_iter().filter(is_file).collect();
        for files in files.chunks(KEYS_AT_ONCE) {
            used.extend(parts(host, files)?);
        }
        Ok(true)
    })?;
    Ok(used)
}

/// Some of the keys that nothing refers to and that are not `doomed` anyway.
fn unused<H: Host>(
    host: &H,
    lock: &mut Lock<'_, H>,
    used: &BTreeSet<String>,
    doomed: &BTreeSet<String>,
) -> Result<BTreeSet<String>, WriteError> {
    let mut unused = BTreeSet::new();
    each_page(host, lock, |keys| {
        let is_unused =
            |key: &String| is_collectable(key) && !used.contains(key) && !doomed.contains(key);
        let room = MAX_MARKED - unused.len();
        unused.extend(keys.into_iter().filter(is_unused).take(room));
        Ok(unused.len() < MAX_MARKED)
    })?;
    Ok(unused)
}

/// Goes through the pages of keys as long as `visit` wants to.
fn each_page<H: Host>(
    host: &H,
    lock: &mut Lock<'_, H>,
    mut visit: impl FnMut(Vec<String>) -> Result<bool, WriteError>,
) -> Result<(), WriteError> {
    let mut cursor = None;
    loop {
        lock.renew()?;
        let page = host.list_keys(cursor)?;
        cursor = page.cursor;
        if !visit(page.keys)? || cursor.is_none() {
            return Ok(());
        }
    }
}

/// The parts that some files need. Those of a damaged file are lost to it anyway.
fn parts(host: &impl Host, files: &[String]) -> Result<Vec<String>, WriteError> {
    let mut parts = Vec::new();
    for (key, record) in files.iter().zip(host.get_many(files)?) {
        match record.map(|record| Media::decode(key, &record)) {
            Some(Err(ReadError::Damaged { .. })) | None => {}
            Some(file) => parts.extend(file?.part_keys()),
        }
    }
    Ok(parts)
}

impl Garbage {
    /// What was marked last.
    pub(super) fn read(host: &impl Host) -> Result<Self, WriteError> {
        let key = Key::Garbage.to_string();
        let record = host.get(&key)?;
        let garbage = record.map(|record| record::decode(VERSION, &key, &record));
        match garbage {
            Some(Err(ReadError::Damaged { .. })) | None => Ok(Self::default()),
            Some(read) => Ok(read?),
        }
    }

    /// Whether one of these keys may be deleted soon.
    pub(super) fn contains_any(&self, keys: impl IntoIterator<Item = String>) -> bool {
        keys.into_iter().any(|key| self.keys.contains(&key))
    }
}
