//! The debug server: what an operator wants to see of the running program, on an address of
//! its own. It never shares a listener with the public, and a profile that is made here is
//! made beside the traffic.

mod answer;
mod heap;
pub(super) mod host_heap;
mod index;
mod page;
mod query;
mod state;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::body::Incoming;
use hyper::header::{HOST, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};

use super::record::Record;
use super::shutdown::Shutdown;
use answer::{Answer, Failure, plain};
use heap::Heap;
use instance::Runtime;
use query::Query;
use state::Debug;

/// How long a client may take to send a request's head.
const PATIENCE: Duration = Duration::from_secs(15);
/// Pause after a failed accept, mostly for lack of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Answers on `listener` until the program ends, also while it lets the last requests end.
pub(super) fn start(
    listener: TcpListener,
    address: SocketAddr,
    record: Arc<Record>,
    runtime: Runtime,
    shutdown: Shutdown,
) {
    let local = address.ip().is_loopback();
    if !local {
        tracing::warn!(
            "the debug pages on {address} ask for no password: everyone who can connect sees the paths of requests, and can start profiles that keep a processor busy"
        );
    }
    let debug = Arc::new(Debug {
        record,
        runtime,
        shutdown,
        heap: Heap::default(),
        local,
    });
    tokio::spawn(accept(debug, listener));
}

async fn accept(debug: Arc<Debug>, listener: TcpListener) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                tokio::spawn(serve(Arc::clone(&debug), stream));
            }
            Err(error) => {
                tracing::warn!("cannot accept a debug connection: {error}");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

async fn serve(debug: Arc<Debug>, stream: TcpStream) {
    let service = service_fn(move |request| {
        let debug = Arc::clone(&debug);
        async move { Ok::<_, Infallible>(debug.answer(request).await) }
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(PATIENCE);
    let connection = http.serve_connection(TokioIo::new(stream), service);
    if let Err(error) = connection.await {
        tracing::debug!("debug connection: {error}");
    }
}

impl Debug {
    async fn answer(&self, request: Request<Incoming>) -> Answer {
        let answered = match self.objection(&request) {
            Some(failure) => Err(failure),
            None => self.route(request).await,
        };
        answered.unwrap_or_else(Failure::answer)
    }

    async fn route(&self, request: Request<Incoming>) -> Result<Answer, Failure> {
        let uri = request.uri().clone();
        let query = Query::parse(uri.query().unwrap_or_default());
        match uri.path() {
            "/" | "/debug" => Ok(answer::redirect("/debug/")),
            "/debug/pprof" => Ok(answer::redirect("/debug/pprof/")),
            "/healthz" => Ok(self.health()),
            "/metrics" => Ok(answer::metrics(self.record.metrics.text())),
            "/debug/" => page::show(self, &query),
            "/debug/pprof/" => Ok(index::show(self)),
            "/debug/pprof/heap" => self.heap(&query, "inuse_space").await,
            "/debug/pprof/allocs" => self.heap(&query, "alloc_space").await,
            "/debug/pprof/host" => host_heap::profile().await,
            "/debug/pprof/cmdline" => Ok(answer::command_line()),
            path => Err(Failure::new(
                StatusCode::NOT_FOUND,
                format!("nothing is at {path}: /debug/ and /debug/pprof/ list what there is"),
            )),
        }
    }

    /// Whether the program takes requests; whether its store does is for its own requests to show.
    fn health(&self) -> Answer {
        if self.shutdown.is_requested() {
            return plain(
                StatusCode::SERVICE_UNAVAILABLE,
                "shutting down\n".to_owned(),
            );
        }
        plain(StatusCode::OK, "ok\n".to_owned())
    }

    fn objection(&self, request: &Request<Incoming>) -> Option<Failure> {
        let allowed = &[Method::GET, Method::HEAD];
        if !allowed.contains(request.method()) {
            return Some(Failure::method(allowed));
        }
        // A page on the internet can make its own name mean this machine, and so make the
        // browser of someone who works here read what is only for them.
        let host = request.headers().get(HOST).map(HeaderValue::to_str);
        let ours = match host {
            Some(Ok(host)) => is_local(host),
            Some(Err(_)) => false,
            None => true,
        };
        (self.local && !ours).then(|| {
            let text = "this Host is refused, as a page of another site could have made your browser send it: use localhost or 127.0.0.1";
            Failure::new(StatusCode::FORBIDDEN, text.to_owned())
        })
    }
}

/// Whether `host`, with or without a port, can only mean this machine.
fn is_local(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|digit| digit.is_ascii_digit()) => name,
        _ => host,
    };
    let address = name.trim_start_matches('[').trim_end_matches(']');
    let address = address.parse::<std::net::IpAddr>();
    name == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_this_machine() {
        for host in [
            "localhost",
            "localhost:6060",
            "127.0.0.1:1",
            "[::1]:6060",
            "[::1]",
        ] {
            assert!(is_local(host), "{host}");
        }
        for host in ["example.org", "localhost.example.org:6060", "10.0.0.1", ""] {
            assert!(!is_local(host), "{host}");
        }
    }
}
