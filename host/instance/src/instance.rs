//! The state of one instance, which lives and dies with it.
//!
//! The sample is taken when the state is dropped, which happens on every way an instance can
//! end: it returned, it trapped, it hit a limit, or the client went away.

use std::any::Any;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use hyper::{Request, Response};
use wasmtime::component::ResourceTable;
use wasmtime::{ResourceLimiter, Store};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};
use wasmtime_wasi_http::{
    Error, RequestOptions, WasiBody, WasiHttpCtx, WasiHttpCtxView, WasiHttpHooks, WasiHttpView,
};

use super::counter::Counts;
use super::meter::Meter;
use super::output::Output;
use super::progress::Progress;
use super::{Access, Clock, End, Instrumentation, Sample, Setting, Shared, StoreUse};

/// Everything of one instance but its code and memory.
pub struct Instance {
    table: ResourceTable,
    wasi: WasiCtx,
    http: WasiHttpCtx,
    hooks: NoOutgoing,
    meter: Meter,
    session: Box<dyn Any + Send>,
    store_use: StoreUse,
    pub(super) progress: Arc<Progress>,
    initial: Initial,
    counts: Option<Counts>,
    done: Option<Done>,
}

/// What belongs to an instance and is needed to answer its calls.
#[derive(Debug)]
pub struct Extension<'a, T> {
    /// What [`Imports::session`](super::Imports::session) made.
    pub session: &'a mut T,
    /// The resources that the component holds.
    pub table: &'a mut ResourceTable,
    /// Takes the time of calls to a store.
    pub clock: &'a Clock,
    /// Counts what the request uses of stores.
    pub store_use: &'a mut StoreUse,
}

/// Gets the sample.
pub(super) type Done = Box<dyn FnOnce(&Sample) + Send>;

/// How things stood before the call.
#[derive(Default)]
struct Initial {
    memory_bytes: usize,
    growths: u32,
    counts: Option<Counts>,
    ran: Duration,
}

impl Instance {
    /// A store with a fresh state, within the limits of `shared`.
    pub(super) fn store(shared: &Shared, progress: Arc<Progress>, done: Done) -> Store<Self> {
        let mut wasi = WasiCtx::builder();
        wasi.stdout(Output::new("stdout"))
            .stderr(Output::new("stderr"));
        let access = match shared.instrumentation {
            Instrumentation::Observer(_, Setting::BesideTraffic) => Access::ReadOnly,
            _ => Access::ReadWrite,
        };
        let state = Self {
            table: ResourceTable::new(),
            wasi: wasi.build(),
            http: WasiHttpCtx::new(),
            hooks: NoOutgoing,
            meter: Meter::new(shared.limits.memory_bytes),
            session: shared.imports.session(access, &shared.limits),
            store_use: StoreUse::default(),
            progress,
            initial: Initial::default(),
            counts: None,
            done: Some(done),
        };
        let mut store = Store::new(shared.pre.engine(), state);
        store.limiter(|instance| instance);
        // What one call hands to the host is copied there first, and many of its strings may be
        // the same bytes of the guest.
        store.set_hostcall_fuel(shared.limits.memory_bytes);
        store
    }

    /// Notes that the instance is there and its code has not been called yet.
    pub(super) fn instantiated(&mut self) {
        self.initial = Initial {
            memory_bytes: self.meter.current_bytes,
            growths: self.meter.growths,
            counts: self.counts,
            ran: self.progress.clock.ran(),
        };
        let _ = self.progress.instantiated.set(self.initial.ran);
        self.show_memory();
    }

    /// Lets others see how much memory there is.
    fn show_memory(&self) {
        let (progress, meter) = (&self.progress, &self.meter);
        progress.memory_bytes.store(meter.current_bytes, Relaxed);
        progress.peak_memory_bytes.store(meter.peak_bytes, Relaxed);
    }

    /// Notes what the allocator holds.
    pub(super) fn counted(&mut self, counts: Option<Counts>) {
        self.counts = counts;
    }

