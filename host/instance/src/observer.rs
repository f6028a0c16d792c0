//! The observer: sees every store before its instance is made, as a profiler must.

use wasmtime::Store;

use super::Instance;

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
