//! The source of a heap profile: a capture, or a component that is run now.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};

use super::show;
use crate::application;
use crate::flags::{LimitFlags, StoreParser, missing};
use crate::log;
use crate::manifest::Manifest;
use crate::progress::Progress;
use crate::variables;
use heapprof::Allocator;
use heapprof::heap::{Heap, decode, encode};
use heapprof::{Plan, record};
use instance::{RequestTemplate, Setting};
use keyvalue::{Backend, Grants, Location};

/// What to profile, and how.
#[derive(Debug, clap::Args)]
pub struct Source {
    /// A capture (heap.pb.gz) or a component (.wasm) [default: the component of the manifest]
    #[arg(value_name = "FILE", help_heading = None)]
    pub file: Option<PathBuf>,

    #[command(flatten)]
    pub recording: Recording,
}

/// How a component is run.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Recording")]
pub struct Recording {
    /// The Spin manifest whose component is profiled
    #[arg(long, value_name = "FILE", default_value = "spin.toml")]
    pub manifest: PathBuf,

    /// Where the component's data is: sqlite:PATH, redis://HOST:PORT/DATABASE or memory [default: of a manifest what MAYFLY_STORE names or Spin's own SQLite file beside it, else memory]
    #[arg(long, value_name = "STORE", value_parser = StoreParser)]
    pub store: Option<Location>,

    /// A request, `METHOD /path` or `METHOD /path body`; `{n}` in it is replaced by the number of the
    /// request. Several requests take turns
    #[arg(long = "request", value_name = "REQUEST", default_value = "GET /")]
    pub requests: Vec<RequestTemplate>,

    /// How many requests to send [default: each once]
    #[arg(short = 'n', long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..))]
    pub number: Option<u32>,

    /// How many requests an instance answers before it is replaced [default: 1]
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..))]
    pub reuse: Option<u32>,

    /// Keep the capture in this file, which `go tool pprof` reads too
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// A function that allocates or frees, and how: name=malloc, calloc, realloc, free, memalign, posix_memalign or resize
    #[arg(long = "allocator", value_name = "NAME=KIND")]
    pub allocators: Vec<Allocator>,

    /// Run a component that imports what this host does not offer: only a call of such an import fails,
    /// and ends the request
    #[arg(long)]
    pub trap_missing: bool,

    #[command(flatten)]
    pub limits: LimitFlags,
}

impl Source {
    /// Reads the capture, or runs the component.
    pub(super) async fn heap(&self) -> Result<Heap> {
        let heap = match &self.file {
            Some(file) => self.recording.heap_of(file).await?,
            None => self.recording.run_manifest().await?,
        };
        if log::is_verbose() {
            show::background(&heap.run);
        }
        Ok(heap)
    }
}

impl Recording {
    /// Puts `number` requests to one instance, unless the user wants it otherwise.
    pub(super) fn prefer(&mut self, number: u32) {
        let number = *self.number.get_or_insert(number);
        self.reuse.get_or_insert(number);
    }

    /// Reads the capture `file`, or runs the component in it.
    pub(super) async fn heap_of(&self, file: &Path) -> Result<Heap> {
        let bytes = std::fs::read(file).with_context(|| {
            let file = file.display();
            format!("cannot read {file}: build the component or record the capture first, or correct its path")
        })?;
        match bytes.as_slice() {
            [0x1f, 0x8b, ..] => decode::decode(&bytes).with_context(|| file.display().to_string()),
            [0, b'a', b's', b'm', ..] => self.run_component(file).await,
            _ => bail!(
                "{}: neither a capture (.pb.gz) nor a component (.wasm)",
                file.display()
            ),
        }
    }

    async fn run_component(&self, component: &Path) -> Result<Heap> {
        let location = self.store.clone().unwrap_or(Location::Memory);
        let grants = Grants::bare(Backend::find(&location)?);
        self.run(component, grants).await
    }

    async fn run_manifest(&self) -> Result<Heap> {
        let manifest = Manifest::read(&self.manifest)?;
        let values = variables::values(&manifest, |name| std::env::var(name).ok())?;
        let store = self.store.as_ref();
        let grants = application::grants(&manifest, &values, store, Backend::find)?;
        self.run(&manifest.component.source, grants).await
    }

    async fn run(&self, component: &Path, grants: Grants) -> Result<Heap> {
        let progress = Progress::begin("compiling the component");
        let count = self.number.unwrap_or(self.requests.len() as u32);
        let plan = Plan {
            component,
            requests: &self.requests,
            count,
            progress: &|done| progress.set("requests", done.into(), count.into()),
            reuse: self.reuse.unwrap_or(1),
            allocators: &self.allocators,
            missing: missing(self.trap_missing),
            setting: Setting::Alone,
        };
        let heap = record(&plan, Arc::new(grants), self.limits.limits()).await?;
        if let Some(output) = &self.output {
            let written = std::fs::write(output, encode::encode(&heap)?);
            written.with_context(|| format!("cannot write {}", output.display()))?;
        }
        Ok(heap)
    }
}
