//! The drive: sends the plan's requests, and more of them while the verdict is open.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use super::lane::Lane;
use super::plan::{DOUBLINGS, Plan, Scope};
use super::record::{Entry, Record};
use super::verdict::{Finding, find};
use crate::process::{Process, resident_bytes};
use instance::RequestTemplate;
use instance::Runtime;

/// What a drive leaves behind.
pub(super) struct Driven {
    pub(super) record: Record,
    pub(super) finding: Finding,
    pub(super) scope: Scope,
    pub(super) elapsed: Duration,
    pub(super) before: Process,
    pub(super) after: Process,
    /// What the pool still holds when all instances are gone.
    pub(super) pool: Option<Pool>,
}

/// What is taken from the pool of memories.
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Serialize)]
pub(super) struct Pool {
    pub(super) instances: u64,
    pub(super) memories: u64,
    pub(super) tables: u64,
    pub(super) stacks: u64,
}

/// A drive that goes on.
pub(super) struct Run {
    runtime: Runtime,
    kinds: Vec<RequestTemplate>,
    /// Kinds that never worked.
    hopeless: Vec<AtomicBool>,
    deadline: Option<Instant>,
    /// Requests begun, and how many there shall be.
    begun: AtomicU64,
    planned: AtomicU64,
    /// Requests that one instance gets.
    life: AtomicU64,
    reuses: bool,
    warmup: u64,
    look_every: u64,
    record: Mutex<Record>,
}

/// A kind that fails this often before it works once is not asked for any more.
const HOPELESS: u64 = 5;
/// How often the resident set is read in one run.
const LOOKS: u64 = 2000;

/// Drives `runtime` as `plan` says.
pub(super) async fn drive(runtime: &Runtime, plan: &Plan) -> Driven {
    let start = Instant::now();
    let before = Process::now();
    let (run, mut lanes) = Run::new(runtime, plan);
    let mut finding = Finding::default();
    let mut scope = plan.scope(0);
    for round in 0..=DOUBLINGS {
        scope = plan.scope(round);
        run.plan(scope.requests);
        run.life.store(scope.life, Relaxed);
        lanes = run.drive(lanes).await;
        finding = find(&run.lock(), plan, &scope, &finding);
        if !finding.is_open() || run.is_over() || !plan.can_grow() {
            break;
        }
    }
    lanes.iter_mut().for_each(Lane::renew);
    let pool = drained(runtime).await;
    let record = std::mem::take(&mut *run.lock());
    Driven {
        record,
        finding,
        scope,
        elapsed: start.elapsed(),
        before,
        after: Process::now(),
        pool,
    }
}

impl Run {
    /// A run that begins now, and its lanes.
    pub(super) fn new(runtime: &Runtime, plan: &Plan) -> (Arc<Self>, Vec<Lane>) {
        let scope = plan.scope(0);
        let mut record = Record::new(plan.kinds.len());
        record.resident.push(0, resident_bytes() as f64);
        let start = Instant::now();
        let run = Self {
            runtime: runtime.clone(),
            kinds: plan.kinds.clone(),
            hopeless: plan.kinds.iter().map(|_| AtomicBool::new(false)).collect(),
            deadline: plan.duration.map(|duration| start + duration),
            begun: AtomicU64::new(0),
            planned: AtomicU64::new(scope.requests),
            life: AtomicU64::new(scope.life),
            reuses: plan.reuse.is_some(),
            warmup: scope.life_warmup,
            look_every: (scope.requests / LOOKS).max(1),
            record: Mutex::new(record),
        };
        let lanes = 0..plan.concurrency as usize;
        let lanes = lanes.map(|number| Lane::new(number, run.reuses)).collect();
        (Arc::new(run), lanes)
    }

    /// Says how many requests there shall be.
    pub(super) fn plan(&self, requests: u64) {
        self.planned.store(requests, Relaxed);
    }

    /// How many requests were begun.
    pub(super) fn begun(&self) -> u64 {
        self.begun.load(Relaxed)
    }

    /// Sends requests until there are as many as planned.
    pub(super) async fn drive(self: &Arc<Self>, lanes: Vec<Lane>) -> Vec<Lane> {
        let mut tasks = JoinSet::new();
        for lane in lanes {
            let run = Arc::clone(self);
            tasks.spawn(async move { lane.drive(&run).await });
        }
        tasks.join_all().await
    }

    /// The number of the next request, if there shall be one.
    pub(super) fn take(&self) -> Option<u64> {
        let number = self.begun.fetch_add(1, Relaxed) + 1;
        if number <= self.planned.load(Relaxed) && !self.is_over() {
            return Some(number);
        }
        self.begun.fetch_sub(1, Relaxed);
        None
    }

    /// The kind whose turn it is, of those that are not hopeless.
    pub(super) fn choose(&self, turn: &mut usize) -> Option<usize> {
        for _ in 0..self.kinds.len() {
            let kind = *turn % self.kinds.len();
            *turn += 1;
            if !self.hopeless[kind].load(Relaxed) {
                return Some(kind);
            }
        }
        None
    }

    pub(super) fn kind(&self, index: usize) -> &RequestTemplate {
        &self.kinds[index]
    }

    pub(super) fn runtime(&self) -> &Runtime {
        &self.runtime
    }

    /// How many requests an instance gets.
    pub(super) fn life(&self) -> u64 {
        self.life.load(Relaxed)
    }

    pub(super) fn add(&self, number: u64, entry: &Entry) {
        let look = number.is_multiple_of(self.look_every);
        let resident = look.then(resident_bytes);
        let mut record = self.lock();
        record.add(entry, self.warmup);
        if let Some(bytes) = resident {
            record.resident.push(number, bytes as f64);
        }
        let kind = &record.kinds[entry.kind];
        if kind.answered == 0 && kind.requests >= HOPELESS {
            self.hopeless[entry.kind].store(true, Relaxed);
        }
    }

    fn is_over(&self) -> bool {
        self.deadline
            .is_some_and(|deadline| Instant::now() >= deadline)
            || self.hopeless.iter().all(|kind| kind.load(Relaxed))
    }

    fn lock(&self) -> MutexGuard<'_, Record> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the pool holds once all instances are gone. The last one may be going just now, on
/// another thread.
async fn drained(runtime: &Runtime) -> Option<Pool> {
    let metrics = runtime.pool()?;
    let mut pool = Pool::default();
    for _ in 0..100 {
        pool = Pool {
            instances: metrics.core_instances() + metrics.component_instances(),
            memories: metrics.memories() as u64,
            tables: metrics.tables() as u64,
            stacks: metrics.stacks() as u64,
        };
        if pool == Pool::default() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    Some(pool)
}
