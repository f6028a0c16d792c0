//! The value of the writers' lock: who holds it, and what is not finished.

use super::WriteError;
use super::log::Log;
use crate::document::DocId;
use crate::error::ReadError;
use crate::host::Host;
use crate::key::Key;
use crate::record;
use serde::{Deserialize, Serialize};

/// The version of [`Claim`]. Versions 1 and 2 belong to indexes of earlier formats: what they
/// had not finished is found when the index is rebuilt.
pub(super) const VERSION: u8 = 3;

/// For how long a finished log is kept: a request that stalls for longer has been ended by every
/// host.
const RECENT_SECONDS: i64 = 300;

/// How long a log may be, in bytes: an own one, one that was found, and those that are kept have
/// to fit into one value together.
const MAX_LOG_BYTES: usize = 128 * 1024;

/// The value of the lock.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Claim {
    pub(super) owner: u64,
    /// In seconds since 1970; 0 where the lock is free.
    pub(super) until: i64,
    /// What is not finished yet.
    pub(super) log: Log,
    /// The hash of the `head` that was set last, if it is known.
    pub(super) head: Option<u64>,
    /// What was finished of late. It lies under a key of its own, too: a late write undoes one
    /// of them.
    pub(super) recent: Recent,
}

/// Logs of the last minutes, with the second in which each was finished.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Recent(pub(super) Vec<(i64, Log)>);

impl Recent {
    pub(super) fn join(&mut self, other: Self) {
        for log in other.0 {
            if !self.0.contains(&log) {
                self.0.push(log);
            }
        }
    }

    /// Drops what is old, and the oldest where it is too much.
    pub(super) fn prune(&mut self, now: i64) {
        self.0.sort_by_key(|(at, _)| *at);
        self.0.retain(|(at, _)| now - at < RECENT_SECONDS);
        let size = |(_, log): &(i64, Log)| record::encode(VERSION, log).len();
        let mut bytes: usize = self.0.iter().map(size).sum();
        let mut dropped = 0;
        while bytes > 2 * MAX_LOG_BYTES {
            bytes -= size(&self.0[dropped]);
            dropped += 1;
        }
        self.0.drain(..dropped);
    }
}

/// What a publisher has not finished yet.
pub struct Unfinished {
    log: Log,
    /// Whether the publisher is there no more.
    pub is_abandoned: bool,
}

impl Unfinished {
    /// How many documents are about to be written.
    pub fn count(&self) -> usize {
        self.log.len()
    }

    pub fn contains(&self, id: &DocId) -> bool {
        self.log.contains(id)
    }
}

/// What the holder of the lock, dead or alive, has not finished yet.
pub fn unfinished(host: &impl Host) -> Result<Unfinished, WriteError> {
    let claim = read(host)?;
    Ok(Unfinished {
        is_abandoned: !claim.log.is_empty() && claim.until <= host.now(),
        log: claim.log,
    })
}

pub(super) fn check_size(log: &Log) -> Result<(), WriteError> {
    match record::encode(VERSION, log).len() {
        0..=MAX_LOG_BYTES => Ok(()),
        _ => Err(WriteError::TooMany),
    }
}

pub(super) fn read(host: &impl Host) -> Result<Claim, WriteError> {
    decode(host.get(&Key::Lock.to_string())?.as_deref())
}

/// The claim of a value. One that is damaged, or of a time with another index, is none: its
/// holder finds out in time.
pub(super) fn decode(value: Option<&[u8]>) -> Result<Claim, WriteError> {
    let is_known = |value: &&[u8]| value.first().is_none_or(|version| *version >= VERSION);
    let Some(value) = value.filter(is_known) else {
        return Ok(Claim::default());
    };
    match record::decode(VERSION, &Key::Lock.to_string(), value) {
        Err(ReadError::Damaged { .. }) => Ok(Claim::default()),
        read => Ok(read?),
    }
}
