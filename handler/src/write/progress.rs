//! How far a reindex has come, between its steps.

use crate::host::Host;
use crate::key::Key;
use crate::record;
use crate::store::StoreError;
use crate::write::WriteError;
use serde::{Deserialize, Serialize};

/// The version of [`Progress`]; an earlier one is begun again.
const VERSION: u8 = 3;

/// How far a reindex has come.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Progress {
    pub(super) next: Next,
    pub(super) handled: usize,
    /// For which settings documents are made.
    pub(super) fingerprint: u64,
    /// How many documents a step takes. It is halved before a step and doubled after it, so that
    /// a step that the limits of an instance stop is followed by a smaller one.
    pub(super) at_once: usize,
}

/// What comes next.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) enum Next {
    /// The documents under the keys from a position on.
    Documents(String),
    /// The places that the index names, from a cursor on.
    Entries(String),
}

impl Progress {
    /// How far it has come; a new one takes `at_once` documents a step.
    pub(super) fn read(
        host: &impl Host,
        fingerprint: u64,
        at_once: usize,
    ) -> Result<Self, WriteError> {
        let key = Key::Reindex.to_string();
        let record = host
            .get(&key)?
            .filter(|record| record.first() == Some(&VERSION));
        // One that cannot be read, or is for other settings, is begun again.
        let progress = record.and_then(|record| record::decode(VERSION, &key, &record).ok());
        let progress = progress.filter(|progress: &Self| progress.fingerprint == fingerprint);
        Ok(progress.unwrap_or(Self {
            next: Next::Documents(String::new()),
            handled: 0,
            fingerprint,
            at_once,
        }))
    }

    pub(super) fn write(&self, host: &impl Host) -> Result<(), StoreError> {
        host.set(&Key::Reindex.to_string(), record::encode(VERSION, self))
    }
}
