//! The cache of compiled code: a folder of the user's own, so that the next start need not compile.
//!
//! What lies in it is executed, so it is used only if nobody else can have written it, and only
//! if it is whole. A cache that cannot be used costs time and nothing else.

use std::fs::{DirBuilder, File, Metadata, OpenOptions};
use std::hash::{BuildHasher, Hash, RandomState};
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::fd::AsRawFd;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result, bail, ensure};
use rustix::fs::OFlags;
use wasmtime::Engine;
use wasmtime::component::Component;
use xxhash_rust::xxh3::Xxh3;

/// Where the compiled code of one component is, or would be.
pub(super) struct Entry {
    folder: PathBuf,
    key: u128,
}

/// How many components are kept: those used last.
const KEPT: usize = 32;
/// What a killed process left half-written goes after this time.
const ABANDONED: Duration = Duration::from_secs(3600);
/// Ends every file: what it is, then the checksum of all before.
const MARK: [u8; 8] = *b"mayfly\0\x01";
const CHECKSUM_BYTES: u64 = 16;
const CODE: &str = "cwasm";
const PARTIAL: &str = "partial";

impl Entry {
    /// The entry for the component in the file `path`, as `engine` compiles it; none if there
    /// is no folder for it.
    pub(super) fn find(path: &Path, component: &[u8], engine: &Engine) -> Option<Self> {
        let folder = folder().and_then(|folder| prepare(&folder).map(|()| folder));
        match folder {
            Ok(folder) => Some(Self {
                folder,
                key: key(path, component, engine),
            }),
            Err(error) => {
                tracing::debug!("compiled code is not cached: {error:#}");
                None
            }
        }
    }

    /// The code that was kept; none if there is none, or none that can be trusted.
    pub(super) fn load(&self, engine: &Engine) -> Option<Component> {
        let path = self.path();
        match open(&path).and_then(|file| file.map(|file| self.read(file, engine)).transpose()) {
            Ok(component) => component,
            Err(error) => {
                tracing::warn!("{}: compiled again: {error:#}", path.display());
                None
            }
        }
    }

    /// Keeps `code` for the next start, whole or not at all.
    pub(super) fn keep(&self, code: &[u8]) -> Result<()> {
        // Two processes may write the same entry; each writes a file of its own.
        let unique = RandomState::new().hash_one(std::process::id());
        let partial = self.folder.join(format!("{unique:016x}.{PARTIAL}"));
        let kept = self.write(&partial, code);
        let kept = kept.and_then(|()| Ok(std::fs::rename(&partial, self.path())?));
        if kept.is_err() {
            let _ = std::fs::remove_file(&partial);
        }
        kept?;
        tidy(&self.folder)
    }

    fn path(&self) -> PathBuf {
        self.folder.join(format!("{:032x}.{CODE}", self.key))
    }

    fn read(&self, mut file: File, engine: &Engine) -> Result<Component> {
        self.verify(&mut file)?;
        // The file is mapped and not copied: pages of code that never runs cost no memory, and a
        // store with breakpoints, which has a copy of its own, copies only what it changes. This
        // name leads to the file that was verified, whatever lies at its path by now.
        let verified = format!("/proc/self/fd/{}", file.as_raw_fd());
        // Safety: the bytes are those that this program wrote, says the checksum, and nobody but
        // its own user, who can make it run anything anyway, can have changed them.
        let component = unsafe { Component::deserialize_file(engine, verified) }?;
        // The time of the last use decides what is removed; without it something else is.
        let _ = file.set_modified(SystemTime::now());
        Ok(component)
    }

    /// Reads the whole file and compares its checksum.
    fn verify(&self, file: &mut File) -> Result<()> {
        let length = file.metadata()?.len();
        let code = length.checked_sub(MARK.len() as u64 + CHECKSUM_BYTES);
        let code = code.context("it is too short")?;
        let mut hasher = self.hasher();
        let mut piece = vec![0; 128 * 1024];
        let mut rest = Read::take(&mut *file, code);
        loop {
            match rest.read(&mut piece)? {
                0 => break,
                read => hasher.update(&piece[..read]),
            }
        }
        let mut end = Vec::new();
        file.read_to_end(&mut end)?;
        ensure!(end == ending(&hasher), "it is damaged");
        file.seek(SeekFrom::Start(0))?;
        Ok(())
    }

