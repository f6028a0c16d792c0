//! One call into an instance, fresh or not, and the reason why it ended.

use std::time::Duration;

use bytes::Bytes;
use hyper::Request;
use hyper::body::Body;
use wasmtime::{Store, Trap, UpdateDeadline, component};
use wasmtime_wasi::I32Exit;

use super::handler::{Answer, Handler};
use super::instance::Instance;
use super::{End, Instrumentation, Shared};

/// An instance that can be called.
pub(super) struct LiveInstance {
    pub(super) store: Store<Instance>,
    instance: component::Instance,
    handler: Handler,
}

/// Instantiates the component in `store`, to use that much processor time at most.
pub(super) async fn instantiate(
    shared: &Shared,
    mut store: Store<Instance>,
    processor: Duration,
) -> Result<LiveInstance, (End, Store<Instance>)> {
    interrupt(&mut store, processor);
    match try_instantiate(shared, &mut store).await {
        Ok((instance, handler)) => {
            store.data_mut().instantiated();
            Ok(LiveInstance {
                store,
                instance,
                handler,
            })
        }
        Err(error) => Err((end_of(shared, &store, &error), store)),
    }
}

async fn try_instantiate(
    shared: &Shared,
    store: &mut Store<Instance>,
) -> wasmtime::Result<(component::Instance, Handler)> {
    if let Instrumentation::Observer(observer, _) = &shared.instrumentation {
        observer.attach(store)?;
    }
    let instance = shared.pre.instantiate_async(&mut *store).await?;
    let handler = shared.place.load(store, &instance)?;
    Ok((instance, handler))
}

impl LiveInstance {
    /// Calls the instance once; `answer` gets its response.
    pub(super) async fn call<B>(
        &mut self,
        shared: &Shared,
        request: Request<B>,
        answer: Answer,
    ) -> End
    where
        B: Body<Data = Bytes> + Send + 'static,
        B::Error: Into<wasmtime_wasi_http::Error>,
    {
        // Ticks while the instance was made are the host's.
        self.store.set_epoch_deadline(1);
        if let Err(error) = self.handler.call(&mut self.store, request, answer).await {
            return end_of(shared, &self.store, &error);
        }
        if let Instrumentation::Counter(counter) = &shared.instrumentation {
            let counts = counter.read(&mut self.store, &self.instance).await;
            self.store.data_mut().counted(counts);
        }
        if self.store.data().progress.status.get().is_none() {
            return End::NoAnswer("the component returned without a response".to_owned());
        }
        End::Done
    }
}

fn end_of(shared: &Shared, store: &Store<Instance>, error: &wasmtime::Error) -> End {
    if error.is::<CpuLimit>() {
        return End::Cpu(shared.limits.cpu);
    }
    let begun = store.data().progress.instantiated.get().is_some();
    if store.data().was_refused_memory() && gave_up(error, begun) {
        return End::Memory(shared.limits.memory_bytes);
    }
    tracing::debug!("{error:?}");
    let reason = error.downcast_ref::<Trap>().map(Trap::to_string);
    End::Trap(reason.unwrap_or_else(|| format!("{error:#}")))
}

/// Whether `error` is how an instance ends that wanted memory and got none: it is not made, or its
/// runtime aborts. Whatever else traps after a refusal has a reason of its own.
fn gave_up(error: &wasmtime::Error, begun: bool) -> bool {
    match error.downcast_ref::<Trap>() {
        Some(trap) => *trap == Trap::UnreachableCodeReached,
        None => !begun || error.is::<I32Exit>(),
    }
}

/// Looks at the instance at every tick: limits its processor time, lets others have theirs.
fn interrupt(store: &mut Store<Instance>, limit: Duration) {
    store.set_epoch_deadline(1);
    store.epoch_deadline_callback(move |store| {
        if store.data().progress.clock.processor_time() > limit {
            return Err(wasmtime::Error::new(CpuLimit));
        }
        // Others on this thread get their turn at every tick.
        Ok(UpdateDeadline::Yield(1))
    });
}

/// The processor time is used up.
#[derive(Debug)]
struct CpuLimit;

impl std::fmt::Display for CpuLimit {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "cpu limit reached")
    }
}

impl std::error::Error for CpuLimit {}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(error: impl Into<wasmtime::Error>, begun: bool, expected: bool) {
        let error = error.into();
        assert_eq!(gave_up(&error, begun), expected, "{error:?}");
    }

    #[test]
    fn how_instances_without_memory_end() {
        check(Trap::UnreachableCodeReached, true, true);
        check(I32Exit(2), true, true);
        check(wasmtime::Error::msg("minimum size"), false, true);
        for other in [
            Trap::IntegerDivisionByZero,
            Trap::StackOverflow,
            Trap::MemoryOutOfBounds,
        ] {
            check(other, true, false);
        }
        check(wasmtime::Error::msg("the host failed"), true, false);
    }
}
