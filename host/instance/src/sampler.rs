//! The sampler: where running instances are, a thousand times a second while somebody asks.
//!
//! A tick of the epoch stops an instance at the next function or turn of a loop; there its
//! stack is taken. What the host does for an instance in the meantime would count as that
//! function's, so instances that are made while somebody asks also stop where they call the
//! host and where it returns. While nobody asks, all of this is one test of a number at the
//! ticks that limit processor time.

use std::collections::HashMap;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use wasmtime::{CallHook, Engine, FrameInfo, StoreContextMut, WasmBacktrace};

use super::Instance;
use super::clock::Activity;

/// Shared by all instances of a runtime.
pub(super) struct Sampler {
    asked: AtomicBool,
    /// Number of the last tick of this sampler; 0 while nobody asks.
    tick: AtomicU64,
    /// When it was, in nanoseconds since `base`.
    tick_at: AtomicU64,
    base: Instant,
    samples: Mutex<CpuSamples>,
}

/// Where instances were.
#[derive(Debug, Default)]
pub struct CpuSamples {
    /// How often each stack was seen.
    pub stacks: HashMap<Stack, u64>,
    /// What the functions are called, and their modules.
    pub names: HashMap<(u64, u32), Names>,
    /// Samples whose stacks were one variety too many.
    pub dropped: u64,
    /// How often was looked, and for how long.
    pub ticks: u64,
    /// From the first look to the last.
    pub elapsed: Duration,
    /// When the first was, in nanoseconds since 1970.
    pub started_ns: i64,
}

/// Where an instance was.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Stack {
    /// Who worked.
    pub worker: Worker,
    /// The guest's frames, innermost first.
    pub frames: Vec<Spot>,
}

/// Who works for an instance.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Worker {
    /// Its own code.
    Guest,
    /// The host, in a call from the guest.
    Host,
    /// The host, in a call that it made to the store.
    Store,
}

/// When an instance was looked at last.
#[derive(Debug, Default)]
pub(super) struct Looked {
    tick: u64,
    /// Calls into the guest that have not returned.
    depth: u32,
    /// Who worked at a tick that came while the host was about to call the guest, and at which
    /// depth: the stack of that work is there to be taken when the host returns.
    owed: Option<(Worker, u32)>,
}

/// A place in the guest's code.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Spot {
    /// Number of the core module in the engine.
    pub module: u64,
    /// Number of the function in its module.
    pub function: u32,
    /// Offset in the module's bytes.
    pub offset: u32,
}

/// Names of a function and its module, as the component has them.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Of the function.
    pub function: Option<String>,
    /// Of the module.
    pub module: Option<String>,
}

/// How the names begin that `wit-component` gives to modules of its own.
const GLUE: &str = "wit-component:";
const INTERVAL: Duration = Duration::from_millis(1);
/// Stacks that are kept apart, so that a long look needs no more than some megabytes.
const STACKS: usize = 20_000;

/// A look that goes on until it is dropped.
pub(super) struct Look {
    sampler: Arc<Sampler>,
    stop: Arc<AtomicBool>,
    ticker: Option<JoinHandle<()>>,
    start: Instant,
}

impl Sampler {
    pub(super) fn new() -> Self {
        Self {
            asked: AtomicBool::new(false),
            tick: AtomicU64::new(0),
            tick_at: AtomicU64::new(0),
            base: Instant::now(),
            samples: Mutex::default(),
        }
    }

    /// Whether instances shall also be looked at when they call the host.
    pub(super) fn is_asked(&self) -> bool {
        self.asked.load(Relaxed)
    }

    /// Looks at an instance at a tick, or where it crosses between guest and host.
    pub(super) fn look(&self, store: &mut StoreContextMut<Instance>, border: Option<CallHook>) {
        let tick = self.tick.load(Acquire);
        if tick == 0 && border.is_none() {
            return;
        }
        let instance = store.data_mut();
        let worker = self.worker(tick, instance, border);
        let looked = &mut instance.looked;
        let worker = match border {
            Some(CallHook::CallingWasm) => {
                if let Some(worker) = worker.filter(|_| looked.depth > 0) {
                    looked.owed = Some((worker, looked.depth));
                }
                looked.depth += 1;
                None
            }
            Some(CallHook::ReturningFromWasm) => {
                looked.depth = looked.depth.saturating_sub(1);
                None
            }
            Some(CallHook::ReturningFromHost) => {
                let depth = looked.depth;
                let owed = looked.owed.take_if(|(_, at)| *at == depth);
                worker.or(owed.map(|(worker, _)| worker))
            }
            Some(CallHook::CallingHost) | None => worker,
        };
        if let Some(worker) = worker {
            let stack = WasmBacktrace::force_capture(store);
            self.lock().add(worker, stack.frames());
        }
    }

