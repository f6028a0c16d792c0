//! Stores in a SQLite file: the file and the table of Spin's default store.
//!
//! A file that cannot be written to is served as it is, and tried again with every write.

mod explain;
mod opened;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use anyhow::{Context, Result};
use rusqlite::{Connection, params};

use super::budget::{Budget, TooMuch};
use super::{PIECE_BYTES, Pair};
use explain::{explain, leaves_reading};
use opened::{Opened, lock};

/// A file with stores.
#[derive(Debug)]
pub struct Sqlite {
    path: PathBuf,
    opened: RwLock<Arc<Opened>>,
    /// Held by who replaces what is opened.
    opening: Mutex<()>,
}

const GET: &str = "SELECT value FROM spin_key_value WHERE store = ?1 AND key = ?2";
const EXISTS: &str = "SELECT 1 FROM spin_key_value WHERE store = ?1 AND key = ?2";
const SET: &str = "INSERT INTO spin_key_value (store, key, value) VALUES (?1, ?2, ?3)
    ON CONFLICT (store, key) DO UPDATE SET value = excluded.value";
const DELETE: &str = "DELETE FROM spin_key_value WHERE store = ?1 AND key = ?2";
const KEYS: &str = "SELECT key FROM spin_key_value WHERE store = ?1 AND key > ?2
    ORDER BY key LIMIT ?3";

impl Sqlite {
    pub(super) fn open(path: &Path) -> Result<Self> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)
                .with_context(|| format!("cannot make {} for the store", folder.display()))?;
        }
        let opened = match Opened::for_writing(path) {
            Ok(opened) => opened,
            Err(error) => {
                let is_readable = leaves_reading(&error);
                let error = explain(error, path);
                match is_readable.then(|| Opened::for_reading(path)) {
                    Some(Ok(reading)) => {
                        tracing::warn!("{error:#}; until then it is only read");
                        reading
                    }
                    _ => return Err(error),
                }
            }
        };
        Ok(Self {
            path: path.to_owned(),
            opened: RwLock::new(Arc::new(opened)),
            opening: Mutex::default(),
        })
    }

    /// The values of the first of `keys`, those of all if they are not large.
    pub(super) fn get_some(
        &self,
        store: &str,
        keys: &[String],
        budget: &mut Budget,
    ) -> Result<Vec<Option<Vec<u8>>>> {
        let values = self.read(|connection| {
            let snapshot = (keys.len() > 1).then(|| connection.unchecked_transaction());
            let snapshot = snapshot.transpose()?;
            let values = some_values(connection, store, keys, budget);
            drop(snapshot);
            values
        })?;
        Ok(values?)
    }

    pub(super) fn exists(&self, store: &str, key: &str) -> Result<bool> {
        self.read(|connection| connection.prepare_cached(EXISTS)?.exists([store, key]))
    }

    pub(super) fn keys_after(&self, store: &str, after: &str, limit: u32) -> Result<Vec<String>> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(KEYS)?;
            let rows = statement.query_map(params![store, after, limit], |row| row.get(0))?;
            rows.collect()
        })
    }

    pub(super) fn set_many(&self, store: &str, pairs: &[Pair]) -> Result<()> {
        self.write(|connection| {
            let mut statement = connection.prepare_cached(SET)?;
            for (key, value) in pairs {
                statement.execute(params![store, key, value])?;
            }
            Ok(())
        })
    }

    pub(super) fn delete_many(&self, store: &str, keys: &[String]) -> Result<()> {
        self.write(|connection| {
            let mut statement = connection.prepare_cached(DELETE)?;
            for key in keys {
                statement.execute([store, key])?;
            }
            Ok(())
        })
    }

    /// Reads on this thread: a read takes microseconds, handing it to another thread takes
    /// longer.
    fn read<T>(&self, run: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T> {
        let read = || self.readable()?.read(&self.path, run);
        read().map_err(|error| explain(error, &self.path))
    }

    /// What is opened, opened again if there is another file now. That is only read until the
    /// next write: who restores a backup may still be writing it.
    fn readable(&self) -> rusqlite::Result<Arc<Opened>> {
        let opened = self.opened();
        if !opened.was_replaced(&self.path) {
            return Ok(opened);
        }
        tokio::task::block_in_place(|| {
            let _opening = lock(&self.opening);
            let opened = self.opened();
            if !opened.was_replaced(&self.path) {
                return Ok(opened);
            }
            self.replace(Opened::for_reading(&self.path)?)
        })
    }

    /// Writes in one transaction; the disk may take its time, so other requests on this
    /// thread move to another one.
    fn write(&self, run: impl FnOnce(&Connection) -> rusqlite::Result<()>) -> Result<()> {
        let write = || self.writable()?.write(run);
        tokio::task::block_in_place(write).map_err(|error| explain(error, &self.path))
    }

    /// What is opened, opened again if it could not be written to, or is not the file of this
    /// path any more: what goes into a file without a name is lost with the process.
    fn writable(&self) -> rusqlite::Result<Arc<Opened>> {
        if let Some(opened) = self.opened().for_write(&self.path) {
            return Ok(opened);
        }
        let _opening = lock(&self.opening);
        if let Some(opened) = self.opened().for_write(&self.path) {
            return Ok(opened);
        }
        if let Some(folder) = self.path.parent() {
            // Without the folder SQLite says that it cannot open the file.
            let _ = std::fs::create_dir_all(folder);
        }
        self.replace(Opened::for_writing(&self.path)?)
    }

    fn replace(&self, opened: Opened) -> rusqlite::Result<Arc<Opened>> {
        let opened = Arc::new(opened);
        tracing::warn!("store sqlite:{}: opened again", self.path.display());
        let mut place = self.opened.write().unwrap_or_else(PoisonError::into_inner);
        *place = Arc::clone(&opened);
        Ok(opened)
    }

    fn opened(&self) -> Arc<Opened> {
        let opened = self.opened.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&opened)
    }
}

fn some_values(
    connection: &Connection,
    store: &str,
    keys: &[String],
    budget: &mut Budget,
) -> rusqlite::Result<Result<Vec<Option<Vec<u8>>>, TooMuch>> {
    let mut statement = connection.prepare_cached(GET)?;
    let (mut values, before) = (Vec::with_capacity(keys.len()), budget.used_bytes());
    for key in keys {
        let mut rows = statement.query(params![store, key])?;
        let value = match rows.next()? {
            Some(row) => Some(row.get_ref(0)?.as_blob()?),
            None => None,
        };
        // Before it is copied: SQLite holds no more than one value.
        if let Err(error) = budget.take(value.map_or(0, <[u8]>::len)) {
            return Ok(Err(error));
        }
        values.push(value.map(<[u8]>::to_vec));
        if budget.used_bytes() - before >= PIECE_BYTES {
            break;
        }
    }
    Ok(Ok(values))
}
