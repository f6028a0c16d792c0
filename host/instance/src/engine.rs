//! The engine: wasmtime with a pool of memories, and the ticks that end endless loops.

use std::num::NonZeroUsize;
use std::time::Duration;

use anyhow::{Context, Result};
use wasmparser::{Parser, Payload};
use wasmtime::component::Component;
use wasmtime::{Config, Enabled, Engine, InstanceAllocationStrategy, PoolingAllocationConfig};

use super::Limits;
use super::world::World;

/// How often a running instance is asked for its processor time.
pub(super) const TICK: Duration = Duration::from_millis(10);

/// Elements that a table may have.
pub(super) const TABLE_ELEMENTS: usize = 64 * 1024;

/// How much of a stack is seen: wasmtime's default of 20 frames would cut off the callers.
const STACK_FRAMES: NonZeroUsize = NonZeroUsize::new(128).expect("not zero");

/// What the machine code is for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum CodegenMode {
    /// For speed.
    Fast,
    /// For an observer: breakpoints can be set, and every value can be read.
    Observable(Setting),
}

/// What an observed runtime has to heed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Setting {
    /// Nothing: it may compile on all processors and write to the store.
    Alone,
    /// Others serve beside it: it compiles on the thread that asks for it, and a component that
    /// writes to the store is denied access.
    BesideTraffic,
}

/// What one instance takes from the pool.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Parts {
    memories: u32,
    tables: u32,
}

impl Parts {
    /// What the modules in `component` define, which it takes if each is instantiated once.
    pub(super) fn declared(component: &[u8]) -> Self {
        let mut parts = Self {
            memories: 0,
            tables: 0,
        };
        // What cannot be parsed cannot be compiled either, and says so then.
        for payload in Parser::new(0).parse_all(component).map_while(Result::ok) {
            match payload {
                Payload::MemorySection(memories) => parts.memories += memories.count(),
                Payload::TableSection(tables) => parts.tables += tables.count(),
                _ => {}
            }
        }
        parts
    }

    /// What an instance of `component` takes; none if a module of it is imported.
    pub(super) fn required(component: &Component) -> Option<Self> {
        let required = component.resources_required()?;
        Some(Self {
            memories: required.num_memories,
            tables: required.num_tables,
        })
    }

    pub(super) fn cover(self, required: Self) -> bool {
        self.memories >= required.memories && self.tables >= required.tables
    }
}

/// Starts an engine for a component of `world` whose instances have `parts`, with room for as
/// many as `limits` allows.
pub(super) fn start(
    limits: &Limits,
    code: CodegenMode,
    world: World,
    parts: Parts,
) -> Result<Engine> {
    let mut config = Config::new();
    config.epoch_interruption(true);
    // `Meter` takes a failed growth back, and of memories with small pages some fail unasked.
    config.wasm_custom_page_sizes(false);
    config.guest_debug(code != CodegenMode::Fast);
    config.parallel_compilation(code != CodegenMode::Observable(Setting::BesideTraffic));
    config.wasm_backtrace_max_frames(Some(STACK_FRAMES));
    // The older world has one call at a time in an instance, which needs no tables of tasks.
    config.concurrency_support(world == World::V03);
    let engine = match Engine::new(config.allocation_strategy(pool(limits, world, parts))) {
        Ok(engine) => engine,
        // A pool reserves some gigabytes of address space for each memory, which a container or
        // `ulimit -v` may deny; without it each request takes its memory from the system.
        Err(error) => {
            tracing::warn!("no pool of memories, requests take longer: {error:#}");
            config.allocation_strategy(InstanceAllocationStrategy::OnDemand);
            Engine::new(&config)?
        }
    };
    tick(&engine)?;
    Ok(engine)
}

fn pool(limits: &Limits, world: World, parts: Parts) -> InstanceAllocationStrategy {
    // A pool of nothing cannot be made.
    let (memories, tables) = (parts.memories.max(1), parts.tables.max(1));
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(limits.instances);
    // Nothing is reserved for them: what all those of a component take is limited in bytes.
    pool.total_core_instances(u32::MAX);
    pool.total_memories(limits.instances.saturating_mul(memories));
    pool.total_tables(limits.instances.saturating_mul(tables));
    pool.max_memories_per_module(memories);
    pool.max_tables_per_module(tables);
    pool.total_stacks(match world {
        World::V02 => limits.instances,
        // Each of its tasks that waits in the middle of a call has a stack.
        World::V03 => limits.instances * 8,
    });
    pool.table_elements(TABLE_ELEMENTS);
    // Only the pages that were written are made as they were, where the kernel can name them.
    pool.pagemap_scan(Enabled::Auto);
    pool.linear_memory_keep_resident(KEEP_RESIDENT_BYTES);
    pool.table_keep_resident(KEEP_RESIDENT_BYTES);
    InstanceAllocationStrategy::Pooling(pool)
}

/// Clearing this much of a used memory by hand is cheaper than to fault its pages in again.
const KEEP_RESIDENT_BYTES: usize = 1 << 20;

/// Lets time pass for `engine`, as long as it is used.
pub(super) fn tick(engine: &Engine) -> Result<()> {
    let engine = engine.weak();
    let ticks = move || {
        while let Some(engine) = engine.upgrade() {
            engine.increment_epoch();
            drop(engine);
            std::thread::sleep(TICK);
        }
    };
    let thread = std::thread::Builder::new().name("ticks".to_owned());
    thread
        .spawn(ticks)
        .context("cannot start the thread that keeps time")?;
    Ok(())
}
