//! The writer's lock: one publisher at a time moves the index. Readers never look here.
//!
//! Stores offer no compare-and-swap, so this is Fischer's timed mutual exclusion, made of reads
//! and writes alone: write your name, wait longer than a write can take, enter if it stands.
//! A writer who stalls breaks the timing. It asks right before and after it sets `head` whether
//! it still holds the lock, and begins again if not. What its late `head` undid is known, too:
//! the lock names the `head` that was set last and the documents of the last minutes, and who
//! finds another `head` there brings all of them up to date.

use super::Failure;
use super::journal::{Journal, Name};
use crate::error::ReadError;
use crate::host::Host;
use crate::record;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use xxhash_rust::xxh3::xxh3_128;

/// The key of the lock.
pub const KEY: &str = "lock";

/// The key of what was finished of late. The lock has it too: a stalled write undoes one of them.
pub const RECENT_KEY: &str = "recent";

/// The version of [`Claim`].
const VERSION: u8 = 2;

/// Longer than a store needs from answering a read to having done the write that follows.
const DOUBT: Duration = Duration::from_millis(60);

/// Where it took this writer longer, it may take others so much longer,
const DOUBT_FACTOR: u32 = 3;
/// but nobody waits for longer than this: who is slower has stalled.
const MOST_DOUBT: Duration = Duration::from_secs(2);

/// How often a waiting publisher looks again.
const PATIENCE: Duration = Duration::from_millis(40);

/// After how many looks it gives up: some ten seconds.
const LOOKS: u32 = 250;

/// For how long a claim holds without being renewed, in seconds. A holder that died keeps the
/// others waiting no longer than this.
const LEASE_SECONDS: i64 = 8;

/// After how many looks at the same claim its holder is taken for dead, whatever the claim
/// says: the clocks of two hosts may differ.
const DEAD_AFTER_LOOKS: u32 = 210;

/// For how long a finished journal is kept, in seconds: a request that stalls for longer has
/// been ended by every host.
const REMEMBERED_SECONDS: i64 = 300;

/// How long a journal may be, in bytes: an own one, one that was found, and those that are
/// remembered have to fit into one value together.
const MAX_JOURNAL_BYTES: usize = 128 * 1024;

/// The lock, held.
pub struct Lock<'h, H> {
    host: &'h H,
    claim: Claim,
    /// Whether the journal is that of a holder who never finished.
    pub inherited: bool,
    was_lost: bool,
}

/// The value under the lock's key.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Claim {
    owner: u64,
    /// In seconds since 1970; 0 where the lock is free.
    until: i64,
    /// What is not finished yet.
    journal: Journal,
    /// The hash of the `head` that was set last, if it is known.
    head: Option<u128>,
    /// What was finished last: when, and which documents.
    finished: Vec<(i64, Journal)>,
}

impl Claim {
    fn remember(&mut self, finished: Vec<(i64, Journal)>) {
        for one in finished {
            if !self.finished.contains(&one) {
                self.finished.push(one);
            }
        }
    }

    fn forget(&mut self, now: i64) {
        self.finished.sort_by_key(|(at, _)| *at);
        self.finished
            .retain(|(at, _)| now - at < REMEMBERED_SECONDS);
        while record::encode(VERSION, &self.finished).len() > 2 * MAX_JOURNAL_BYTES {
            self.finished.remove(0);
        }
    }
}

impl<'h, H: Host> Lock<'h, H> {
    /// Waits for the lock and takes it, saying at once what is to be written. If an earlier
    /// holder left work undone, its journal stands there instead.
    pub fn take(host: &'h H, wanted: &Journal) -> Result<Self, Failure> {
        if record::encode(VERSION, wanted).len() > MAX_JOURNAL_BYTES {
            return Err(Failure::TooMany);
        }
        Self::wait(host, |found| {
            if found.is_empty() {
                wanted.clone()
            } else {
                found
            }
        })
    }

    /// Takes the lock anew after it was lost, to do the same work again.
    pub fn retake(self) -> Result<Self, Failure> {
        let own = self.claim.journal;
        let lock = Self::wait(self.host, |mut found| {
            found.join(&own);
            found
        })?;
        Ok(Self {
            was_lost: true,
            ..lock
        })
    }

