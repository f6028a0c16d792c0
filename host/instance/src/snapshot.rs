//! The snapshot: the memory in which all instances of a component begin, if it asks for one.
//!
//! A component that exports `wizer-initialize` is called once, when it is compiled; what it has
//! in memory then is what every instance starts with. Work that is the same for all requests is
//! done once, and the instances stay as fresh as before. The name is Wizer's convention.

use std::borrow::Cow;
use std::hash::{BuildHasher, RandomState};
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use anyhow::{Result, bail};
use wasmparser::{Parser, Payload};
use wasmtime::component::{Component, Instance, Lift, Linker, WasmList};
use wasmtime::{Config, Engine, Store, UpdateDeadline};
use wasmtime_wizer::{ComponentInstanceState, Wizer};

use super::meter::Meter;
use super::processor::thread_time;
use super::{Limits, StartError, engine};

/// Changes with every change of what a snapshot contains.
pub(super) const VERSION: u32 = 1;

/// The function that a component exports to be called.
const INITIALIZE: &str = "wizer-initialize";

/// Processor time that it may take. There is no flag for it: what takes longer at every start
/// belongs to the building of the component.
const TIME_LIMIT: Duration = Duration::from_secs(3);

/// The component with its snapshot, or as it is if it asks for none or fails.
///
/// # Errors
///
/// [`StartError`] if the function, or a start function before it, does not keep within the limits.
pub(super) fn take<'a>(component: &'a [u8], limits: &Limits) -> Result<Cow<'a, [u8]>> {
    if !wants(component) {
        return Ok(Cow::Borrowed(component));
    }
    match run(component, limits) {
        Ok(initialized) => Ok(Cow::Owned(initialized)),
        Err(error) if error.is::<StartError>() => Err(error),
        Err(error) => {
            tracing::warn!("{INITIALIZE} failed, instances begin without it: {error:#}");
            Ok(Cow::Borrowed(component))
        }
    }
}

/// Whether the component itself, not one inside it, exports the function.
fn wants(component: &[u8]) -> bool {
    let mut depth = 0;
    for payload in Parser::new(0).parse_all(component) {
        match payload {
            Ok(Payload::ModuleSection { .. } | Payload::ComponentSection { .. }) => depth += 1,
            Ok(Payload::End(_)) => depth -= 1,
            Ok(Payload::ComponentExportSection(exports)) if depth == 0 => {
                let mut exports = exports.into_iter().flatten();
                if exports.any(|export| export.name.name == INITIALIZE) {
                    return true;
                }
            }
            Ok(_) => {}
            Err(_) => return false,
        }
    }
    false
}

fn run(component: &[u8], limits: &Limits) -> Result<Vec<u8>> {
    let mut wizer = Wizer::new();
    // The component's own export refers to the function in the module, which must stay.
    wizer.keep_init_func(true);
    let (context, instrumented) = wizer.instrument_component(component)?;
    let engine = Engine::new(Config::new().epoch_interruption(true))?;
    engine::tick(&engine)?;
    let instrumented = Component::new(&engine, instrumented)?;
    let mut linker = Linker::new(&engine);
    offer_seed(&mut linker, &instrumented)?;
    // The memory must not depend on a clock, a store or anything else of this host.
    linker.define_unknown_imports_as_traps(&instrumented)?;
    let mut store = Store::new(&engine, Meter::new(limits.memory_bytes));
    let instance = initialize(&mut store, &linker, &instrumented)?;
    let mut state = State { store, instance };
    // Nothing in here waits, so one poll is the whole of it.
    let mut snapshot = pin!(wizer.snapshot_component(&context, &mut state));
    match snapshot
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()))
    {
        Poll::Ready(snapshot) => Ok(snapshot?),
        Poll::Pending => bail!("taking the snapshot waits for something"),
    }
}

/// Makes an instance and calls the function, within the limits.
fn initialize(
    store: &mut Store<Meter>,
    linker: &Linker<Meter>,
    component: &Component,
) -> Result<Instance> {
    store.limiter(|meter| meter);
    let began = thread_time();
    store.set_epoch_deadline(1);
    store.epoch_deadline_callback(move |_| {
        if thread_time().saturating_sub(began) > TIME_LIMIT {
            return Err(wasmtime::Error::new(StartError::SnapshotTime(TIME_LIMIT)));
        }
        Ok(UpdateDeadline::Continue(1))
    });
    let initialized = linker
        .instantiate(&mut *store, component)
        .and_then(|instance| {
            let initialize = instance.get_typed_func::<(), ()>(&mut *store, INITIALIZE)?;
            initialize.call(&mut *store, ())?;
            Ok(instance)
        });
    // What is called from here on reads the memory, and was put into the component for that.
    store.epoch_deadline_callback(|_| Ok(UpdateDeadline::Continue(1)));
    initialized.map_err(|error| match error.downcast::<StartError>() {
        Ok(late) => late.into(),
        Err(_) if store.data().was_refused() => {
            StartError::SnapshotMemory(store.data().limit_bytes()).into()
        }
        Err(error) => error.into(),
    })
}

/// Offers the one import that is harmless and hard to avoid: Rust's hash maps ask for a seed. It
/// is drawn once for each snapshot, so instances of one snapshot share it.
fn offer_seed(linker: &mut Linker<Meter>, component: &Component) -> Result<()> {
    let seed = (
        RandomState::new().hash_one(0),
        RandomState::new().hash_one(1),
    );
    let engine = component.engine();
    for (name, _) in component.component_type().imports(engine) {
        if name.starts_with("wasi:random/insecure-seed@") {
            let mut interface = linker.instance(name)?;
            interface.func_wrap("insecure-seed", move |_, (): ()| Ok((seed,)))?;
        }
    }
    Ok(())
}

/// The instance whose memory is read.
struct State {
    store: Store<Meter>,
    instance: Instance,
}

impl State {
    /// Calls an accessor that Wizer put into the component: they exist and cannot fail.
    fn get<R: Lift + 'static>(&mut self, instance: &str, function: &str) -> wasmtime::Result<R> {
        let store = &mut self.store;
        let outer = self.instance.get_export_index(&mut *store, None, instance);
        let index = self
            .instance
            .get_export_index(&mut *store, outer.as_ref(), function);
        let Some(index) = index else {
            wasmtime::bail!("{instance}#{function} is missing");
        };
        let function = self
            .instance
            .get_typed_func::<(), (R,)>(&mut *store, index)?;
        Ok(function.call(&mut *store, ())?.0)
    }

    fn expect<R: Lift + 'static>(&mut self, instance: &str, function: &str) -> R {
        self.get(instance, function)
            .expect("Wizer put this accessor into the component")
    }
}

impl ComponentInstanceState for State {
    async fn call_func_ret_list_u8(
        &mut self,
        instance: &str,
        func: &str,
        contents: impl FnOnce(&[u8]) + Send,
    ) {
        let list: WasmList<u8> = self.expect(instance, func);
        contents(list.as_le_slice(&self.store));
    }

    async fn call_func_ret_s32(&mut self, instance: &str, func: &str) -> i32 {
        self.expect(instance, func)
    }

    async fn call_func_ret_s64(&mut self, instance: &str, func: &str) -> i64 {
        self.expect(instance, func)
    }

    async fn call_func_ret_f32(&mut self, instance: &str, func: &str) -> u32 {
        f32::to_bits(self.expect(instance, func))
    }

    async fn call_func_ret_f64(&mut self, instance: &str, func: &str) -> u64 {
        f64::to_bits(self.expect(instance, func))
    }
}
