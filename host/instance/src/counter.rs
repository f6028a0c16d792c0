//! The counter of a component's allocator: bytes handed out, and bytes not given back.
//!
//! The component is changed for it: each function of the allocator is wrapped in one that
//! counts, and the counts can be asked for from outside. Nothing else in it changes, and
//! nothing of its memory is used. It does not see memory that a guest divides up by itself.

mod component;
mod module;
#[cfg(test)]
mod tests;
mod wrapper;

use wasmtime::Store;
use wasmtime::component::{Component, ComponentExportIndex, Instance};

pub(super) use component::count;

/// Reads the counts of an instance.
#[derive(Debug)]
pub(super) struct Counter {
    live: ComponentExportIndex,
    allocated: ComponentExportIndex,
}

/// What the allocator has done.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    /// Bytes handed out and not given back. Negative where a snapshot's memory was given back.
    pub(super) live_bytes: i64,
    /// Bytes handed out since the beginning.
    pub(super) allocated_bytes: i64,
}

/// Names of the functions that tell the counts.
const LIVE: &str = "mayfly-live-bytes";
const ALLOCATED: &str = "mayfly-allocated-bytes";

impl Counter {
    /// Where the counts of a component are; none if it has none.
    pub(super) fn of(component: &Component) -> Option<Self> {
        Some(Self {
            live: component.get_export_index(None, LIVE)?,
            allocated: component.get_export_index(None, ALLOCATED)?,
        })
    }

    /// The counts of `instance`; none if it can no longer be called.
    pub(super) async fn read<T: Send>(
        &self,
        store: &mut Store<T>,
        instance: &Instance,
    ) -> Option<Counts> {
        Some(Counts {
            live_bytes: call(store, instance, &self.live).await?,
            allocated_bytes: call(store, instance, &self.allocated).await?,
        })
    }
}

async fn call<T: Send>(
    store: &mut Store<T>,
    instance: &Instance,
    getter: &ComponentExportIndex,
) -> Option<i64> {
    let function = instance
        .get_typed_func::<(), (i64,)>(&mut *store, getter)
        .ok()?;
    let (count,) = function.call_async(&mut *store, ()).await.ok()?;
    Some(count)
}
