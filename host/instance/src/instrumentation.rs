//! Instrumentation: what looks at a guest while it runs.

use wasmtime::Store;

use super::counter::Counter;
use super::{Instance, Setting};

/// Who looks at the guest's allocator.
pub(super) enum Instrumentation {
    None,
    Counter(Counter),
    Observer(Observer, Setting),
}

/// Prepares a store for observation.
pub struct Observer(Box<Attach>);

type Attach = dyn Fn(&mut Store<Instance>) -> wasmtime::Result<()> + Send + Sync;

impl Observer {
    /// An observer that does `attach` to each store.
    pub fn new(
        attach: impl Fn(&mut Store<Instance>) -> wasmtime::Result<()> + Send + Sync + 'static,
    ) -> Self {
        Self(Box::new(attach))
    }

    pub(super) fn attach(&self, store: &mut Store<Instance>) -> wasmtime::Result<()> {
        (self.0)(store)
    }
}
