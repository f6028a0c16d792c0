//! The function of a component that answers HTTP requests, in either world.

use std::future::poll_fn;
use std::sync::Arc;

use bytes::Bytes;
use hyper::body::Body;
use hyper::header::HOST;
use hyper::http::uri;
use hyper::{Request, Response};
use tokio::sync::oneshot;
use wasmtime::Store;
use wasmtime::component::{self, InstancePre};
use wasmtime_wasi_http::p2::bindings::http::types::Scheme;
use wasmtime_wasi_http::p2::bindings::{Proxy, ProxyIndices};
use wasmtime_wasi_http::p3::bindings::{Service, ServiceIndices};
use wasmtime_wasi_http::{WasiBody, WasiHttpView};

use super::End;
use super::instance::Instance;
use super::world::World;

/// Gets the component's response.
pub(super) type Answer = oneshot::Sender<Response<WasiBody>>;

/// Where the function is in every instance of a component.
pub(super) enum Place {
    V02(ProxyIndices),
    V03(ServiceIndices),
}

/// The function in one instance.
pub(super) enum Handler {
    V02(Proxy),
    V03(Service),
}

impl Place {
    /// Finds the function that `world` promises.
    pub(super) fn find(world: World, pre: &InstancePre<Instance>) -> wasmtime::Result<Self> {
        Ok(match world {
            World::V02 => Self::V02(ProxyIndices::new(pre)?),
            World::V03 => Self::V03(ServiceIndices::new(pre)?),
        })
    }

    /// Why the function cannot be given `request`, if so.
    pub(super) fn objection<B>(&self, request: &Request<B>) -> Option<End> {
        let host = request.headers().get(HOST);
        match (request.uri().authority(), host, self) {
            (Some(_), ..) | (None, None, Self::V03(_)) => None,
            (None, None, Self::V02(_)) => Some(End::BadRequest("it names no host")),
            (None, Some(host), _) => uri::Authority::try_from(host.as_bytes())
                .err()
                .map(|_| End::BadRequest("its Host header is not the name of a host")),
        }
    }

    /// The function in `instance`.
    pub(super) fn load(
        &self,
        store: &mut Store<Instance>,
        instance: &component::Instance,
    ) -> wasmtime::Result<Handler> {
        Ok(match self {
            Self::V02(indices) => Handler::V02(indices.load(store, instance)?),
            Self::V03(indices) => Handler::V03(indices.load(store, instance)?),
        })
    }
}

impl Handler {
    /// Calls the function once, until the instance has nothing more to do for the request.
    pub(super) async fn call<B>(
        &self,
        store: &mut Store<Instance>,
        request: Request<B>,
        answer: Answer,
    ) -> wasmtime::Result<()>
    where
        B: Body<Data = Bytes> + Send + 'static,
        B::Error: Into<wasmtime_wasi_http::Error>,
    {
        match self {
            Self::V02(proxy) => call_02(proxy, store, request, answer).await,
            Self::V03(service) => call_03(service, store, request, answer).await,
        }
    }
}

async fn call_02<B>(
    proxy: &Proxy,
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
                    let _ = progress.end.set(End::refused_by_component(&code));
                }
            }
        })?;
    let handler = proxy.wasi_http_incoming_handler();
    handler.call_handle(store, request, answer).await
}

async fn call_03<B>(
    service: &Service,
    store: &mut Store<Instance>,
    request: Request<B>,
    answer: Answer,
) -> wasmtime::Result<()>
where
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<wasmtime_wasi_http::Error>,
{
    let progress = Arc::clone(&store.data().progress);
    let host = request.headers().get(HOST).cloned();
    let hooks = store.data_mut().http().hooks;
    let (mut request, failure) = wasmtime_wasi_http::p3::Request::from_http(hooks, request);
    // What clients put into a header belongs into the address, as in the older world.
    request.scheme.get_or_insert(uri::Scheme::HTTP);
    if let Some(host) = host.filter(|_| request.authority.is_none()) {
        request.authority = Some(uri::Authority::try_from(host.as_bytes())?);
    }
    let call = async move |accessor: &component::Accessor<Instance>| {
        match service.handle(accessor, request).await? {
            Ok(response) => {
                let response = accessor.with(|store| response.into_http(store, failure))?;
                let _ = progress.status.set(response.status().as_u16());
                let _ = answer.send(response);
            }
            Err(code) => {
                let _ = progress.end.set(End::refused_by_component(&code));
            }
        }
        // The body is written after the response has been returned.
        poll_fn(|context| accessor.poll_no_interesting_tasks(context)).await;
        wasmtime::error::Ok(())
    };
    store.run_concurrent(call).await?
}
