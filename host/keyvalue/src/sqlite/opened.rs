//! An open SQLite file: one connection that writes, and as many as read at once.
//!
//! Write-ahead logging lets readers go on while one writes; Spin opens such a file as any
//! other. A write is on disk before it returns. A file that was replaced, as by a backup that was
//! restored, is another one: these connections never see it.

use std::cell::Cell;
use std::ffi::OsString;
use std::fmt::Write;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::{Connection, Error, ErrorCode, OpenFlags, Result, TransactionBehavior, ffi};

use super::explain::leaves_reading;

/// The connections of one file.
#[derive(Debug)]
pub(super) struct Opened {
    /// Device and number of the file.
    file: Option<(u64, u64)>,
    /// None until the file could be written to.
    writer: Option<Mutex<Connection>>,
    /// Connections that no reader uses now: at most one for each thread that ever read at once.
    readers: Mutex<Vec<Connection>>,
}

/// How long one writer waits for another, which may be Spin.
const LOCK_PATIENCE: Duration = Duration::from_secs(5);

/// How long it waits at a time.
const LOCK_PAUSE: Duration = Duration::from_millis(1);

const TABLE: &str = "CREATE TABLE IF NOT EXISTS spin_key_value (
    store TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (store, key))";
const PROBE: &str = "SELECT count(*) FROM (SELECT 1 FROM spin_key_value LIMIT 1)";

impl Opened {
    /// Opens the file, or makes it.
    pub(super) fn for_writing(path: &Path) -> Result<Self> {
        // Before it is opened: a file that is replaced just then is opened once more.
        let file = identity(path);
        let connection = writer(path)?;
        Ok(Self {
            file: file.or_else(|| identity(path)),
            writer: Some(Mutex::new(connection)),
            readers: Mutex::default(),
        })
    }

    /// Opens a file that is only read for now, and changes nothing of it; fails if it cannot be
    /// read either.
    pub(super) fn for_reading(path: &Path) -> Result<Self> {
        let file = identity(path);
        let opened = Self {
            file,
            writer: None,
            readers: Mutex::default(),
        };
        opened.read(path, |_| Ok(()))?;
        Ok(opened)
    }

    /// Whether `path` can be written to with these connections: they, if so.
    pub(super) fn for_write(self: Arc<Self>, path: &Path) -> Option<Arc<Self>> {
        (self.writer.is_some() && self.file == identity(path)).then_some(self)
    }

    /// Whether `path` has another file by now. While it has none the old one is read.
    pub(super) fn was_replaced(&self, path: &Path) -> bool {
        identity(path).is_some_and(|file| self.file != Some(file))
    }

    pub(super) fn read<T>(
        &self,
        path: &Path,
        run: impl FnOnce(&Connection) -> Result<T>,
    ) -> Result<T> {
        let idle = lock(&self.readers).pop();
        let connection = idle.map_or_else(|| reader(path), Ok)?;
        let value = run(&connection)?;
        // One that failed is not used again. One that cannot write may not see what others write,
        // and as long as it is open nobody in this process can.
        if !connection.is_readonly(rusqlite::MAIN_DB)? {
            lock(&self.readers).push(connection);
        }
        Ok(value)
    }

    pub(super) fn write(&self, run: impl FnOnce(&Connection) -> Result<()>) -> Result<()> {
        let writer = self.writer.as_ref().ok_or_else(read_only)?;
        // Whoever waits for others of this process has less patience left for other processes.
        PATIENT_UNTIL.set(Some(Instant::now() + LOCK_PATIENCE));
        let mut connection = lock(writer);
        let transaction = connection.transaction()?;
        run(&transaction)?;
        transaction.commit()
    }
}

thread_local! {
    static PATIENT_UNTIL: Cell<Option<Instant>> = const { Cell::new(None) };
}

/// Waits for another process. SQLite's own way waits for up to 100 ms at a time, and whoever
/// comes back to back with others then waits for all of them.
fn wait(_: i32) -> bool {
    let is_patient = PATIENT_UNTIL
        .get()
        .is_some_and(|until| Instant::now() < until);
    if is_patient {
        std::thread::sleep(LOCK_PAUSE);
    }
    is_patient
}

