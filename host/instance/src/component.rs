//! The component file, compiled once: the machine code stays beside it for the next start.
//!
//! The name of the cached file holds a hash over the component, wasmtime's version and all
//! settings of the compiler, so a file of that name is never out of date.

use std::borrow::Cow;
use std::hash::Hash;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use wasmtime::Engine;
use wasmtime::component::Component;
use xxhash_rust::xxh3::Xxh3;

use super::counter::{self, Counter};
use super::engine::{self, Code, Parts};
use super::world::World;
use super::{Limits, snapshot};

/// A component as it is in its file.
pub(super) struct File<'a> {
    pub(super) path: &'a Path,
    bytes: Vec<u8>,
    pub(super) world: World,
}

impl<'a> File<'a> {
    /// Reads the file `path`.
    pub(super) fn read(path: &'a Path) -> Result<Self> {
        let bytes = read(path)?;
        let world = World::of(&bytes).with_context(|| path.display().to_string())?;
        Ok(Self { path, bytes, world })
    }

    /// Loads the component, compiled now or at an earlier start, with an engine to run it.
    pub(super) fn load(&self, limits: &Limits, code: Code) -> Result<Component> {
        let (component, ()) = self.fit(limits, code, |engine| {
            Ok((self.load_cached(engine, limits, code)?, ()))
        })?;
        Ok(component)
    }

    /// Loads the component with its allocator counted, if that is known.
    pub(super) fn load_counting(&self, limits: &Limits) -> Result<(Component, Option<Counter>)> {
        self.fit(limits, Code::Fast, |engine| {
            let bytes = self.snapshot(limits)?;
            let counting = counter::count(&bytes).map_or(bytes, Cow::Owned);
            let component = translate(engine, self.path, &counting)?;
            let counter = Counter::of(&component);
            Ok((component, counter))
        })
    }

    /// Loads with an engine that has room for all memories and tables of its instances.
    fn fit<T>(
        &self,
        limits: &Limits,
        code: Code,
        load: impl Fn(&Engine) -> Result<(Component, T)>,
    ) -> Result<(Component, T)> {
        let declared = Parts::declared(&self.bytes);
        let start = |parts| engine::start(limits, code, self.world, parts);
        let loaded = load(&start(declared)?)?;
        // Only what is compiled tells how often each of its modules is instantiated, which is
        // once in nearly every component.
        match Parts::required(&loaded.0) {
            Some(required) if !declared.cover(required) => load(&start(required)?),
            _ => Ok(loaded),
        }
    }

    fn load_cached(&self, engine: &Engine, limits: &Limits, code: Code) -> Result<Component> {
        let Self { path, bytes, .. } = self;
        // Each kind of code has a name of its own, so that neither removes the other as outdated.
        let name = match code {
            Code::Fast => path.to_path_buf(),
            Code::Observable(_) => path.with_extension("observable.wasm"),
        };
        let cache = cache_path(engine, &name, bytes);
        match cached(engine, path, &cache) {
            Some(component) => Ok(component),
            None => self.compile(engine, limits, &cache),
        }
    }

    fn compile(&self, engine: &Engine, limits: &Limits, cache: &Path) -> Result<Component> {
        let component = translate(engine, self.path, &self.snapshot(limits)?)?;
        match keep(&component, cache) {
            // A store with breakpoints copies the code, and a copy of a mapped file costs only the
            // pages that are touched.
            Ok(()) => Ok(cached(engine, self.path, cache).unwrap_or(component)),
            // Without the cache the next start takes longer, and that is all.
            Err(error) => {
                tracing::debug!("{}: not written: {error:#}", cache.display());
                Ok(component)
            }
        }
    }

    fn snapshot(&self, limits: &Limits) -> Result<Cow<'_, [u8]>> {
        snapshot::take(&self.bytes, limits).with_context(|| self.path.display().to_string())
    }
}

fn read(path: &Path) -> Result<Vec<u8>> {
    let bytes = std::fs::read(path).with_context(|| {
        let path = path.display();
        format!("cannot read the component {path}: build it first, or correct its path")
    })?;
    check(&bytes).with_context(|| path.display().to_string())?;
    Ok(bytes)
}

fn check(bytes: &[u8]) -> Result<()> {
    // The magic number, then the version: 1 for a module, 13 in layer 1 for a component.
    match bytes {
        [0, b'a', b's', b'm', 0x0d, 0, 1, 0, ..] => Ok(()),
        [0, b'a', b's', b'm', 1, 0, 0, 0, ..] => bail!(
            "a core module, not a component: build it for wasm32-wasip2, or wrap it with `wasm-tools component new`"
        ),
        _ => bail!("not a WebAssembly component"),
    }
}

fn cache_path(engine: &Engine, path: &Path, bytes: &[u8]) -> PathBuf {
    let mut hasher = Xxh3::new();
    hasher.update(bytes);
    engine.precompile_compatibility_hash().hash(&mut hasher);
    path.with_extension(format!("{:032x}.cwasm", hasher.digest128()))
}

fn cached(engine: &Engine, path: &Path, cache: &Path) -> Option<Component> {
    let (source, cached) = (path.metadata().ok()?, cache.metadata().ok()?);
    if source.uid() != cached.uid() {
        tracing::warn!(
            "{}: not used, it has another owner than the component",
            cache.display()
        );
        return None;
    }
    // Safety: the file is machine code that this program wrote. It belongs to the owner of the
    // component, who can make this program run anything anyway.
    match unsafe { Component::deserialize_file(engine, cache) } {
        Ok(component) => Some(component),
        Err(error) => {
            tracing::warn!("{}: compiled again: {error:#}", cache.display());
            None
        }
    }
}

fn translate(engine: &Engine, path: &Path, bytes: &[u8]) -> Result<Component> {
    Component::new(engine, bytes)
        .map_err(anyhow::Error::from)
        .with_context(|| format!("{}: not a valid component", path.display()))
}

fn keep(component: &Component, cache: &Path) -> Result<()> {
    let partial = cache.with_extension(format!("{}.partial", std::process::id()));
    std::fs::write(&partial, component.serialize()?)?;
    remove_older(cache)?;
    std::fs::rename(&partial, cache)?;
    Ok(())
}

fn remove_older(cache: &Path) -> Result<()> {
    let name = cache.file_stem().map(Path::new).and_then(Path::file_stem);
    let (Some(folder), Some(name)) = (cache.parent(), name) else {
        return Ok(());
    };
    // The parent of a bare file name is empty, which is no folder that can be read.
    let folder = match folder.as_os_str().is_empty() {
        true => Path::new("."),
        false => folder,
    };
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?.path();
        let hash = entry.file_stem().map(Path::new);
        let ours = hash.is_some_and(|hash| {
            hash.file_stem() == Some(name) && hash.extension().is_some_and(|hash| hash.len() == 32)
        });
        if ours
            && entry
                .extension()
                .is_some_and(|extension| extension == "cwasm")
        {
            std::fs::remove_file(entry)?;
        }
    }
    Ok(())
}
