//! The writer's lock: one publisher at a time moves the index.
//!
//! Stores offer no compare-and-swap, so this is Fischer's timed mutual exclusion, which needs
//! only reads and writes: write your name, wait longer than anyone needs between reading "free"
//! and writing theirs, and enter if the name is still yours. Should a stalled writer break the
//! timing all the same, [`Lock::is_held`], asked right before and after `head` is set, tells
//! the one who lost to begin again. Readers never look here.
//!
//! The lock's value is also the journal: it names the posts that its holder is about to write,
//! so that whoever finds it abandoned can finish the work.

use super::Failure;
use crate::compile::Kind;
use crate::host::Host;
use crate::index::Place;
use crate::record;
use crate::store::StoreError;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// The key of the lock.
pub const KEY: &str = "lock";

/// The version of [`Claim`].
const VERSION: u8 = 1;

/// Longer than any store needs from answering a read to having done the write that follows.
const DOUBT: Duration = Duration::from_millis(60);

/// How often a waiting publisher looks again.
const PATIENCE: Duration = Duration::from_millis(40);

/// After how many looks it gives up: some ten seconds.
const LOOKS: u32 = 250;

/// For how long a claim holds without being renewed, in seconds. A holder that died keeps the
/// others waiting no longer than this.
const LEASE_SECONDS: i64 = 8;

/// The lock, held.
pub struct Lock<'h, H> {
    host: &'h H,
    claim: Claim,
}

/// The value under the lock's key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Claim {
    owner: u64,
    /// In seconds since 1970.
    until: i64,
    journal: Vec<Intent>,
}

/// A post that is about to be written or removed, and where the index had it before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intent {
    /// A post or a page.
    pub page: bool,
    /// Its slug.
    pub slug: String,
    /// Where the index had it.
    pub old: Option<Place>,
}

impl Intent {
    /// The kind of document.
    pub fn kind(&self) -> Kind {
        if self.page { Kind::Page } else { Kind::Post }
    }
}

impl<'h, H: Host> Lock<'h, H> {
    /// Waits for the lock and takes it, with what an abandoned holder left to be done.
    pub fn take(host: &'h H) -> Result<Self, Failure> {
        let owner = host.nonce();
        for _ in 0..LOOKS {
            let found = read(host)?;
            if found.as_ref().is_some_and(|claim| claim.until > host.now()) {
                host.pause(PATIENCE);
                continue;
            }
            let journal = found.map(|claim| claim.journal).unwrap_or_default();
            let lock = Self {
                host,
                claim: Claim {
                    owner,
                    until: host.now() + LEASE_SECONDS,
                    journal,
                },
            };
            lock.write()?;
            host.pause(DOUBT);
            if lock.is_held()? {
                return Ok(lock);
            }
        }
        Err(Failure::Busy)
    }

    /// What the last holder left unfinished, and what this one is about to do.
    pub fn journal(&self) -> &[Intent] {
        &self.claim.journal
    }

    /// Says what is about to be written, before it is.
    pub fn intend(&mut self, intents: Vec<Intent>) -> Result<(), StoreError> {
        // An intent that stands here already is older, and knows where the index really is.
        let known = |new: &Intent| {
            self.claim
                .journal
                .iter()
                .any(|old| (old.page, &old.slug) == (new.page, &new.slug))
        };
        let new: Vec<Intent> = intents
            .into_iter()
            .filter(|intent| !known(intent))
            .collect();
        self.claim.journal.extend(new);
        self.claim.until = self.host.now() + LEASE_SECONDS;
        self.write()
    }

    /// Whether nobody has taken the lock over.
    pub fn is_held(&self) -> Result<bool, StoreError> {
        Ok(read(self.host)?.is_some_and(|claim| claim.owner == self.claim.owner))
    }

    /// Gives the lock back, all work done.
    pub fn release(self) -> Result<(), StoreError> {
        self.host.delete_many(&[KEY.to_owned()])
    }

    fn write(&self) -> Result<(), StoreError> {
        self.host.set(KEY, record::encode(VERSION, &self.claim))
    }
}

/// The claim in the store. One that cannot be read is none: its holder finds out in time.
fn read(host: &impl Host) -> Result<Option<Claim>, StoreError> {
    Ok(host
        .get(KEY)?
        .and_then(|bytes| record::decode(VERSION, KEY, &bytes).ok()))
}
