//! The writers' lock: one publisher at a time replaces values of the index. Readers never look
//! here.
//!
//! Stores offer no compare-and-swap, so this is Fischer's timed mutual exclusion (L. Lamport, "A
//! Fast Mutual Exclusion Algorithm", 1987), made of reads and writes alone:
//!
//! 1. Read the lock. While someone holds it, wait and read again.
//! 2. Write a claim with an own number, and with the log of what is going to be written.
//! 3. Wait for longer than anybody needs from reading a free lock to having written a claim.
//! 4. Read again. If the claim stands, the lock is held; else begin again.
//! 5. Do the work, with `head` last, and write the claim once more, free and without the log.
//!
//! Two things can go wrong.
//!
//! - *The holder dies.* Its claim runs out. Whoever takes the lock then finds the log, and does
//!   what it says, some documents at a time: the log in the claim shrinks with each `head`, so
//!   that any number of publishers who are stopped, too, come to an end together.
//! - *The holder stalls*, and someone takes its lock for abandoned. Its next write comes late and
//!   may undo what others did meanwhile. A holder therefore looks whether its claim stands right
//!   before and right after it sets `head`. If not, it takes the lock again and redoes, beside its
//!   own work, all that was finished in the last minutes. If it dies before it gets there, the
//!   next holder sees that `head` is not the one that was set last, and does the same.

use super::WriteError;
use super::claim::{Claim, Recent, VERSION, check_size, decode, read};
use super::log::Log;
use crate::host::Host;
use crate::key::Key;
use crate::record;
use std::time::Duration;
use xxhash_rust::xxh3::xxh3_64;

/// Longer than a store needs from answering a read to having done the write that follows.
const MIN_FISCHER_DELAY: Duration = Duration::from_millis(60);
/// How much longer it may take others than it took this writer.
const FISCHER_DELAY_FACTOR: u32 = 3;
/// Nobody waits for longer: who is slower has stalled.
const MAX_FISCHER_DELAY: Duration = Duration::from_secs(2);

/// How long a waiting publisher lets pass before it looks again.
const POLL_INTERVAL: Duration = Duration::from_millis(40);
/// For how long a publisher waits before it gives up. What counts is the waiting that it asked
/// for and not the clock, for one who stalls has not waited.
const MAX_WAIT: Duration = Duration::from_secs(10);

/// For how long a claim holds without being renewed: a holder that died keeps the others waiting
/// no longer than this.
const LEASE_SECONDS: i64 = 8;
/// After so many looks at the same claim its holder is taken for dead, whatever the claim says:
/// the clocks of two hosts may differ.
const PRESUMED_DEAD_POLLS: u32 = 210;

/// The lock, held.
pub struct Lock<'h, H: Host> {
    host: &'h H,
    claim: Claim,
    /// Whether it was lost at some time, so that a late write may have undone what others did.
    was_lost: bool,
    is_released: bool,
}

impl<'h, H: Host> Lock<'h, H> {
    /// Waits for the lock and takes it, with a log of what is going to be written. If an earlier
    /// holder left work undone, its log stands there instead.
    pub fn acquire(host: &'h H, wanted: &Log) -> Result<Self, WriteError> {
        check_size(wanted)?;
        Self::wait(host, |found| match found.is_empty() {
            true => wanted.clone(),
            false => found,
        })
    }

    /// Takes the lock again after it was lost, to do the same work once more.
    pub fn reacquire(mut self) -> Result<Self, WriteError> {
        self.is_released = true;
        let own = std::mem::take(&mut self.claim.log);
        let mut lock = Self::wait(self.host, |mut found| {
            found.join(&own);
            found
        })?;
        lock.was_lost = true;
        Ok(lock)
    }

    fn wait(host: &'h H, log: impl Fn(Log) -> Log) -> Result<Self, WriteError> {
        let owner = host.nonce();
        let (mut seen, mut polls) = ((0, 0), 0);
        let mut waited = Duration::ZERO;
        while waited < MAX_WAIT {
            let read_at = host.elapsed();
            let found = read(host)?;
            let sight = (found.owner, found.until);
            polls = if seen == sight { polls + 1 } else { 0 };
            seen = sight;
            if found.until > host.now() && polls < PRESUMED_DEAD_POLLS {
                host.pause(POLL_INTERVAL);
                waited += POLL_INTERVAL;
                continue;
            }
            let mut lock = Self {
                host,
                was_lost: false,
                is_released: true,
                claim: Claim {
                    owner,
                    log: log(found.log),
                    ..found
                },
            };
            lock.write()?;
            let took = host.elapsed().saturating_sub(read_at);
            let delay = (took * FISCHER_DELAY_FACTOR).clamp(MIN_FISCHER_DELAY, MAX_FISCHER_DELAY);
            host.pause(delay);
            waited += delay;
            if lock.is_held()? {
                lock.is_released = false;
                return Ok(lock);
            }
        }
        Err(WriteError::Busy)
    }

