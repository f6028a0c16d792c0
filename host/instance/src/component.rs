//! The component file: read, checked, and compiled once.

use std::borrow::Cow;
use std::path::Path;

use anyhow::{Context, Result, bail};
use wasmtime::Engine;
use wasmtime::component::Component;

use super::cache::Entry;
use super::counter::{self, Counter};
use super::engine::{self, CodegenMode, Parts};
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
    pub(super) fn load(&self, limits: &Limits, code: CodegenMode) -> Result<Component> {
        let (component, ()) = self.fit(limits, code, |engine| {
            Ok((self.load_cached(engine, limits)?, ()))
        })?;
        Ok(component)
    }

    /// Loads the component with its allocator counted, if that is known.
    pub(super) fn load_counting(&self, limits: &Limits) -> Result<(Component, Option<Counter>)> {
        self.fit(limits, CodegenMode::Fast, |engine| {
            let bytes = self.snapshot(limits)?;
            let counting = counter::count(&bytes).map_or(bytes, Cow::Owned);
            let component = self.translate(engine, &counting)?;
            let counter = Counter::of(&component);
            Ok((component, counter))
        })
    }

    /// Loads with an engine that has room for all memories and tables of its instances.
    fn fit<T>(
        &self,
        limits: &Limits,
        code: CodegenMode,
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

    fn load_cached(&self, engine: &Engine, limits: &Limits) -> Result<Component> {
        let entry = Entry::find(self.path, &self.bytes, engine);
        if let Some(component) = entry.as_ref().and_then(|entry| entry.load(engine)) {
            return Ok(component);
        }
        let component = self.translate(engine, &self.snapshot(limits)?)?;
        let Some(entry) = entry else {
            return Ok(component);
        };
        match component
            .serialize()
            .map_err(anyhow::Error::from)
            .and_then(|code| entry.keep(&code))
        {
            Ok(()) => Ok(entry.load(engine).unwrap_or(component)),
            Err(error) => {
                tracing::debug!(
                    "{}: compiled code is not kept: {error:#}",
                    self.path.display()
                );
                Ok(component)
            }
        }
    }

    fn snapshot(&self, limits: &Limits) -> Result<Cow<'_, [u8]>> {
        snapshot::take(&self.bytes, limits).with_context(|| self.path.display().to_string())
    }

    fn translate(&self, engine: &Engine, bytes: &[u8]) -> Result<Component> {
        Component::new(engine, bytes)
            .map_err(anyhow::Error::from)
            .with_context(|| format!("{}: not a valid component", self.path.display()))
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
