//! Runs components of `wasi:http`: every request gets an instance of its own, which is dropped
//! afterwards.
//!
//! `Runtime::handle` is all that its users see: a request goes in, a response comes out, and
//! when the instance is gone a `Sample` says what it used. It knows nothing of sockets.

mod cache;
mod call;
mod clock;
mod component;
mod counter;
mod engine;
mod exchange;
mod handler;
mod imports;
mod instance;
mod instrumentation;
mod limits;
mod meter;
mod output;
mod processor;
mod progress;
mod request_template;
mod response_body;
mod reused;
mod sample;
mod snapshot;
mod start_error;
pub mod units;
mod world;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use bytes::Bytes;
use hyper::body::Body;
use hyper::{Request, Response};
use wasmtime::PoolingAllocatorMetrics;
use wasmtime::component::{Component, InstancePre};

pub use clock::Clock;
use component::File;
use engine::CodegenMode;
pub use engine::Setting;
use handler::Place;
pub use imports::{Imports, Missing};
pub use instance::{Extension, Instance};
use instrumentation::Instrumentation;
pub use instrumentation::Observer;
use limits::Admission;
pub use limits::{Access, Limits};
pub use progress::{Live, Reading};
pub use request_template::RequestTemplate;
pub use response_body::ResponseBody;
pub use reused::ReusedInstance;
pub use sample::{End, Sample, StoreUse};
pub use start_error::StartError;

/// A component, ready to answer requests.
#[derive(Clone)]
pub struct Runtime(Arc<Shared>);

struct Shared {
    path: PathBuf,
    pre: InstancePre<Instance>,
    place: Place,
    instrumentation: Instrumentation,
    admission: Admission,
    limits: Limits,
    imports: Arc<dyn Imports>,
}

impl Runtime {
    /// Prepares the component in the file `path`: all that can fail without a request fails here.
    pub fn new(path: &Path, imports: Arc<dyn Imports>, limits: Limits) -> Result<Self> {
        let file = File::read(path)?;
        let component = file.load(&limits, CodegenMode::Fast)?;
        let pre = prepare(&file, &component, &limits, &*imports, Missing::Refuse)?;
        Self::build(&file, pre, Instrumentation::None, imports, limits)
    }

    /// Like `new`, but counts what the component's allocator hands out and gets back, if the
    /// allocator is known; for that the component is changed and compiled again.
    pub fn counting(
        path: &Path,
        imports: Arc<dyn Imports>,
        limits: Limits,
        missing: Missing,
    ) -> Result<Self> {
        let file = File::read(path)?;
        let (component, counter) = file.load_counting(&limits)?;
        let pre = prepare(&file, &component, &limits, &*imports, missing)?;
        let instrumentation = counter.map_or(Instrumentation::None, Instrumentation::Counter);
        Self::build(&file, pre, instrumentation, imports, limits)
    }

    /// Like `new`, but the guest can be looked into while it runs, and runs slower for it;
    /// `observe` makes the observer of its component.
    pub fn observed(
        path: &Path,
        imports: Arc<dyn Imports>,
        limits: Limits,
        missing: Missing,
        setting: Setting,
        observe: impl FnOnce(&Component) -> Result<Observer>,
    ) -> Result<Self> {
        let file = File::read(path)?;
        let component = file.load(&limits, CodegenMode::Observable(setting))?;
        let observer = observe(&component).with_context(|| path.display().to_string())?;
        let pre = prepare(&file, &component, &limits, &*imports, missing)?;
        let instrumentation = Instrumentation::Observer(observer, setting);
        Self::build(&file, pre, instrumentation, imports, limits)
    }

