//! The drive: sends the plan's requests, and more of them while the verdict is open.

use std::sync::Arc;
use std::time::{Duration, Instant};

use instance::Runtime;
use tokio::task::JoinSet;

use super::lane::Lane;
use super::plan::{DOUBLINGS, Plan, Scope};
use super::process::Process;
use super::record::Record;
use super::run::{Pool, Run};
use super::verdict::{Finding, find};

/// What a drive leaves behind.
pub struct Driven {
    pub record: Record,
    pub finding: Finding,
    pub scope: Scope,
    pub elapsed: Duration,
    pub before: Process,
    pub after: Process,
    /// What the pool still holds when all instances are gone.
    pub pool: Option<Pool>,
}

/// Drives `runtime` as `plan` says; `progress` is told now and then how many requests were answered,
/// and how many are planned.
pub async fn drive(
    runtime: &Runtime,
    plan: &Plan,
    progress: impl Fn(u64, u64) + Send + Sync + 'static,
) -> Driven {
    let start = Instant::now();
    let before = Process::now();
    let run = Arc::new(Run::new(runtime, plan, Box::new(progress)));
    let mut lanes = lanes(plan);
    let mut finding = Finding::default();
    let mut scope = plan.scope(0);
    for round in 0..=DOUBLINGS {
        scope = plan.scope(round);
        run.plan(scope.requests);
        run.renew_after(scope.requests_per_instance);
        lanes = send(&run, lanes).await;
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

/// As many lanes as the plan has requests at once.
pub(crate) fn lanes(plan: &Plan) -> Vec<Lane> {
    let numbers = 0..plan.concurrency as usize;
    numbers
        .map(|number| Lane::new(number, plan.reuse.is_some()))
        .collect()
}

/// Sends requests until there are as many as planned.
pub(crate) async fn send(run: &Arc<Run>, lanes: Vec<Lane>) -> Vec<Lane> {
    let mut tasks = JoinSet::new();
    for lane in lanes {
        let run = Arc::clone(run);
        tasks.spawn(async move { lane.drive(&run).await });
    }
    tasks.join_all().await
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
