//! Collecting what nothing refers to: nodes of former indexes, and parts of former files.
//!
//! They carry no date, so it takes two passes: the first one writes down what nothing refers
//! to, and a later one deletes what is written down and still unused. A reader who holds an old
//! `head`, and a publisher whose file has no record yet, have the time in between to finish.

use super::journal::Journal;
use super::lock::Lock;
use super::{Failure, recover, reindex};
use crate::error::ReadError;
use crate::host::Host;
use crate::index::{self, Index};
use crate::media::{self, Media};
use crate::record;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashSet};

/// The key of the record of what nothing refers to.
pub const KEY: &str = "gc";

/// The version of [`Marked`].
const VERSION: u8 = 2;

/// For how long something must have been unused, in seconds.
const GRACE_SECONDS: i64 = 600;

/// How long `head` must have stood, in seconds: no reader holds an older one for longer.
const QUIET_SECONDS: i64 = 60;

/// How many keys are written down at most; the rest waits for another pass.
const MOST: usize = 10_000;

/// How many keys are read or deleted at once.
const TOGETHER: usize = 100;

/// What nothing referred to at some moment.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Marked {
    at: i64,
    keys: BTreeSet<String>,
}

/// What a pass came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Collected {
    /// How many keys were deleted.
    pub deleted: usize,
    /// How many are written down for a later pass.
    pub marked: usize,
    /// After how many seconds another pass is of use.
    pub again_seconds: i64,
}

/// Makes one pass.
pub fn collect(host: &impl Host) -> Result<Collected, Failure> {
    let marked = Marked::read(host)?;
    let wait = marked.at + GRACE_SECONDS - host.now();
    if wait > 0 {
        return Ok(Collected {
            deleted: 0,
            marked: marked.keys.len(),
            again_seconds: wait,
        });
    }
    let mut lock = recover::enter(host, &Journal::default())?;
    let head = host.get(index::HEAD_KEY)?;
    let index = Index::of(head.as_deref())?;
    let is_quiet = host.now() - index.written() >= QUIET_SECONDS;
    let unused = unused(host, &mut lock, &index)?;
    let doomed: Vec<String> = if is_quiet {
        marked.keys.intersection(&unused).cloned().collect()
    } else {
        Vec::new()
    };
    for some in doomed.chunks(TOGETHER) {
        lock.renew()?;
        if !lock.is_held()? {
            return Err(Failure::Busy);
        }
        host.delete_many(some)?;
    }
    let left = unused.into_iter().filter(|key| !doomed.contains(key));
    let marks = Marked {
        at: host.now(),
        keys: left.take(MOST).collect(),
    };
    host.set(KEY, record::encode(VERSION, &marks))?;
    lock.release()?;
    Ok(Collected {
        deleted: doomed.len(),
        marked: marks.keys.len(),
        again_seconds: GRACE_SECONDS,
    })
}

/// All keys of nodes and parts that nothing refers to.
fn unused<H: Host>(
    host: &H,
    lock: &mut Lock<'_, H>,
    index: &Index,
) -> Result<BTreeSet<String>, Failure> {
    let mut used = index.reachable(host)?;
    if let Some(next) = reindex::index(host)? {
        used.extend(next.reachable(host)?);
    }
    let mut used: HashSet<String> = used.into_iter().map(|node| node.key()).collect();
    let mut found = BTreeSet::new();
    let mut cursor = None;
    loop {
        lock.renew()?;
        let page = host.list_keys(cursor)?;
        let (files, others): (Vec<String>, Vec<String>) =
            page.keys.into_iter().partition(|key| media::is_file(key));
        for some in files.chunks(TOGETHER) {
            used.extend(parts(host, some)?);
        }
        let is_collected = |key: &String| key.starts_with("i/") || media::is_part(key);
        found.extend(others.into_iter().filter(is_collected));
        cursor = page.cursor;
        if cursor.is_none() {
            found.retain(|key| !used.contains(key));
            return Ok(found);
        }
    }
}

/// The parts that some files need. Those of a damaged file are lost to it anyway.
fn parts(host: &impl Host, files: &[String]) -> Result<Vec<String>, Failure> {
    let mut parts = Vec::new();
    for (key, record) in files.iter().zip(host.get_many(files)?) {
        match record.map(|record| Media::decode(key, &record)) {
            Some(Ok(file)) => parts.extend(file.part_keys()),
            Some(Err(error @ ReadError::Newer { .. })) => return Err(error.into()),
            Some(Err(ReadError::Damaged { .. })) | None => {}
        }
    }
    Ok(parts)
}

impl Marked {
    /// What was written down last.
    pub fn read(host: &impl Host) -> Result<Self, Failure> {
        let record = host.get(KEY)?;
        let marked = record.map(|record| record::decode(VERSION, KEY, &record));
        match marked {
            Some(Err(ReadError::Damaged { .. })) | None => Ok(Self::default()),
            Some(read) => Ok(read?),
        }
    }

    /// Whether one of these keys may be deleted soon.
    pub fn any(&self, keys: impl IntoIterator<Item = String>) -> bool {
        keys.into_iter().any(|key| self.keys.contains(&key))
    }
}