    fn build(
        file: &File,
        pre: InstancePre<Instance>,
        instrumentation: Instrumentation,
        imports: Arc<dyn Imports>,
        limits: Limits,
    ) -> Result<Self> {
        Ok(Self(Arc::new(Shared {
            path: file.path.to_owned(),
            place: Place::find(file.world, &pre)?,
            pre,
            instrumentation,
            admission: Admission::new(&limits),
            limits,
            imports,
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
        self.handle_seen(request, |_| {}, done).await
    }

    /// Like `handle`, and `begun` gets a view of the request before its instance is made, unless
    /// there is none for it; `done` is sure to follow.
    pub async fn handle_seen<B>(
        &self,
        request: Request<B>,
        begun: impl FnOnce(Live) + Send + 'static,
        done: impl FnOnce(&Sample) + Send + 'static,
    ) -> Result<Response<ResponseBody>, End>
    where
        B: Body<Data = Bytes> + Send + 'static,
        B::Error: Into<wasmtime_wasi_http::Error>,
    {
        let processor = self.0.limits.cpu;
        self.exchange(request, processor, begun, done).await
    }

    /// Like `handle`, for the owner's own work: the processor time has no limit.
    pub async fn handle_unhurried<B>(
        &self,
        request: Request<B>,
    ) -> Result<Response<ResponseBody>, End>
    where
        B: Body<Data = Bytes> + Send + 'static,
        B::Error: Into<wasmtime_wasi_http::Error>,
    {
        self.exchange(request, Duration::MAX, |_| {}, |_| {}).await
    }

    async fn exchange<B>(
        &self,
        request: Request<B>,
        processor: Duration,
        begun: impl FnOnce(Live) + Send + 'static,
        done: impl FnOnce(&Sample) + Send + 'static,
    ) -> Result<Response<ResponseBody>, End>
    where
        B: Body<Data = Bytes> + Send + 'static,
        B::Error: Into<wasmtime_wasi_http::Error>,
    {
        let arrival = Instant::now();
        if let Some(end) = self.0.place.objection(&request) {
            return Err(without_instance(end, arrival, done));
        }
        let Some(permit) = self.0.admission.take().await else {
            return Err(without_instance(End::Refused, arrival, done));
        };
        let (shared, begun) = (Arc::clone(&self.0), Box::new(begun));
        let permit = (permit, Clock::start(arrival));
        exchange::start(shared, request, permit, processor, begun, Box::new(done)).await
    }

    /// Whether samples tell what the component's allocator holds.
    pub fn counts(&self) -> bool {
        matches!(self.0.instrumentation, Instrumentation::Counter(_))
    }

    /// How many instances there are now.
    pub fn alive(&self) -> usize {
        self.0.admission.taken()
    }

    /// The file of the component.
    pub fn path(&self) -> &Path {
        &self.0.path
    }

    /// What each instance may use, and how many there may be.
    pub fn limits(&self) -> &Limits {
        &self.0.limits
    }

    /// What the component may reach beside WASI.
    pub fn imports(&self) -> &Arc<dyn Imports> {
        &self.0.imports
    }

    /// What the pool of memories holds now; none if there is no pool.
    pub fn pool(&self) -> Option<PoolingAllocatorMetrics> {
        self.0.pre.engine().pooling_allocator_metrics()
    }
}

/// Ends a request that arrived at `arrival` and gets no instance, because of `end`.
fn without_instance(end: End, arrival: Instant, done: impl FnOnce(&Sample)) -> End {
    let sample = Sample::without_instance(end, arrival.elapsed());
    done(&sample);
    sample.end
}

/// The unit of linear memories.
const PAGE_BYTES: usize = 64 * 1024;

fn prepare(
    file: &File,
    component: &Component,
    limits: &Limits,
    imports: &dyn Imports,
    missing: Missing,
) -> Result<InstancePre<Instance>> {
    let mut linker = imports::linker(component.engine(), file.world)?;
    imports.link(&mut linker)?;
    let pre = imports::link(linker, component, missing);
    let pre = pre.with_context(|| file.path.display().to_string())?;
    let pages = component
        .resources_required()
        .and_then(|needed| needed.max_initial_memory_size);
    let (needed_bytes, limit_bytes) = (
        pages.unwrap_or(0) as usize * PAGE_BYTES,
        limits.memory_bytes,
    );
    if needed_bytes > limit_bytes {
        let error = StartError::InitialMemory {
            needed_bytes,
            limit_bytes,
        };
        return Err(error).with_context(|| file.path.display().to_string());
    }
    Ok(pre)
}