    fn wait(host: &'h H, journal: impl Fn(Journal) -> Journal) -> Result<Self, Failure> {
        let owner = host.nonce();
        let (mut seen, mut looks) = ((0, 0), 0);
        for _ in 0..LOOKS {
            let began = host.elapsed();
            let found = read(host)?;
            let sight = (found.owner, found.until);
            looks = if seen == sight { looks + 1 } else { 0 };
            seen = sight;
            if found.until > host.now() && looks < DEAD_AFTER_LOOKS {
                host.pause(PATIENCE);
                continue;
            }
            let mut lock = Self {
                host,
                inherited: !found.journal.is_empty(),
                was_lost: false,
                claim: Claim {
                    owner,
                    journal: journal(found.journal),
                    ..found
                },
            };
            lock.write()?;
            let took = host.elapsed().saturating_sub(began);
            host.pause((took * DOUBT_FACTOR).clamp(DOUBT, MOST_DOUBT));
            if lock.is_held()? {
                return Ok(lock);
            }
        }
        Err(Failure::Busy)
    }

    /// What is not finished yet.
    pub fn journal(&self) -> &Journal {
        &self.claim.journal
    }

    /// Says what is about to be written, before it is.
    pub fn intend(&mut self, journal: &Journal) -> Result<(), Failure> {
        if self.claim.journal == *journal {
            return Ok(());
        }
        self.claim.journal = journal.clone();
        self.write()
    }

    /// Adds what was finished of late: of the documents that are written again, and of all if
    /// the lock was lost meanwhile or `head` is not the one that was set last.
    pub fn recall(&mut self, head: Option<&[u8]>, recent: Option<&[u8]>) {
        let is_undone = self.claim.head.is_some_and(|set| set != hash(head));
        let everything = self.was_lost || is_undone;
        let recent = recent.and_then(|recent| record::decode(VERSION, RECENT_KEY, recent).ok());
        self.claim.remember(recent.unwrap_or_default());
        for (_, finished) in &self.claim.finished {
            for (name, left) in finished.iter() {
                if everything || self.claim.journal.names(name) {
                    self.claim.journal.add(name.clone(), left.clone());
                }
            }
        }
    }

    /// The value to set under [`RECENT_KEY`] together with `head`.
    pub fn recent(&mut self) -> Vec<u8> {
        let now = self.host.now();
        let done = (now, self.claim.journal.clone());
        self.claim.remember(vec![done]);
        self.claim.forget(now);
        record::encode(VERSION, &self.claim.finished)
    }

    /// Keeps a lock that is held for long; a round trip only now and then.
    pub fn renew(&mut self) -> Result<(), Failure> {
        let left = self.claim.until - self.host.now();
        if left <= LEASE_SECONDS / 2 && self.is_held()? {
            self.write()?;
        }
        Ok(())
    }

    /// Whether nobody has taken the lock over.
    pub fn is_held(&self) -> Result<bool, Failure> {
        Ok(read(self.host)?.owner == self.claim.owner)
    }

    /// Gives the lock back, all work done and this `head` set.
    pub fn finish(mut self, head: &[u8]) -> Result<(), Failure> {
        self.claim.head = Some(hash(Some(head)));
        self.claim.journal = Journal::default();
        self.free()
    }

    /// Gives the lock back, nothing done; what was inherited is left to the next holder.
    pub fn release(mut self) -> Result<(), Failure> {
        if !self.inherited {
            self.claim.journal = Journal::default();
        }
        self.free()
    }

    fn free(self) -> Result<(), Failure> {
        let claim = Claim {
            until: 0,
            ..self.claim
        };
        Ok(self.host.set(KEY, record::encode(VERSION, &claim))?)
    }

    fn write(&mut self) -> Result<(), Failure> {
        self.claim.until = self.host.now() + LEASE_SECONDS;
        let claim = record::encode(VERSION, &self.claim);
        Ok(self.host.set(KEY, claim)?)
    }
}

/// What a publisher has not finished yet.
pub struct Pending {
    journal: Journal,
    /// Whether the publisher is there no more.
    pub is_abandoned: bool,
}

impl Pending {
    /// How many documents are about to be written.
    pub fn count(&self) -> usize {
        self.journal.iter().count()
    }

    /// Whether this document is about to be written.
    pub fn names(&self, name: &Name) -> bool {
        self.journal.names(name)
    }
}

/// What the holder of the lock, dead or alive, has not finished yet.
pub fn pending(host: &impl Host) -> Result<Pending, Failure> {
    let claim = read(host)?;
    Ok(Pending {
        is_abandoned: !claim.journal.is_empty() && claim.until <= host.now(),
        journal: claim.journal,
    })
}

/// The claim in the store. One that is damaged is none: its holder finds out in time.
fn read(host: &impl Host) -> Result<Claim, Failure> {
    let Some(bytes) = host.get(KEY)? else {
        return Ok(Claim::default());
    };
    match record::decode(VERSION, KEY, &bytes) {
        Err(ReadError::Damaged { .. }) => Ok(Claim::default()),
        read => Ok(read?),
    }
}

fn hash(head: Option<&[u8]>) -> u128 {
    xxh3_128(head.unwrap_or_default())
}
