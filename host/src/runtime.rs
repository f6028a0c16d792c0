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
mod handler;
mod imports;
mod instance;
mod kept;
mod limits;
mod meter;
mod observer;
mod output;
mod response_body;
mod run;
mod sample;
mod slots;
mod snapshot;
mod world;

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use bytes::Bytes;
use hyper::body::Body;
use hyper::{Request, Response};
use wasmtime::PoolingAllocatorMetrics;
use wasmtime::component::{Component, InstancePre};

use crate::keyvalue::Backend;
use crate::units::show_size;
use crate::variables::Variables;
pub use clock::Clock;
use component::File;
use counter::Counter;
use engine::Code;
use handler::Place;
pub use imports::Missing;
pub use instance::Instance;
pub use kept::Kept;
pub use limits::Limits;
pub use observer::Observer;
pub use response_body::ResponseBody;
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
    pre: InstancePre<Instance>,
    place: Place,
    watch: Watch,
    slots: Slots,
    limits: Limits,
    grants: Grants,
}

/// Who looks at the guest's allocator.
enum Watch {
    Nothing,
    Counter(Counter),
    Observer(Observer),
}

impl Runtime {
    /// Prepares the component in the file `path`: all that can fail without a request fails here.
    pub fn new(path: &Path, grants: Grants, limits: Limits) -> Result<Self> {
        let file = File::read(path)?;
        let engine = engine::start(&limits, Code::Fast, file.world)?;
        let component = file.load(&engine, Code::Fast)?;
        let pre = prepare(&file, &component, &limits, Missing::Refuse)?;
        Self::build(&file, pre, Watch::Nothing, grants, limits)
    }

    /// Like `new`, but counts what the component's allocator hands out and gets back, if the
    /// allocator is known; for that the component is changed and compiled anew.
    pub fn counting(path: &Path, grants: Grants, limits: Limits, missing: Missing) -> Result<Self> {
        let file = File::read(path)?;
        let engine = engine::start(&limits, Code::Fast, file.world)?;
        let (component, counter) = file.load_counting(&engine)?;
        let pre = prepare(&file, &component, &limits, missing)?;
        let watch = counter.map_or(Watch::Nothing, Watch::Counter);
        Self::build(&file, pre, watch, grants, limits)
    }

    /// Like `new`, but the guest can be looked into while it runs, and runs slower for it;
    /// `observe` makes the observer of its component.
    pub fn observed(
        path: &Path,
        grants: Grants,
        limits: Limits,
        missing: Missing,
        observe: impl FnOnce(&Component) -> Result<Observer>,
    ) -> Result<Self> {
        let file = File::read(path)?;
        let engine = engine::start(&limits, Code::Observable, file.world)?;
        let component = file.load(&engine, Code::Observable)?;
        let observer = observe(&component).with_context(|| path.display().to_string())?;
        let pre = prepare(&file, &component, &limits, missing)?;
        Self::build(&file, pre, Watch::Observer(observer), grants, limits)
    }

    fn build(
        file: &File,
        pre: InstancePre<Instance>,
        watch: Watch,
        grants: Grants,
        limits: Limits,
    ) -> Result<Self> {
        Ok(Self(Arc::new(Shared {
            place: Place::find(file.world, &pre)?,
            pre,
            watch,
            slots: Slots::new(&limits),
            limits,
            grants,
        })))
    }

    /// Answers `request` with a fresh instance, or says how the instance ended without an answer.
    ///
    /// The instance lives on while the body is read and goes when the body is dropped;
    /// `done` gets its sample exactly once, unless the caller gives up before there is an instance.
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
        matches!(self.0.watch, Watch::Counter(_))
    }

    /// What the pool of memories holds now; none if there is no pool.
    pub fn pool(&self) -> Option<PoolingAllocatorMetrics> {
        self.0.pre.engine().pooling_allocator_metrics()
    }
}

/// The unit of linear memories.
const PAGE_BYTES: usize = 64 * 1024;

fn prepare(
    file: &File,
    component: &Component,
    limits: &Limits,
    missing: Missing,
) -> Result<InstancePre<Instance>> {
    let linker = imports::linker(component.engine(), file.world)?;
    let pre = imports::link(linker, component, missing);
    let pre = pre.with_context(|| file.path.display().to_string())?;
    let pages = component
        .resources_required()
        .and_then(|needed| needed.max_initial_memory_size);
    match pages.map(|pages| pages as usize * PAGE_BYTES) {
        Some(bytes) if bytes > limits.memory_bytes => {
            let (path, needs) = (file.path.display(), show_size(bytes));
            let limit = show_size(limits.memory_bytes);
            bail!(
                "{path}: the component starts with {needs} of memory: raise --memory-limit above {limit}"
            )
        }
        _ => Ok(pre),
    }
}