    fn write(&self, partial: &Path, code: &[u8]) -> Result<()> {
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(partial)?;
        let mut hasher = self.hasher();
        hasher.update(code);
        file.write_all(code)?;
        file.write_all(&ending(&hasher))?;
        // After a loss of power the name must not stand for a file without content.
        file.sync_all()?;
        Ok(())
    }

    /// The checksum depends on the key, so that a file under another name is not taken for this.
    fn hasher(&self) -> Xxh3 {
        let mut hasher = Xxh3::new();
        hasher.update(&self.key.to_le_bytes());
        hasher
    }
}

fn ending(hasher: &Xxh3) -> Vec<u8> {
    [&MARK[..], &hasher.digest128().to_le_bytes()].concat()
}

/// Everything that decides what the compiled code is. The path is a part of it because the hash
/// is not cryptographic: a component that was made to have the hash of another must not be run
/// in the place of that.
fn key(path: &Path, component: &[u8], engine: &Engine) -> u128 {
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let mut hasher = Xxh3::new();
    path.hash(&mut hasher);
    component.hash(&mut hasher);
    // The snapshot is taken by this version of the program.
    env!("CARGO_PKG_VERSION").hash(&mut hasher);
    super::snapshot::VERSION.hash(&mut hasher);
    engine.precompile_compatibility_hash().hash(&mut hasher);
    hasher.digest128()
}

/// As the XDG Base Directory Specification has it.
fn folder() -> Result<PathBuf> {
    let variable = |name| std::env::var_os(name).map(PathBuf::from);
    let absolute = |path: &PathBuf| path.is_absolute();
    let caches = match variable("XDG_CACHE_HOME").filter(absolute) {
        Some(caches) => caches,
        None => {
            let home = variable("HOME").filter(absolute);
            home.context("neither XDG_CACHE_HOME nor HOME is an absolute path")?
                .join(".cache")
        }
    };
    Ok(caches.join("mayfly"))
}

fn prepare(folder: &Path) -> Result<()> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.with_context(|| folder.display().to_string())?;
    trust(&folder.metadata()?).with_context(|| folder.display().to_string())
}

/// Makes sure that nobody else can have changed what `metadata` is of.
fn trust(metadata: &Metadata) -> Result<()> {
    if metadata.uid() != rustix::process::geteuid().as_raw() {
        bail!("it belongs to another user");
    }
    if metadata.mode() & 0o022 != 0 {
        bail!("other users may write to it: take that away with chmod go-w");
    }
    Ok(())
}

/// Opens a file of the cache; none if there is none.
fn open(path: &Path) -> Result<Option<File>> {
    // A pipe in its place must not keep this waiting.
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let opened = OpenOptions::new()
        .read(true)
        .custom_flags(flags.bits() as i32)
        .open(path);
    let file = match opened {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        opened => opened?,
    };
    let metadata = file.metadata()?;
    ensure!(metadata.is_file(), "it is not a regular file");
    trust(&metadata)?;
    Ok(Some(file))
}

/// Removes what was used longest ago, and what a killed process left behind.
fn tidy(folder: &Path) -> Result<()> {
    let mut kept = Vec::new();
    for file in folder.read_dir()?.flatten() {
        let path = file.path();
        let Ok(used) = file.metadata().and_then(|metadata| metadata.modified()) else {
            continue;
        };
        match path.extension().and_then(|extension| extension.to_str()) {
            Some(CODE) => kept.push((used, path)),
            Some(PARTIAL) if used.elapsed().is_ok_and(|age| age > ABANDONED) => {
                std::fs::remove_file(path)?;
            }
            _ => {}
        }
    }
    kept.sort();
    let too_many = kept.len().saturating_sub(KEPT);
    for (_, path) in &kept[..too_many] {
        std::fs::remove_file(path)?;
    }
    Ok(())
}
