//! Recording: requests are put to a watched component one after the other, and what the
//! probe saw becomes a heap profile.

mod plan;
mod snapshot;

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};

pub use plan::Plan;

use super::heap::{Heap, Run};
use super::ledger::{Ledger, Schedule};
use super::probe::{Probe, Watched};
use super::symbols::plain;
use instance::{End, Imports, Limits, Observer, ReusedInstance, Runtime};

/// A watched guest runs slower; its limits of time are stretched by as much.
const SLOWDOWN: u32 = 100;

/// Runs the plan and tells what it allocated; stops early when an instance fails, which is no
/// error. A component without a known allocator is one.
pub async fn record(
    plan: &Plan<'_>,
    imports: Arc<dyn Imports>,
    mut limits: Limits,
) -> Result<Heap> {
    limits.cpu *= SLOWDOWN;
    limits.wall *= SLOWDOWN;
    let kinds = plan.requests.len() as u32;
    let schedule = Schedule::new(plan.count, kinds);
    let mut probe = None;
    let runtime = Runtime::observed(
        plan.component,
        imports,
        limits,
        plan.missing,
        plan.setting,
        |component| {
            let watched = Watched::new(component, plan.allocators)?;
            let made = Arc::new(Probe::new(watched, Ledger::new(schedule)));
            probe = Some(Arc::clone(&made));
            Ok(Observer::new(move |store| made.attach(store)))
        },
    )?;
    let probe = probe.context("the component was not watched")?;
    let mut run = Run {
        reuse: plan.reuse,
        allocators: names(probe.watched()),
        measured: schedule.measured(),
        time_ns: nanoseconds(SystemTime::now().duration_since(UNIX_EPOCH)?),
        ..Run::default()
    };
    let start = Instant::now();
    let kept = ReusedInstance::default();
    for number in 0..plan.count {
        let kind = number % kinds;
        let line = &plan.requests[kind as usize];
        probe.state().ledger.begin_request(kind);
        if number % plan.reuse == 0 {
            kept.clear();
        }
        let request = line.request(u64::from(number) + 1)?;
        let sample = runtime.sample(Some(&kept), request).await;
        let mut state = probe.state();
        state.ledger.end_request();
        (plan.progress)(number + 1);
        run.memory_before = sample.initial_memory_bytes as i64;
        run.memory_after = sample.final_memory_bytes as i64;
        if sample.end != End::Done {
            run.remarks
                .push(format!("request {} ({line}): {}", number + 1, sample.end));
            break;
        }
    }
    run.requests = probe.state().ledger.requests();
    run.duration_ns = nanoseconds(start.elapsed());
    Ok(snapshot::take(&probe, plan, run))
}

fn names(watched: &Watched) -> Vec<String> {
    let found = watched.allocators().iter();
    found
        .map(|found| {
            let module = &watched.modules()[found.module as usize];
            let called = module.name.iter().map(|name| format!(" ({name})"));
            let called: String = called.collect();
            format!("{} in module {}{called}", plain(&found.name), found.module)
        })
        .collect()
}

fn nanoseconds(time: Duration) -> i64 {
    i64::try_from(time.as_nanos()).unwrap_or(i64::MAX)
}
