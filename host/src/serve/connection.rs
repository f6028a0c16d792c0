//! Connections: HTTP/1.1 with limits on everything that a client could take too much of.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::BodyExt;
use http_body_util::combinators::UnsyncBoxBody;
use hyper::body::{Bytes, Incoming};
use hyper::header::{HOST, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode, Version};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::net::{TcpListener, TcpStream};

use super::access_log::Entry;
use super::record::Record;
use super::refusal;
use super::reload::Reload;
use super::request_body::{Fault, RequestBody};
use super::server_timing;
use super::shutdown::Shutdown;
use super::stall::Stall;
use instance::units::{parse_size, parse_time};
use instance::{Live, Runtime, Sample};

/// How much the server takes from a client, and how long it waits.
#[derive(Clone, Debug, clap::Args)]
pub struct Patience {
    /// Size of a request's body
    #[arg(long = "body-limit", value_name = "SIZE", default_value = "10MiB", value_parser = parse_size)]
    pub body_bytes: usize,

    /// Time that a client may let pass: to send a request's head or the next piece of its body, to
    /// take the next piece of a response, between two requests
    #[arg(long = "client-timeout", value_name = "TIME", default_value = "15s", value_parser = parse_time)]
    pub client: Duration,
}

/// A runtime and how it meets its clients.
pub(super) struct Server {
    pub(super) runtime: Runtime,
    pub(super) patience: Patience,
    /// There while content is watched.
    pub(super) reload: Option<Reload>,
    /// There if somebody may ask for it.
    pub(super) record: Option<Arc<Record>>,
    /// Whether responses say what they have cost.
    pub(super) server_timing: bool,
}

/// What a client gets.
pub(super) type Answer = Response<AnswerBody>;

/// Its body, wherever it comes from.
pub(super) type AnswerBody = UnsyncBoxBody<Bytes, wasmtime_wasi_http::Error>;

/// The head of a request, and the longest path in it.
const HEAD_BYTES: usize = 32 * 1024;
const URI_BYTES: usize = 8 * 1024;
/// Pause after a failed accept, mostly for lack of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

impl Server {
    /// Takes connections until shutdown, and returns those that are left.
    pub(super) async fn accept(
        self: Arc<Self>,
        listener: &TcpListener,
        shutdown: &Shutdown,
    ) -> GracefulShutdown {
        let connections = GracefulShutdown::new();
        loop {
            let accepted = tokio::select! {
                _ = shutdown.requested() => return connections,
                accepted = listener.accept() => accepted,
            };
            match accepted {
                Ok((stream, _)) => {
                    tokio::spawn(Arc::clone(&self).serve(stream, connections.watcher()));
                }
                Err(error) => {
                    tracing::warn!("cannot accept a connection: {error}");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }

    async fn serve(self: Arc<Self>, stream: TcpStream, watcher: Watcher) {
        // A response goes out in one piece; waiting for more would only delay it.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!("no TCP_NODELAY: {error}");
        }
        let stream = TokioIo::new(Stall::new(stream, self.patience.client));
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new())
            .header_read_timeout(self.patience.client)
            .max_header_size(HEAD_BYTES)
            .max_buf_size(2 * HEAD_BYTES);
        let service = service_fn(move |request| {
            let server = Arc::clone(&self);
            async move { Ok::<_, Infallible>(server.respond(request).await) }
        });
        let connection = watcher.watch(http.serve_connection(stream, service));
        if let Err(error) = connection.await {
            tracing::debug!("connection: {error}");
        }
    }

    async fn respond(&self, mut request: Request<Incoming>) -> Answer {
        let Some(reload) = &self.reload else {
            return self.answer(request).await;
        };
        if let Some(answer) = reload.intercept(&mut request) {
            return answer;
        }
        let method = request.method().clone();
        let answer = self.answer(request).await;
        reload.inject(&method, answer).await
    }

    async fn answer(&self, mut request: Request<Incoming>) -> Answer {
        let entry = Arc::new(Entry::new(&request));
        if let Some(status) = self.objection(&mut request) {
            entry.log_refused(status);
            if let Some(record) = &self.record {
                record.turned_away(&entry.uri, status, entry.start.elapsed());
            }
            return refusal::answer(status);
        }
        let (request, fault) = RequestBody::wrap(request, &self.patience);
        let (begun, done) = self.witnesses(&entry, &fault);
        let answered = self.runtime.handle_seen(request, begun, done);
        match (answered.await, fault.status()) {
            // What the component says to a body that broke off says nothing to the client.
            (_, Some(status)) => refusal::answer(status),
            (Ok(mut response), None) => {
                if self.server_timing {
                    server_timing::add(&mut response);
                }
                response.map(BodyExt::boxed_unsync)
            }
            (Err(end), None) => refusal::answer(end.status()),
        }
    }

    /// What gets to know that a request has begun, and that it is over.
    fn witnesses(
        &self,
        entry: &Arc<Entry>,
        fault: &Arc<Fault>,
    ) -> (
        impl FnOnce(Live) + Send + use<>,
        impl FnOnce(&Sample) + Send + use<>,
    ) {
        let record = self.record.clone();
        let record = record.map(|record| (record.number(), record));
        let (beginning, beginner) = (record.clone(), Arc::clone(entry));
        let begun = move |live| {
            if let Some((number, record)) = beginning {
                record.begin(number, &beginner.method, &beginner.uri, live);
            }
        };
        let (entry, fault) = (Arc::clone(entry), Arc::clone(fault));
        let done = move |sample: &Sample| {
            let status = refusal::seen(fault.status(), sample);
            if let Some((number, record)) = record {
                record.end(number, (&entry.method, &entry.uri), status, sample);
            }
            entry.log(status, sample);
        };
        (begun, done)
    }

    fn objection(&self, request: &mut Request<Incoming>) -> Option<StatusCode> {
        use hyper::body::Body;
        if request
            .uri()
            .path_and_query()
            .is_some_and(|path| path.as_str().len() > URI_BYTES)
        {
            return Some(StatusCode::URI_TOO_LONG);
        }
        if request.body().size_hint().lower() > self.patience.body_bytes as u64 {
            return Some(StatusCode::PAYLOAD_TOO_LARGE);
        }
        let known = request.uri().authority().is_some();
        match request.headers().get(HOST).map(HeaderValue::to_str) {
            Some(Ok(_)) => None,
            None if known => None,
            None if request.version() == Version::HTTP_10 => {
                request
                    .headers_mut()
                    .insert(HOST, HeaderValue::from_static("localhost"));
                None
            }
            _ => Some(StatusCode::BAD_REQUEST),
        }
    }
}
