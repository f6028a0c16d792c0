//! The probe on components written by hand, of which every instruction is known.

use std::sync::Arc;

use wasmparser::Operator;
use wasmtime::component::{Component, Linker};
use wasmtime::{Config, Engine, Store};

use super::{Probe, Watched};
use crate::allocators::Allocator;
use crate::ledger::{Ledger, Schedule};

/// A component around `modules`, which exports the core function `run` of the last instance.
const TWO_MEMORIES: &str = include_str!("tests/two_memories.wat");
const TWINS: &str = include_str!("tests/twins.wat");
const ALL_EXITS: &str = include_str!("tests/all_exits.wat");
const NESTED: &str = include_str!("tests/nested.wat");

/// Calls `run` of the component `text` and returns the probe that watched it.
fn observe(text: &str, allocators: &[&str]) -> Arc<Probe> {
    let engine = Engine::new(Config::new().guest_debug(true)).expect("an engine");
    let bytes = wat::parse_str(text).expect("a component in text form");
    let component = Component::new(&engine, bytes).expect("a valid component");
    let allocators: Vec<Allocator> = allocators
        .iter()
        .map(|allocator| allocator.parse().expect("an allocator"))
        .collect();
    let watched = Watched::new(&component, &allocators).expect("an allocator in it");
    let probe = Arc::new(Probe::new(watched, Ledger::new(Schedule::new(1, 1))));
    let mut store = Store::new(&engine, ());
    probe.state().ledger.begin_request(0);
    probe.attach(&mut store).expect("breakpoints");
    let run = async {
        let linker = Linker::new(&engine);
        let instance = linker.instantiate_async(&mut store, &component).await?;
        let run = instance.get_typed_func::<(), ()>(&mut store, "run")?;
        run.call_async(&mut store, ()).await
    };
    let threads = tokio::runtime::Builder::new_current_thread().build();
    threads.expect("a thread").block_on(run).expect("a run");
    probe
}

/// Sizes and numbers of all blocks, by size: allocated, and still alive.
fn blocks(probe: &Probe) -> Vec<(u64, u64, u64)> {
    let state = probe.state();
    let mut blocks: Vec<_> = state
        .ledger
        .entries()
        .iter()
        .map(|entry| (entry.key.bytes, entry.allocated, entry.live))
        .collect();
    blocks.sort_unstable();
    blocks
}

#[test]
fn memories_with_the_same_addresses_are_told_apart() {
    // Both allocators hand out address 1024 first; the inner one frees its own.
    let probe = observe(TWO_MEMORIES, &[]);
    assert_eq!(blocks(&probe), [(10, 1, 1), (20, 1, 0)]);
}

#[test]
fn instances_of_one_component_are_told_apart() {
    let probe = observe(TWINS, &[]);
    assert_eq!(blocks(&probe), [(30, 1, 1), (40, 1, 0)]);
}

#[test]
fn allocators_that_call_each_other_count_once() {
    let probe = observe(NESTED, &[]);
    assert_eq!(
        blocks(&probe),
        [(5, 1, 0), (7, 1, 1), (10, 1, 0), (20, 1, 1)]
    );
}

#[test]
fn every_way_to_return_is_seen() {
    let probe = observe(ALL_EXITS, &[]);
    let sizes: Vec<_> = blocks(&probe).iter().map(|(bytes, ..)| *bytes).collect();
    assert_eq!(sizes, [1, 2, 3, 4, 5, 6]);
}

#[test]
fn a_null_pointer_is_no_block() {
    let probe = observe(ALL_EXITS, &[]);
    let state = probe.state();
    assert_eq!(state.refused.map(|refused| refused.bytes), Some(77));
    assert!(
        state
            .ledger
            .entries()
            .iter()
            .all(|entry| entry.key.bytes != 77)
    );
}

#[test]
fn callers_are_at_their_calls() {
    let probe = observe(TWO_MEMORIES, &[]);
    let state = probe.state();
    for entry in state.ledger.entries() {
        for frame in state.stacks.frames(entry.key.stack).skip(1) {
            let module = &probe.watched().modules()[frame.module as usize];
            let function = &module.functions[frame.function as usize];
            let operators = module.body(function).get_operators_reader().expect("code");
            let found = operators
                .into_iter_with_offsets()
                .flatten()
                .take_while(|(_, offset)| *offset as u32 <= frame.offset)
                .last();
            let found = found.map(|(operator, _)| operator);
            assert!(
                matches!(found, Some(Operator::Call { .. })),
                "{frame:?} is at {found:?}"
            );
        }
    }
}
