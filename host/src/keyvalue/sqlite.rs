//! Stores in a SQLite file: the file and the table of Spin's default store.
//!
//! Write-ahead logging lets readers go on while one writes; Spin opens such a file as any
//! other. A write is one transaction, on disk before it returns.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context, Error, Result, anyhow};
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension, ffi, params};

use super::Pair;

/// An open file.
#[derive(Debug)]
pub struct Sqlite {
    path: PathBuf,
    writer: Mutex<Connection>,
    /// Connections that no reader uses now: at most one for each thread that ever read at once.
    readers: Mutex<Vec<Connection>>,
}

/// How long one writer waits for another, which may be Spin.
const LOCK_PATIENCE: Duration = Duration::from_secs(5);

const TABLE: &str = "CREATE TABLE IF NOT EXISTS spin_key_value (
    store TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (store, key))";
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
        let writer = open_writer(path).map_err(|error| explain(error, path))?;
        Ok(Self {
            path: path.to_owned(),
            writer: Mutex::new(writer),
            readers: Mutex::default(),
        })
    }

    pub(super) fn get_many(&self, store: &str, keys: &[String]) -> Result<Vec<Option<Vec<u8>>>> {
        self.read(|connection| {
            let snapshot = (keys.len() > 1).then(|| connection.unchecked_transaction());
            let snapshot = snapshot.transpose()?;
            let mut statement = connection.prepare_cached(GET)?;
            let value = |key| statement.query_row(params![store, key], |row| row.get(0));
            let values = keys.iter().map(value).map(OptionalExtension::optional);
            let values = values.collect();
            drop(snapshot);
            values
        })
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
        let idle = lock(&self.readers).pop();
        let connection = match idle {
            Some(connection) => connection,
            None => open_reader(&self.path).map_err(|error| explain(error, &self.path))?,
        };
        let read = run(&connection).map_err(|error| explain(error, &self.path));
        lock(&self.readers).push(connection);
        read
    }

    /// Writes in one transaction; the disk may take its time, so other requests on this
    /// thread move to another one.
    fn write(&self, run: impl FnOnce(&Connection) -> rusqlite::Result<()>) -> Result<()> {
        let write = || {
            let mut connection = lock(&self.writer);
            let transaction = connection.transaction()?;
            run(&transaction)?;
            transaction.commit()
        };
        tokio::task::block_in_place(write).map_err(|error| explain(error, &self.path))
    }
}

fn open_writer(path: &Path) -> rusqlite::Result<Connection> {
    let mut connection = Connection::open(path)?;
    connection.busy_timeout(LOCK_PATIENCE)?;
    // SQLite opens what it may not write to for reading, and says so only at the first write.
    if connection.is_readonly(rusqlite::MAIN_DB)? {
        let read_only = ffi::Error::new(ffi::SQLITE_READONLY);
        return Err(rusqlite::Error::SqliteFailure(read_only, None));
    }
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.execute(TABLE, [])?;
    connection.set_transaction_behavior(rusqlite::TransactionBehavior::Immediate);
    connection.transaction()?.commit()?;
    Ok(connection)
}

fn open_reader(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(LOCK_PATIENCE)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

fn explain(error: rusqlite::Error, path: &Path) -> Error {
    let path = path.display();
    let remedy = match error.sqlite_error_code() {
        Some(ErrorCode::ReadOnly) => "make the file and its folder writable",
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "another process holds it locked: end that process or wait for it"
        }
        Some(ErrorCode::NotADatabase) => "the file is not a SQLite database: name another one",
        Some(ErrorCode::DiskFull) => "the disk is full",
        _ => "check the path, its permissions and the disk",
    };
    anyhow!(error).context(format!("store sqlite:{path}: {remedy}"))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic under the lock drops its transaction, which rolls it back: the connection stays whole.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