    /// Begins another request in the same instance.
    pub(super) fn begin(&mut self, progress: Arc<Progress>, done: Done) {
        self.progress = progress;
        self.done = Some(done);
        self.store_use = StoreUse::default();
        self.meter.begin();
        self.instantiated();
    }

    /// Ends a request whose instance goes on.
    pub(super) fn finish(&mut self) -> Option<(Sample, Done)> {
        let done = self.done.take()?;
        Some((self.sample(), done))
    }

    pub(super) fn was_refused_memory(&self) -> bool {
        self.meter.was_refused()
    }

    /// What the host offers to this instance beside WASI.
    ///
    /// # Panics
    ///
    /// If `T` is not the type that [`Imports::session`](super::Imports::session) makes.
    pub fn extension<T: 'static>(&mut self) -> Extension<'_, T> {
        let session = self.session.downcast_mut();
        Extension {
            session: session.expect("a linker is used with the sessions of its own imports"),
            table: &mut self.table,
            clock: &self.progress.clock,
            store_use: &mut self.store_use,
        }
    }

    fn sample(&mut self) -> Sample {
        let Progress {
            clock,
            status,
            committed,
            end,
            ..
        } = &*self.progress;
        let end = end.get().cloned().unwrap_or(End::Disconnected);
        let answered = end == End::Done || committed.load(Relaxed);
        let micros = |time: Duration| time.as_micros() as u64;
        Sample {
            initial_memory_bytes: self.initial.memory_bytes,
            final_memory_bytes: self.meter.current_bytes,
            peak_memory_bytes: self.meter.peak_bytes,
            memory_growths: self.meter.growths - self.initial.growths,
            table_elements: self.meter.table_elements,
            live_bytes: self.counts.map(|counts| counts.live_bytes),
            allocated_bytes: self.counts.map(|counts| {
                let before = self.initial.counts.unwrap_or_default();
                counts.allocated_bytes - before.allocated_bytes
            }),
            host_resources: self.table.iter_mut().count(),
            store: self.store_use,
            queue_us: micros(clock.queued()),
            instantiate_us: micros(self.initial.ran),
            execute_us: micros(clock.ran().saturating_sub(self.initial.ran)),
            store_us: micros(clock.store()),
            total_us: micros(clock.total()),
            status: status.get().copied().filter(|_| answered),
            end,
        }
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        if let Some((sample, done)) = self.finish() {
            done(&sample);
        }
    }
}

impl ResourceLimiter for Instance {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let granted = self.meter.memory_growing(current, desired, maximum);
        self.show_memory();
        granted
    }

    fn memory_grow_failed(&mut self, error: wasmtime::Error) -> wasmtime::Result<()> {
        let failed = self.meter.memory_grow_failed(error);
        self.show_memory();
        failed
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        self.meter.table_growing(current, desired, maximum)
    }

    fn table_grow_failed(&mut self, error: wasmtime::Error) -> wasmtime::Result<()> {
        self.meter.table_grow_failed(error)
    }
}

impl WasiView for Instance {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.wasi,
            table: &mut self.table,
        }
    }
}

impl WasiHttpView for Instance {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        WasiHttpCtxView {
            ctx: &mut self.http,
            table: &mut self.table,
            hooks: &mut self.hooks,
        }
    }
}

/// Refuses outgoing requests. No import leads here; the trait wants an answer all the same.
pub(super) struct NoOutgoing;

impl WasiHttpHooks for NoOutgoing {
    fn send_request(
        &mut self,
        _: Request<WasiBody>,
        _: Option<RequestOptions>,
        _: Box<dyn Future<Output = Result<(), Error>> + Send>,
    ) -> Box<dyn Future<Output = Result<Outgoing, Error>> + Send> {
        Box::new(std::future::ready(Err(Error::HttpRequestDenied)))
    }
}

type Outgoing = (
    Response<WasiBody>,
    Box<dyn Future<Output = Result<(), Error>> + Send>,
);