    /// Who worked at the tick; nobody if nothing went on, or if it was dealt with before.
    fn worker(
        &self,
        tick: u64,
        instance: &mut Instance,
        border: Option<CallHook>,
    ) -> Option<Worker> {
        // The ticks that limit processor time come here too.
        if std::mem::replace(&mut instance.looked.tick, tick) == tick {
            return None;
        }
        let at = self.base + Duration::from_nanos(self.tick_at.load(Relaxed));
        let host = border.is_some_and(|border| border.exiting_host());
        match instance.progress.clock.activity_at(at) {
            Activity::Waiting => None,
            Activity::Store => Some(Worker::Store),
            Activity::Running if host => Some(Worker::Host),
            Activity::Running => Some(Worker::Guest),
        }
    }

    /// Starts to look; none if somebody else does already.
    pub(super) fn start(self: &Arc<Self>, engine: &Engine) -> std::io::Result<Option<Look>> {
        if self.asked.swap(true, Relaxed) {
            return Ok(None);
        }
        let started = SystemTime::now().duration_since(UNIX_EPOCH);
        *self.lock() = CpuSamples {
            started_ns: started.map_or(0, |time| time.as_nanos() as i64),
            ..CpuSamples::default()
        };
        let mut look = Look {
            sampler: Arc::clone(self),
            stop: Arc::new(AtomicBool::new(false)),
            ticker: None,
            start: Instant::now(),
        };
        let (sampler, engine, stop) = (Arc::clone(self), engine.clone(), Arc::clone(&look.stop));
        let thread = std::thread::Builder::new().name("samples".to_owned());
        look.ticker = Some(thread.spawn(move || sampler.tick(&engine, &stop))?);
        Ok(Some(look))
    }

    fn tick(&self, engine: &Engine, stop: &AtomicBool) {
        for tick in 1.. {
            let at = self.base.elapsed().as_nanos() as u64;
            self.tick_at.store(at, Relaxed);
            self.tick.store(tick, Release);
            engine.increment_epoch();
            std::thread::sleep(INTERVAL);
            if stop.load(Relaxed) {
                self.lock().ticks = tick;
                break;
            }
        }
        self.tick.store(0, Relaxed);
    }

    fn lock(&self) -> MutexGuard<'_, CpuSamples> {
        self.samples.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl CpuSamples {
    fn add(&mut self, worker: Worker, frames: &[FrameInfo]) {
        let stack = Stack {
            worker,
            frames: own(frames).map(|frame| self.place(frame)).collect(),
        };
        if self.stacks.len() == STACKS && !self.stacks.contains_key(&stack) {
            self.dropped += 1;
        } else if !stack.frames.is_empty() {
            *self.stacks.entry(stack).or_default() += 1;
        }
    }

    fn place(&mut self, frame: &FrameInfo) -> Spot {
        let place = Spot {
            module: frame.module().debug_index_in_engine(),
            function: frame.func_index(),
            offset: frame.module_offset().unwrap_or_default() as u32,
        };
        let known = self.names.entry((place.module, place.function));
        known.or_insert_with(|| Names {
            function: frame.func_name().map(str::to_owned),
            module: frame.module().name().map(str::to_owned),
        });
        place
    }
}

/// Frames that somebody wrote: not those of the linker's glue between modules.
fn own(frames: &[FrameInfo]) -> impl Iterator<Item = &FrameInfo> {
    let is_glue = |name: &str| name.starts_with(GLUE);
    let own = move |frame: &&FrameInfo| !frame.module().name().is_some_and(is_glue);
    frames.iter().filter(own)
}

impl Look {
    /// Ends the look and tells what was seen.
    pub(super) fn finish(mut self) -> CpuSamples {
        self.stop();
        let mut samples = std::mem::take(&mut *self.sampler.lock());
        samples.elapsed = self.start.elapsed();
        samples
    }

    /// Takes a millisecond: the thread must be gone before another look may begin.
    fn stop(&mut self) {
        self.stop.store(true, Relaxed);
        if let Some(ticker) = self.ticker.take() {
            // It does not panic, and if it did, there would be no ticks any more either.
            let _ = ticker.join();
        }
    }
}

impl Drop for Look {
    fn drop(&mut self) {
        self.stop();
        self.sampler.asked.store(false, Relaxed);
    }
}
