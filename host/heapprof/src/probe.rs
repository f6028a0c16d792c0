//! The probe: breakpoints on the guest's allocators, and the handler that turns each stop
//! into an entry of the ledger.
//!
//! Allocators call each other (`realloc` calls `malloc`); only the outermost call counts,
//! because its size is what the program asked for. Of what they take back from each other
//! nothing is known, so nothing happens.

mod call;
mod functions;
#[cfg(test)]
mod tests;
mod watched;

use std::marker::PhantomData;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use wasmtime::{AsContextMut, DebugEvent, DebugHandler, FrameHandle, Store, StoreContextMut};

use super::ledger::{Ledger, Place};
use super::points::Point;
use super::stacks::{Frame, StackId, Stacks};
use call::{Call, number_of};
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
    /// Where the guest was when it trapped.
    pub(super) trapped: Option<StackId>,
    /// Calls of allocators that have not returned, with the number of the allocator; of those
    /// only whose parameters must be read when they begin.
    begun: Vec<(usize, Call)>,
    frames: Vec<Frame>,
}

/// An allocation that the guest did not get.
#[derive(Clone, Copy, Debug)]
pub(super) struct Refused {
    pub(super) bytes: u64,
    pub(super) stack: StackId,
}

impl Probe {
    pub(super) fn new(watched: Watched, ledger: Ledger) -> Self {
        let state = State {
            ledger,
            stacks: Stacks::default(),
            refused: None,
            trapped: None,
            begun: Vec::new(),
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
        state.begun.clear();
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
        let Some((place, _)) = self.watched.frame(&frame, &mut store)? else {
            return Ok(());
        };
        let Some((allocator, point)) = self.watched.point(place) else {
            return Ok(());
        };
        let found = &self.watched.allocators()[allocator];
        let call = |store: &mut _| Call::read(&found.effect, &frame, store);
        let mut state = self.state();
        if *point == Point::Entry {
            let call = call(&mut store)?;
            match found.effect.acquires {
                Some(_) => state.begun.push((allocator, call)),
                None => state.release(&call),
            }
            return Ok(());
        }
        let Some(result) = result(point, &frame, &mut store)? else {
            return Ok(());
        };
        let call = match found.enters {
            true => state.begun_by(allocator),
            false => Some(call(&mut store)?),
        };
        match call {
            Some(call) => self.leave(&mut state, &call, result, &frame, &mut store),
            None => Ok(()),
        }
    }

    fn trap<T: 'static>(&self, mut store: StoreContextMut<T>) -> wasmtime::Result<()> {
        let mut guard = self.state();
        let state = &mut *guard;
        self.watched.walk(&mut store, &mut state.frames, |_| true)?;
        state.trapped = Some(state.stacks.intern(&state.frames));
        Ok(())
    }

    fn leave<T: 'static>(
        &self,
        state: &mut State,
        call: &Call,
        result: u64,
        frame: &FrameHandle,
        store: &mut StoreContextMut<T>,
    ) -> wasmtime::Result<()> {
        if !self.watched.walk_call(store, &mut state.frames)? {
            return Ok(());
        }
        let stack = state.stacks.intern(&state.frames);
        let address = match call.out {
            None => result,
            // Such a function returns an error number.
            Some(_) if result != 0 => 0,
            Some(out) => call::read_pointer(frame, store, out)?,
        };
        let Call {
            instance, bytes, ..
        } = *call;
        match (address, bytes) {
            // Some give a block back when it is to become empty.
            (0, 0) => state.release(call),
            (0, _) => state.refused = Some(Refused { bytes, stack }),
            _ => {
                state.release(call);
                let place = Place { instance, address };
                state.ledger.allocate(place, stack, bytes);
            }
        }
        Ok(())
    }
}

impl State {
    fn release(&mut self, call: &Call) {
        if let Some(address) = call.releases {
            let instance = call.instance;
            self.ledger.free(Place { instance, address });
        }
    }

    /// Takes the last call of `allocator` that has begun. Later ones of other allocators were
    /// left by an exception.
    fn begun_by(&mut self, allocator: usize) -> Option<Call> {
        let last = self
            .begun
            .iter()
            .rposition(|(begun, _)| *begun == allocator)?;
        self.begun.drain(last..).next().map(|(_, call)| call)
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
        let seen = match event {
            DebugEvent::Breakpoint => self.probe.stop(store),
            DebugEvent::Trap(_) => self.probe.trap(store),
            _ => Ok(()),
        };
        // All errors here are about handles that have become invalid, and these are fresh.
        if let Err(error) = seen {
            tracing::error!("an allocation was not counted: {error:#}");
        }
        std::future::ready(())
    }
}
