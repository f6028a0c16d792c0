//! The probe: breakpoints on the guest's allocators, and the handler that turns each stop
//! into an entry of the ledger.
//!
//! Allocators call each other (`realloc` calls `malloc`); only the outermost call counts,
//! because its size is what the program asked for.

#[cfg(test)]
mod tests;
mod watched;

use std::marker::PhantomData;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use wasmtime::{AsContextMut, DebugEvent, DebugHandler, FrameHandle, Store, StoreContextMut, Val};

use super::allocators::{Effect, Size};
use super::ledger::{Ledger, Place};
use super::points::Point;
use super::stacks::{Frame, StackId, Stacks};
pub(super) use watched::Watched;

/// Watches stores; all probes of a run share one.
pub(super) struct Probe {
    watched: Watched,
    state: Mutex<State>,
}

/// What was seen so far.
pub(super) struct State {
    pub(super) ledger: Ledger,
    pub(super) stacks: Stacks,
    /// The last allocation that was asked for and not granted.
    pub(super) refused: Option<Refused>,
    /// The outermost allocator call that has not returned.
    pending: Option<Pending>,
    frames: Vec<Frame>,
}

/// An allocation that the guest did not get.
#[derive(Clone, Copy, Debug)]
pub(super) struct Refused {
    pub(super) bytes: u64,
    pub(super) stack: StackId,
}

/// A call of an allocator between its entry and its exit.
#[derive(Clone, Copy, Debug)]
struct Pending {
    allocator: usize,
    instance: u32,
    bytes: u64,
    releases: Option<u64>,
    out: Option<u64>,
}

impl Probe {
    pub(super) fn new(watched: Watched, ledger: Ledger) -> Self {
        let state = State {
            ledger,
            stacks: Stacks::default(),
            refused: None,
            pending: None,
            frames: Vec::new(),
        };
        Self {
            watched,
            state: Mutex::new(state),
        }
    }

    pub(super) fn watched(&self) -> &Watched {
        &self.watched
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Watches `store`, in which the next instance will be made.
    pub(super) fn attach<T: Send + 'static>(
        self: &Arc<Self>,
        store: &mut Store<T>,
    ) -> wasmtime::Result<()> {
        let mut state = self.state();
        state.ledger.begin_instance();
        state.pending = None;
        drop(state);
        self.watched.set_breakpoints(store)?;
        store.set_debug_handler(Handler {
            probe: Arc::clone(self),
            data: PhantomData,
        });
        Ok(())
    }

    fn stop<T: 'static>(&self, mut store: StoreContextMut<T>) -> wasmtime::Result<()> {
        let Some(frame) = store.debug_exit_frames().next() else {
            return Ok(());
        };
        let Some(place) = self.watched.frame(&frame, &mut store)? else {
            return Ok(());
        };
        let Some((allocator, point)) = self.watched.point(place) else {
            return Ok(());
        };
        let effect = self.watched.allocators()[allocator].effect;
        let mut state = self.state();
        match (state.pending, point) {
            (None, Point::Entry) => state.enter(allocator, effect, &frame, &mut store),
            (Some(pending), exit) if pending.allocator == allocator => {
                match result(exit, &frame, &mut store)? {
                    Some(result) => self.leave(&mut state, pending, result, &frame, &mut store),
                    None => Ok(()),
                }
            }
            // The inside of another allocator's call.
            _ => Ok(()),
        }
    }

    fn leave<T: 'static>(
        &self,
        state: &mut State,
        pending: Pending,
        result: u64,
        frame: &FrameHandle,
        store: &mut StoreContextMut<T>,
    ) -> wasmtime::Result<()> {
        state.pending = None;
        let address = match pending.out {
            None => result,
            // Such a function returns an error number.
            Some(_) if result != 0 => 0,
            Some(out) => watched::read_pointer(frame, &mut *store, out)?,
        };
        self.watched.walk(store, &mut state.frames)?;
        let stack = state.stacks.intern(&state.frames);
        if address == 0 {
            if pending.bytes > 0 {
                state.refused = Some(Refused {
                    bytes: pending.bytes,
                    stack,
                });
            }
            return Ok(());
        }
        let instance = pending.instance;
        if let Some(address) = pending.releases {
            state.ledger.free(Place { instance, address });
        }
        state
            .ledger
            .allocate(Place { instance, address }, stack, pending.bytes);
        Ok(())
    }
}

impl State {
    fn enter<T: 'static>(
        &mut self,
        allocator: usize,
        effect: Effect,
        frame: &FrameHandle,
        store: &mut StoreContextMut<T>,
    ) -> wasmtime::Result<()> {
        let mut parameter =
            |number| Ok::<_, wasmtime::Error>(number_of(&frame.local(&mut *store, number)?));
        let bytes = match effect.acquires {
            Some(Size::Of(size)) => Some(parameter(size)?),
            Some(Size::Product(count, size)) => {
                Some(parameter(count)?.saturating_mul(parameter(size)?))
            }
            None => None,
        };
        let releases = effect.releases.map(&mut parameter).transpose()?;
        let out = effect.out.map(&mut parameter).transpose()?;
        let instance = frame.instance(&mut *store)?.debug_index_in_store();
        match (bytes, releases) {
            (Some(bytes), _) => {
                self.pending = Some(Pending {
                    allocator,
                    instance,
                    bytes,
                    releases,
                    out,
                });
            }
            (None, Some(address)) => self.ledger.free(Place { instance, address }),
            (None, None) => {}
        }
        Ok(())
    }
}

/// What the function returns if it leaves at `exit`.
fn result(
    exit: &Point,
    frame: &FrameHandle,
    mut store: impl AsContextMut,
) -> wasmtime::Result<Option<u64>> {
    let depth = frame.num_stacks(&mut store)?;
    let mut below_top = |down: u32| match depth.checked_sub(down + 1) {
        Some(index) => frame
            .stack(&mut store, index)
            .map(|value| number_of(&value)),
        None => Ok(0),
    };
    let leaves = match exit {
        Point::Entry => return Ok(None),
        Point::Exit => return below_top(0).map(Some),
        Point::ExitIf => below_top(0)? != 0,
        Point::ExitTable {
            leaving,
            targets,
            default,
        } => {
            let index = below_top(0)? as u32;
            leaving.contains(&index) || (*default && index >= *targets)
        }
    };
    if leaves {
        below_top(1).map(Some)
    } else {
        Ok(None)
    }
}

fn number_of(value: &Val) -> u64 {
    match value {
        Val::I32(number) => u64::from(*number as u32),
        Val::I64(number) => *number as u64,
        _ => 0,
    }
}

struct Handler<T> {
    probe: Arc<Probe>,
    data: PhantomData<fn(T)>,
}

impl<T> Clone for Handler<T> {
    fn clone(&self) -> Self {
        Self {
            probe: Arc::clone(&self.probe),
            data: PhantomData,
        }
    }
}

impl<T: Send + 'static> DebugHandler for Handler<T> {
    type Data = T;

    fn handle(
        &self,
        store: StoreContextMut<'_, T>,
        event: DebugEvent<'_>,
    ) -> impl Future<Output = ()> + Send {
        if matches!(event, DebugEvent::Breakpoint) {
            // All errors here are about handles that have become invalid, and these are fresh.
            if let Err(error) = self.probe.stop(store) {
                tracing::error!("an allocation was not counted: {error:#}");
            }
        }
        std::future::ready(())
    }
}
