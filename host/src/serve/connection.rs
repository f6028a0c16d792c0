//! Connections: HTTP/1.1 with limits on everything that a client could take too much of.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::header::{CONNECTION, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};

use super::access_log::Entry;
use super::client_limits::ClientLimits;
use super::connections::{Connections, Place, Pulse};
use super::record::Record;
use super::refusal::{self, Answer, AnswerBody};
use super::reload::Reload;
use super::request_body::{self, Fault};
use super::shutdown::Shutdown;
use super::spool::Room;
use super::stall::Stall;
use super::{relay, request_head, server_timing};
use instance::{Live, ResponseBody, Runtime, Sample};

/// A runtime and how it meets its clients.
pub(super) struct Server {
    pub(super) runtime: Runtime,
    pub(super) client_limits: ClientLimits,
    pub(super) connections: Arc<Connections>,
    pub(super) room: Arc<Room>,
    /// There while content is watched.
    pub(super) reload: Option<Reload>,
    /// There if someone may ask for it.
    pub(super) record: Option<Arc<Record>>,
    /// Whether responses say what they have cost.
    pub(super) server_timing: bool,
    pub(super) shutdown: Shutdown,
}

/// The head of a request.
const HEAD_BYTES: usize = 32 * 1024;
/// Says that no other request follows on this connection.
const CLOSE: HeaderValue = HeaderValue::from_static("close");
/// Connections that the kernel keeps for a listener, at most (tokio asks for so many).
const QUEUE: usize = 1024;
/// Pause after a failed accept, mostly for lack of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

impl Server {
    /// Takes connections until shutdown, and by then also those that wait in the queue of
    /// `listener`: their clients may have sent a request already.
    pub(super) async fn accept(self: &Arc<Self>, listener: TcpListener) -> Result<()> {
        loop {
            let accepted = tokio::select! {
                _ = self.shutdown.requested() => break,
                accepted = listener.accept() => accepted,
            };
            match accepted {
                Ok((stream, address)) => self.admit(stream, address),
                Err(error) if is_of_the_client(&error) => {
                    tracing::debug!("cannot accept a connection: {error}");
                }
                Err(error) => {
                    tracing::warn!("cannot accept a connection: {error}");
                    self.connections.shed();
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
        self.accept_waiting(&listener.into_std().context("the queue of connections")?);
        Ok(())
    }

    fn accept_waiting(self: &Arc<Self>, listener: &std::net::TcpListener) {
        for _ in 0..QUEUE {
            let (stream, address) = match listener.accept() {
                Ok(accepted) => accepted,
                Err(error) if is_of_the_client(&error) => continue,
                Err(_) => return,
            };
            let set = stream.set_nonblocking(true);
            if let Ok(stream) = set.and_then(|()| TcpStream::from_std(stream)) {
                self.admit(stream, address);
            }
        }
    }

    fn admit(self: &Arc<Self>, stream: TcpStream, address: SocketAddr) {
        // Without a place it is closed at once: all others wait for instances.
        if let Some(place) = self.connections.admit(address.ip()) {
            tokio::spawn(Arc::clone(self).serve(stream, place));
        }
    }

    async fn serve(self: Arc<Self>, stream: TcpStream, place: Place) {
        // A response goes out in one piece; waiting for more would only delay it.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!("no TCP_NODELAY: {error}");
        }
        let pulse = &place.pulse;
        let stream = Stall::new(stream, self.client_limits.client, Arc::clone(pulse));
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new())
            .header_read_timeout(self.client_limits.client)
            .max_header_size(HEAD_BYTES)
            .max_buf_size(2 * HEAD_BYTES);
        let service = service_fn(|request| {
            let server = Arc::clone(&self);
            async move { Ok::<_, Infallible>(server.respond(request, pulse).await) }
        });
        let mut connection = pin!(http.serve_connection(TokioIo::new(stream), service));
        let mut has_nothing_to_ask = pin!(self.shutdown.leaves_nothing_to_ask(pulse));
        let mut is_ending = false;
        loop {
            tokio::select! {
                // First what was sent, then whether anything was.
                biased;
                served = connection.as_mut() => {
                    if let Err(error) = served {
                        tracing::debug!("connection: {error}");
                    }
                    return;
                }
                () = pulse.shed() => {
                    tracing::debug!("connection: made room for another");
                    return;
                }
                () = has_nothing_to_ask.as_mut(), if !is_ending => {
                    connection.as_mut().graceful_shutdown();
                    is_ending = true;
                }
            }
        }
    }

    async fn respond(&self, request: Request<Incoming>, pulse: &Pulse) -> Answer {
        pulse.set_asking(false);
        let mut answer = self.answer_or_reload(request, pulse).await;
        pulse.set_asking(false);
        if self.shutdown.is_requested() {
            answer.headers_mut().insert(CONNECTION, CLOSE);
        }
        answer
    }

    async fn answer_or_reload(&self, mut request: Request<Incoming>, pulse: &Pulse) -> Answer {
        let Some(reload) = &self.reload else {
            return self.answer(request, pulse).await;
        };
        if let Some(answer) = reload.intercept(&mut request) {
            return answer;
        }
        let method = request.method().clone();
        let answer = self.answer(request, pulse).await;
        reload.inject(&method, answer).await
    }

    async fn answer(&self, mut request: Request<Incoming>, pulse: &Pulse) -> Answer {
        let entry = Arc::new(Entry::new(&request));
        if let Some(status) = request_head::objection(&mut request, self.client_limits.body_bytes) {
            let mut refusal = self.refuse(&entry, status);
            // Where the next request would begin is not certain.
            refusal.headers_mut().insert(CONNECTION, CLOSE);
            return refusal;
        }
        // No instance waits for what a client has still to send.
        let (request, fault) =
            match request_body::receive(request, &self.client_limits, &self.room).await {
                Ok(received) => received,
                Err(status) => return self.refuse(&entry, status),
            };
        pulse.set_working(true);
        let (begun, done) = self.witnesses(&entry, &fault);
        let answered = self.runtime.handle_seen(request, begun, done).await;
        pulse.set_working(false);
        match (answered, fault.status()) {
            // What the component says to a body that broke off says nothing to the client.
            (_, Some(status)) => refusal::answer(status),
            (Ok(mut response), None) => {
                if self.server_timing {
                    server_timing::add(&mut response);
                }
                response.map(|body| self.without_instance(body))
            }
            (Err(end), None) => refusal::of_end(&end),
        }
    }

    /// The same body, for which no instance waits until its reader has taken it.
    fn without_instance(&self, body: ResponseBody) -> AnswerBody {
        if body.is_free() {
            return body.boxed_unsync();
        }
        relay::take_over(body, &self.room, self.runtime.limits().wall).boxed_unsync()
    }

    fn refuse(&self, entry: &Entry, status: StatusCode) -> Answer {
        entry.log_refused(status);
        if let Some(record) = &self.record {
            record.turned_away(&entry.uri, status, entry.start.elapsed());
        }
        refusal::answer(status)
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
}

/// Whether it was one client's connection that failed, and not the listener.
fn is_of_the_client(error: &std::io::Error) -> bool {
    use std::io::ErrorKind;
    matches!(
        error.kind(),
        ErrorKind::ConnectionAborted
            | ErrorKind::ConnectionReset
            | ErrorKind::ConnectionRefused
            | ErrorKind::HostUnreachable
            | ErrorKind::NetworkUnreachable
            | ErrorKind::NetworkDown
            | ErrorKind::Interrupted
            | ErrorKind::TimedOut
    )
}
