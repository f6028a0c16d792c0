//! The runtime: gives every request an instance of its own and drops it afterwards.
//!
//! `Runtime::handle` is all that its users see: a request goes in, a response comes out, and
//! when the instance is gone a `Sample` says what it used. It knows nothing of sockets.

mod call;
mod clock;
mod component;
mod counter;
mod engine;
mod exchange;
mod imports;
mod instance;
mod kept;
mod limits;
mod meter;
mod output;
mod sample;
mod slots;
mod snapshot;

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use bytes::Bytes;
use hyper::body::Body;
use hyper::{Request, Response};
use wasmtime::PoolingAllocatorMetrics;
use wasmtime::component::Component;
use wasmtime_wasi_http::p2::bindings::{ProxyIndices, ProxyPre};

use crate::keyvalue::Backend;
use crate::units::show_size;
use crate::variables::Variables;
pub use clock::Clock;
use counter::Counter;
pub use exchange::ResponseBody;
use instance::Instance;
pub use kept::Kept;
pub use limits::Limits;
pub use sample::{End, Sample};
use slots::Slots;

/// A component, ready to answer requests.
#[derive(Clone)]
pub struct Runtime(Arc<Shared>);

/// What a component may reach.
#[derive(Debug)]
pub struct Grants {
    /// Where the stores are.
    pub backend: Arc<Backend>,
    /// Names of the stores that it may open.
    pub stores: Arc<[Arc<str>]>,
    /// Its variables.
    pub variables: Arc<Variables>,
}

struct Shared {
    pre: ProxyPre<Instance>,
    indices: ProxyIndices,
    counter: Option<Counter>,
    slots: Slots,
    limits: Limits,
    grants: Grants,
}

impl Runtime {
    /// Prepares the component in the file `path`: all that can fail without a request fails here.
    pub fn new(path: &Path, grants: Grants, limits: Limits) -> Result<Self> {
        let engine = engine::start(&limits)?;
        let component = component::load(&engine, path)?;
        Self::build(path, &component, None, grants, limits)
    }

    /// Like `new`, but counts what the component's allocator hands out and gets back, if the
    /// allocator is known; for that the component is changed and compiled anew.
    pub fn counting(path: &Path, grants: Grants, limits: Limits) -> Result<Self> {
        let engine = engine::start(&limits)?;
        let (component, counter) = component::load_counting(&engine, path)?;
        Self::build(path, &component, counter, grants, limits)
    }

    fn build(
        path: &Path,
        component: &Component,
        counter: Option<Counter>,
        grants: Grants,
        limits: Limits,
    ) -> Result<Self> {
        let pre = prepare(component, &limits).with_context(|| path.display().to_string())?;
        let indices = ProxyIndices::new(pre.instance_pre())?;
        let slots = Slots::new(&limits);
        Ok(Self(Arc::new(Shared {
            pre,
            indices,
            counter,
            slots,
            limits,
            grants,
        })))
    }

    /// Answers `request` with a fresh instance, or says how the instance ended without an answer.
    ///
    /// The instance lives on while the body is read and goes when the body is dropped;
    /// `done` gets its sample exactly once.
    pub async fn handle<B>(
        &self,
        request: Request<B>,
        done: impl FnOnce(&Sample) + Send + 'static,
    ) -> Result<Response<ResponseBody>, End>
    where
        B: Body<Data = Bytes> + Send + 'static,
        B::Error: Into<wasmtime_wasi_http::Error>,
    {
        let Some(slot) = self.0.slots.take().await else {
            let sample = Sample::refused();
            done(&sample);
            return Err(sample.end);
        };
        exchange::start(Arc::clone(&self.0), request, slot, Box::new(done)).await
    }

    /// Whether samples tell what the component's allocator holds.
    pub fn counts(&self) -> bool {
        self.0.counter.is_some()
    }

    /// What the pool of memories holds now; none if there is no pool.
    pub fn pool(&self) -> Option<PoolingAllocatorMetrics> {
        self.0.pre.engine().pooling_allocator_metrics()
    }
}

/// The unit of linear memories.
const PAGE_BYTES: usize = 64 * 1024;

fn prepare(component: &Component, limits: &Limits) -> Result<ProxyPre<Instance>> {
    let linker = imports::linker(component.engine())?;
    let pre = linker
        .instantiate_pre(component)
        .map_err(anyhow::Error::from)
        .context("the component wants an import that this host does not offer: build it without")?;
    let pre = ProxyPre::new(pre).map_err(anyhow::Error::from).context(
        "the component exports no wasi:http/incoming-handler@0.2: build it as an HTTP component",
    )?;
    let pages = component
        .resources_required()
        .and_then(|needed| needed.max_initial_memory_size);
    match pages.map(|pages| pages as usize * PAGE_BYTES) {
        Some(bytes) if bytes > limits.memory_bytes => {
            let (needs, limit) = (show_size(bytes), show_size(limits.memory_bytes));
            bail!("the component starts with {needs} of memory: raise --memory-limit above {limit}")
        }
        _ => Ok(pre),
    }
}
