//! A spool: what one side has given and the other not yet taken, so that a slow client holds bytes
//! and not an instance. A little is kept in memory, the rest in a file without a name.

use std::collections::VecDeque;
use std::fs::{File, OpenOptions};
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use hyper::body::Bytes;
use tokio::task::spawn_blocking;

/// The room that all spools share.
#[derive(Debug)]
pub(super) struct Room {
    folder: PathBuf,
    memory: AtomicU64,
    disk: AtomicU64,
}

/// What one side has given and the other not yet taken.
pub(super) struct Spool {
    room: Arc<Room>,
    /// What came first.
    memory: VecDeque<Bytes>,
    memory_bytes: u64,
    /// What came after it.
    file: Option<Arc<File>>,
    /// Where the file's next bytes begin, and where they end.
    read: u64,
    written: u64,
}

/// Memory of all spools, and of one.
const ALL_MEMORY_BYTES: u64 = 64 << 20;
const MEMORY_BYTES: u64 = 512 << 10;
/// The file of one spool.
const FILE_BYTES: u64 = 64 << 20;
/// What is read of a file at once.
const PIECE_BYTES: u64 = 64 << 10;

impl Room {
    /// Room for so many bytes on the disk.
    pub(super) fn new(disk_bytes: u64) -> Self {
        // What /tmp has is memory on many systems.
        let lasting = Path::new("/var/tmp");
        let folder = match std::env::var_os("TMPDIR") {
            None if lasting.is_dir() => lasting.to_owned(),
            _ => std::env::temp_dir(),
        };
        Self {
            folder,
            memory: AtomicU64::new(ALL_MEMORY_BYTES),
            disk: AtomicU64::new(disk_bytes),
        }
    }

    fn file(&self) -> io::Result<File> {
        let name = RandomState::new().hash_one(std::process::id());
        let path = self.folder.join(format!("mayfly-{name:016x}.spool"));
        let mut options = OpenOptions::new();
        options.read(true).write(true).create_new(true).mode(0o600);
        let file = options.open(&path)?;
        std::fs::remove_file(&path)?;
        Ok(file)
    }
}

fn take(room: &AtomicU64, bytes: u64) -> bool {
    let left = |left: u64| left.checked_sub(bytes);
    room.fetch_update(Relaxed, Relaxed, left).is_ok()
}

impl Spool {
    pub(super) fn of(room: &Arc<Room>) -> Self {
        Self {
            room: Arc::clone(room),
            memory: VecDeque::new(),
            memory_bytes: 0,
            file: None,
            read: 0,
            written: 0,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.memory.is_empty() && self.read == self.written
    }

    /// Whether nothing of it is in a file.
    pub(super) fn is_in_memory(&self) -> bool {
        self.read == self.written
    }

    /// How much it holds.
    pub(super) fn bytes(&self) -> u64 {
        self.memory_bytes + self.written - self.read
    }

    /// Takes `bytes` in, or gives them back if there is no room.
    pub(super) async fn push(&mut self, bytes: Bytes) -> Result<(), Bytes> {
        let length = bytes.len() as u64;
        let is_small = self.memory_bytes + length <= MEMORY_BYTES;
        if self.is_in_memory() && is_small && take(&self.room.memory, length) {
            self.memory_bytes += length;
            self.memory.push_back(bytes);
            return Ok(());
        }
        if self.written + length > FILE_BYTES || !take(&self.room.disk, length) {
            return Err(bytes);
        }
        match self.write(bytes.clone()).await {
            Ok(()) => Ok(()),
            Err(error) => {
                self.room.disk.fetch_add(length, Relaxed);
                tracing::warn!(
                    "cannot keep what slow clients have not read in {}: {error}: set TMPDIR to a folder with room",
                    self.room.folder.display()
                );
                Err(bytes)
            }
        }
    }

    async fn write(&mut self, bytes: Bytes) -> io::Result<()> {
        // It stays here, too: a write that fails loses nothing of what was written before.
        let (file, room, at) = (self.file.clone(), Arc::clone(&self.room), self.written);
        let length = bytes.len() as u64;
        let written = spawn_blocking(move || {
            let file = file.map_or_else(|| room.file().map(Arc::new), Ok)?;
            file.write_all_at(&bytes, at)?;
            io::Result::Ok(file)
        });
        self.file = Some(written.await??);
        self.written += length;
        Ok(())
    }

    /// The next bytes of those that came first; none if it is empty.
    pub(super) async fn pop(&mut self) -> io::Result<Option<Bytes>> {
        if let Some(bytes) = self.pop_memory() {
            return Ok(Some(bytes));
        }
        let Some(file) = self.file.as_ref().map(Arc::clone) else {
            return Ok(None);
        };
        let (at, length) = (self.read, (self.written - self.read).min(PIECE_BYTES));
        if length == 0 {
            return Ok(None);
        }
        let piece = spawn_blocking(move || {
            let mut piece = vec![0; length as usize];
            file.read_exact_at(&mut piece, at)?;
            io::Result::Ok(piece)
        });
        let piece = piece.await??;
        self.read += length;
        if self.read == self.written {
            self.give_back();
        }
        Ok(Some(piece.into()))
    }

    /// The next bytes, if they are in memory.
    pub(super) fn pop_memory(&mut self) -> Option<Bytes> {
        let bytes = self.memory.pop_front()?;
        self.memory_bytes -= bytes.len() as u64;
        self.room.memory.fetch_add(bytes.len() as u64, Relaxed);
        Some(bytes)
    }

    /// Gives the room of the file back.
    fn give_back(&mut self) {
        self.room.disk.fetch_add(self.written, Relaxed);
        (self.file, self.read, self.written) = (None, 0, 0);
    }
}

impl Drop for Spool {
    fn drop(&mut self) {
        self.room.memory.fetch_add(self.memory_bytes, Relaxed);
        self.give_back();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_write_that_fails_loses_nothing_of_what_was_kept() {
        let mut spool = Spool::of(&Arc::new(Room::new(1 << 30)));
        let first = Bytes::from(vec![b'x'; MEMORY_BYTES as usize + 1]);
        spool.push(first.clone()).await.expect("room in a file");
        // A file that can only be read: writing fails from now on.
        let path = std::env::temp_dir().join(format!("mayfly-spool-{}", std::process::id()));
        std::fs::write(&path, &first).expect("a file");
        spool.file = Some(Arc::new(File::open(&path).expect("the file")));
        std::fs::remove_file(&path).expect("the file");
        let next = Bytes::from_static(b"next");
        assert_eq!(spool.push(next.clone()).await, Err(next));
        let mut kept = Vec::new();
        while let Some(piece) = spool.pop().await.expect("what was written") {
            kept.extend_from_slice(&piece);
        }
        assert_eq!(kept, first);
    }
}
