//! One call into an instance, and the reason why it ended.

use std::sync::Arc;
use std::time::Duration;

use anyhow::anyhow;
use bytes::Bytes;
use hyper::body::Body;
use hyper::{Request, Response};
use tokio::sync::oneshot;
use wasmtime::{Store, Trap, UpdateDeadline};
use wasmtime_wasi_http::WasiHttpView;
use wasmtime_wasi_http::p2::bindings::http::types::Scheme;
use wasmtime_wasi_http::p2::body::HyperOutgoingBody;

use super::instance::Instance;
use super::{End, Shared};

/// Gets the component's response.
pub(super) type Answer = oneshot::Sender<Response<HyperOutgoingBody>>;

/// Instantiates the component in `store` and calls it once; `answer` gets its response.
pub(super) async fn call<B>(
    shared: &Shared,
    store: &mut Store<Instance>,
    request: Request<B>,
    answer: Answer,
) -> End
where
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<wasmtime_wasi_http::Error>,
{
    limit_cpu(store, shared.limits.cpu);
    match instantiate_and_call(shared, store, request, answer).await {
        Ok(()) if store.data().progress.status.get().is_none() => {
            End::NoAnswer("the component returned without a response".to_owned())
        }
        Ok(()) => End::Done,
        Err(error) if error.is::<CpuLimit>() => End::Cpu(shared.limits.cpu),
        Err(_) if store.data().was_refused_memory() => End::Memory(shared.limits.memory_bytes),
        Err(error) => {
            tracing::debug!("{error:?}");
            let reason = error.downcast_ref::<Trap>().map(Trap::to_string);
            End::Trap(reason.unwrap_or_else(|| format!("{:#}", anyhow!(error))))
        }
    }
}

async fn instantiate_and_call<B>(
    shared: &Shared,
    store: &mut Store<Instance>,
    request: Request<B>,
    answer: Answer,
) -> wasmtime::Result<()>
where
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<wasmtime_wasi_http::Error>,
{
    let instance = store.data_mut();
    let progress = Arc::clone(&instance.progress);
    let request = instance
        .http()
        .new_incoming_request(Scheme::Http, request)?;
    let answer = instance
        .http()
        .new_response_outparam_from_callback(move |response| {
            // Setting either a second time is impossible: the handle is gone after the first.
            match response {
                Ok(response) => {
                    let _ = progress.status.set(response.status().as_u16());
                    let _ = answer.send(response);
                }
                Err(code) => {
                    let _ = progress
                        .end
                        .set(End::NoAnswer(format!("the component answered {code:?}")));
                }
            }
        })?;
    if let Some(observer) = &shared.observer {
        observer.attach(store)?;
    }
    let proxy = shared.pre.instantiate_async(&mut *store).await?;
    store.data_mut().instantiated();
    let handler = proxy.wasi_http_incoming_handler();
    handler.call_handle(store, request, answer).await
}

fn limit_cpu(store: &mut Store<Instance>, limit: Duration) {
    store.set_epoch_deadline(1);
    store.epoch_deadline_callback(move |store| {
        if store.data().progress.clock.ran() > limit {
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