fn writer(path: &Path) -> Result<Connection> {
    let until = Instant::now() + LOCK_PATIENCE;
    loop {
        let opened = open_writer(path, until);
        // Two who make a new file each wait for what the other has: SQLite tells them at once,
        // and asks neither whether it would wait.
        match opened.as_ref().map_err(Error::sqlite_error_code) {
            Err(Some(ErrorCode::DatabaseBusy)) if Instant::now() < until => {
                std::thread::sleep(LOCK_PAUSE);
            }
            _ => return opened,
        }
    }
}

fn open_writer(path: &Path, until: Instant) -> Result<Connection> {
    let mut connection = Connection::open(path)?;
    PATIENT_UNTIL.set(Some(until));
    connection.busy_handler(Some(wait))?;
    // SQLite opens what it may not write to for reading, and says so only at the first write.
    if connection.is_readonly(rusqlite::MAIN_DB)? {
        return Err(read_only());
    }
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.execute(TABLE, [])?;
    connection.set_transaction_behavior(TransactionBehavior::Immediate);
    connection.transaction()?.commit()?;
    Ok(connection)
}

/// A connection for reading. Where SQLite cannot put its own files beside a file that needs
/// none of them, as on a read-only or a full disk, the file is read as one that nobody changes.
fn reader(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let error = match Connection::open_with_flags(path, flags).and_then(prepared) {
        Ok(connection) => return Ok(connection),
        Err(error) => error,
    };
    if leaves_reading(&error) && is_settled(path) {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
            | OpenFlags::SQLITE_OPEN_URI
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let unchanging = unchanging(path).ok_or(error)?;
        return Connection::open_with_flags(unchanging, flags).and_then(prepared);
    }
    Err(error)
}

fn prepared(connection: Connection) -> Result<Connection> {
    connection.busy_timeout(LOCK_PATIENCE)?;
    connection.pragma_update(None, "query_only", true)?;
    // Opening is put off until the first read.
    connection.query_row(PROBE, [], |_| Ok(()))?;
    Ok(connection)
}

/// Whether all that was written is in the file itself.
fn is_settled(path: &Path) -> bool {
    ["-wal", "-journal"].iter().all(|suffix| {
        let mut beside = OsString::from(path);
        beside.push(suffix);
        match std::fs::metadata(beside) {
            Ok(metadata) => metadata.len() == 0,
            Err(error) => error.kind() == std::io::ErrorKind::NotFound,
        }
    })
}

/// The file as a URI that tells SQLite to need no locks; none for a path that is not UTF-8.
fn unchanging(path: &Path) -> Option<String> {
    let mut uri = "file:".to_owned();
    for character in path.to_str()?.chars() {
        match character {
            '%' | '?' | '#' => write!(uri, "%{:02x}", character as u32).ok()?,
            other => uri.push(other),
        }
    }
    uri.push_str("?immutable=1");
    Some(uri)
}

fn identity(path: &Path) -> Option<(u64, u64)> {
    let metadata = std::fs::metadata(path).ok()?;
    Some((metadata.dev(), metadata.ino()))
}

fn read_only() -> Error {
    Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_READONLY), None)
}

/// The lock, also after a panic of its holder.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic under the lock drops its transaction, which rolls it back: the connection stays whole.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
#[expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed, and says where"
)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_is_on_the_disk_before_it_returns() {
        let folder = std::env::temp_dir().join(format!("mayfly-opened-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let connection = writer(&folder.join("x.db")).unwrap();
        let pragma = |name| connection.pragma_query_value(None, name, |row| row.get(0));
        // Of write-ahead logs only FULL and above are synchronised with each commit.
        assert_eq!(pragma("synchronous"), Ok(2));
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn of_many_who_open_a_new_file_at_once_all_succeed() {
        const TIMES: usize = 20;
        let folder = std::env::temp_dir().join(format!("mayfly-at-once-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        for time in 0..TIMES {
            let path = folder.join(format!("{time}.db"));
            let together = std::sync::Barrier::new(8);
            std::thread::scope(|scope| {
                for _ in 0..8 {
                    scope.spawn(|| {
                        together.wait();
                        writer(&path).map(drop).unwrap();
                    });
                }
            });
        }
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn paths_with_signs_of_a_uri() {
        let path = Path::new("a b/50%?#.db");
        assert_eq!(
            unchanging(path).as_deref(),
            Some("file:a b/50%25%3f%23.db?immutable=1")
        );
    }
}