    /// What is not finished yet.
    pub fn log(&self) -> &Log {
        &self.claim.log
    }

    /// Writes the log of what is going to be written, before it is.
    pub fn log_intent(&mut self, log: &Log) -> Result<(), WriteError> {
        if self.claim.log == *log {
            return Ok(());
        }
        check_size(log)?;
        self.claim.log = log.clone();
        self.write()
    }

    /// Adds to the log what was finished of late: all of it if a late write may have undone it,
    /// else what the log names anyway.
    pub fn replay_recent(&mut self, head: Option<&[u8]>, recent: Option<&[u8]>) {
        let is_undone = self.claim.head.is_some_and(|set| set != hash(head));
        let everything = self.was_lost || is_undone;
        let key = Key::Recent.to_string();
        let recent = recent.and_then(|recent| record::decode(VERSION, &key, recent).ok());
        self.claim.recent.join(recent.unwrap_or_default());
        self.add_recent(everything);
    }

    /// Adds to the log all that was finished of late: the index is not as `head` says, so a write
    /// came late that nobody knows of.
    pub fn suspect_late_writes(&mut self) {
        self.add_recent(true);
    }

    fn add_recent(&mut self, everything: bool) {
        for (_, finished) in &self.claim.recent.0 {
            for (id, footprint) in finished.iter() {
                if everything || self.claim.log.contains(id) {
                    self.claim.log.add(id.clone(), footprint.clone());
                }
            }
        }
    }

    /// The value to set under the key of what was finished of late, together with `head`.
    pub fn recent_with(&mut self, done: &Log) -> Vec<u8> {
        let now = self.host.now();
        self.claim.recent.join(Recent(vec![(now, done.clone())]));
        self.claim.recent.prune(now);
        record::encode(VERSION, &self.claim.recent)
    }

    /// Keeps a lock that is held for long; a round trip only now and then. One that is lost is
    /// found out before `head` is set.
    pub fn renew(&mut self) -> Result<(), WriteError> {
        let left = self.claim.until - self.host.now();
        if left <= LEASE_SECONDS / 2 && self.is_held()? {
            self.write()?;
        }
        Ok(())
    }

    /// Whether nobody has taken the lock over.
    pub fn is_held(&self) -> Result<bool, WriteError> {
        Ok(read(self.host)?.owner == self.claim.owner)
    }

    /// The same, and that `head` is still the one that was read under the lock.
    pub fn is_held_since(&self, head: Option<&[u8]>) -> Result<bool, WriteError> {
        let keys = [Key::Lock, Key::Head].map(String::from);
        let mut found = self.host.get_many(&keys)?;
        let (now, claim) = (found.pop().flatten(), found.pop().flatten());
        let is_same = hash(now.as_deref()) == hash(head);
        Ok(is_same && decode(claim.as_deref())?.owner == self.claim.owner)
    }

    /// Says that a part of the log is done, with this `head`.
    pub fn log_progress(&mut self, done: &Log, head: &[u8]) -> Result<(), WriteError> {
        self.claim.log = self.claim.log.without(done);
        self.claim.head = Some(hash(Some(head)));
        // Whatever was undone is in the log by now.
        self.was_lost = false;
        self.write()
    }

    /// Gives the lock back, all work done and this `head` set.
    pub fn release_after(mut self, head: &[u8]) -> Result<(), WriteError> {
        self.claim.head = Some(hash(Some(head)));
        self.claim.log = Log::default();
        self.free()
    }

    /// Gives the lock back with its log done, or never begun.
    pub fn release(mut self) -> Result<(), WriteError> {
        self.claim.log = Log::default();
        self.free()
    }

    fn free(&mut self) -> Result<(), WriteError> {
        self.is_released = true;
        self.claim.until = 0;
        let claim = record::encode(VERSION, &self.claim);
        Ok(self.host.set(&Key::Lock.to_string(), claim)?)
    }

    fn write(&mut self) -> Result<(), WriteError> {
        self.claim.until = self.host.now() + LEASE_SECONDS;
        let claim = record::encode(VERSION, &self.claim);
        Ok(self.host.set(&Key::Lock.to_string(), claim)?)
    }
}

/// A holder who gives up leaves the log to the next one, who need not wait for the claim to run
/// out.
impl<H: Host> Drop for Lock<'_, H> {
    fn drop(&mut self) {
        if !self.is_released && self.is_held() == Ok(true) {
            // Where the store fails, the claim runs out by itself.
            let _ = self.free();
        }
    }
}

fn hash(head: Option<&[u8]>) -> u64 {
    xxh3_64(head.unwrap_or_default())
}
