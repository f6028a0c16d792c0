//! The only file that knows WASI and Spin: it turns their request, store, clock and variables
//! into the blog's own, and the blog's response into theirs.

use crate::body::{BodyBuffer, BodyError};
use crate::host::Host;
use crate::request::{Method, Request, relevant_headers};
use crate::response::Response;
use crate::store::{self, KeyPage, Store, StoreError};
use spin_sdk::http::{Fields, IncomingRequest, OutgoingBody, OutgoingResponse, ResponseOutparam};
use spin_sdk::wit::wasi::http0_2_0::types::{ErrorCode, http_error_code};
use spin_sdk::wit::wasi::keyvalue::{batch, store as keyvalue};
use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::time::{Duration, Instant, SystemTime};
use wasi::io::streams::{OutputStream, StreamError};

/// How much of a request's body is read at once.
const READ_BYTES: u64 = 64 * 1024;

mod snapshot {
    spin_sdk::wit_bindgen::generate!({
        inline: "package mayfly:blog; world snapshot { export wizer-initialize: func(); }",
        runtime_path: "::spin_sdk::wit_bindgen::rt",
    });

    struct Blog;

    // Hosts that know this name (it is Wizer's convention) call it once, before the first
    // request, and start every instance from the memory it leaves. It must import nothing.
    impl Guest for Blog {
        fn wizer_initialize() {
            crate::warm();
        }
    }

    export!(Blog);
}

// Not async: an instance has one request, so waiting is the host's business alone.
#[spin_sdk::http_component]
fn handle(incoming: IncomingRequest, out: ResponseOutparam) {
    let request = head(&incoming);
    let host = Spin {
        incoming,
        bucket: OnceCell::new(),
        start: Instant::now(),
    };
    let response = crate::respond(&host, &request);
    send(out, response, request.method, &host);
}

/// Reads a request up to its body.
fn head(incoming: &IncomingRequest) -> Request {
    let path_and_query = incoming.path_with_query().unwrap_or_default();
    let (path, query) = path_and_query
        .split_once('?')
        .unwrap_or((&path_and_query, ""));
    let method = Method::parse(method_name(&incoming.method()));
    let fields = incoming.headers();
    let headers = relevant_headers(method, path)
        .iter()
        .filter_map(|&name| Some((name, first(&fields, name)?)));
    Request {
        method,
        path: path.to_owned(),
        query: query.to_owned(),
        headers: headers.collect(),
    }
}

fn first(fields: &Fields, name: &str) -> Option<String> {
    let value = fields.get(&name.to_owned()).into_iter().next()?;
    String::from_utf8(value).ok()
}

fn method_name(method: &spin_sdk::http::Method) -> &str {
    use spin_sdk::http::Method as M;
    match method {
        M::Get => "GET",
        M::Head => "HEAD",
        M::Put => "PUT",
        M::Delete => "DELETE",
        M::Post => "POST",
        M::Options => "OPTIONS",
        M::Connect | M::Patch | M::Trace | M::Other(_) => "",
    }
}

fn send(out: ResponseOutparam, response: Response, method: Method, host: &Spin) {
    let body = response.body;
    let has_content = response.status != 204 && response.status != 304;
    let length = body.length().filter(|_| has_content);
    let mut headers: Vec<(String, Vec<u8>)> = response
        .headers
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.into_owned().into_bytes()))
        .collect();
    if let Some(length) = length {
        headers.push(("content-length".to_owned(), length.to_string().into_bytes()));
    }
    let Some((outgoing, stream)) = outgoing(response.status, &headers, host) else {
        return;
    };
    let mut sending = Sending {
        head: Some((out, outgoing.head)),
        stream,
    };
    let is_sent = method == Method::Head || !has_content;
    let sent = if is_sent {
        Ok(())
    } else {
        body.send(host, &mut |piece| sending.write(piece))
    };
    if let Err(error) = sent {
        host.log(&error.to_string());
        if let Some((out, head)) = sending.head.take() {
            drop((sending, outgoing.body, head));
            failed_to_read(out, host);
        }
        return;
    }
    sending.send_head();
    drop(sending);
    // After a HEAD there is no body of the length that was announced, and that is as it should be.
    if OutgoingBody::finish(outgoing.body, None).is_err() && !is_sent {
        host.log("the response ended before its body");
    }
}

/// A response that can be written to, and is not sent yet.
struct Outgoing {
    body: OutgoingBody,
    head: OutgoingResponse,
}

fn outgoing(
    status: u16,
    headers: &[(String, Vec<u8>)],
    host: &Spin,
) -> Option<(Outgoing, OutputStream)> {
    let Ok(fields) = Fields::from_list(headers) else {
        host.log("a response header is not one that HTTP allows");
        return None;
    };
    let head = OutgoingResponse::new(fields);
    if head.set_status_code(status).is_err() {
        host.log("a response status is not one that HTTP allows");
        return None;
    }
    let opened = head.body().and_then(|body| {
        let stream = body.write()?;
        Ok((body, stream))
    });
    let Ok((body, stream)) = opened else {
        host.log("the body of a response cannot be opened");
        return None;
    };
    Some((Outgoing { body, head }, stream))
}

/// The answer where nothing of a file can be read.
fn failed_to_read(out: ResponseOutparam, host: &Spin) {
    let never = ("cache-control".to_owned(), b"no-store".to_vec());
    if let Some((outgoing, stream)) = outgoing(500, &[never], host) {
        out.set(outgoing.head);
        drop(stream);
        if OutgoingBody::finish(outgoing.body, None).is_err() {
            host.log("the response ended before its body");
        }
    }
}

/// A response on its way.
struct Sending {
    /// `None` once it is sent.
    head: Option<(ResponseOutparam, OutgoingResponse)>,
    stream: OutputStream,
}

impl Sending {
    fn send_head(&mut self) {
        if let Some((out, head)) = self.head.take() {
            out.set(head);
        }
    }

    fn write(&mut self, mut piece: &[u8]) -> ControlFlow<()> {
        while !piece.is_empty() {
            match self.stream.check_write() {
                Ok(0) => {
                    // Nobody makes room for a body whose head is not sent.
                    self.send_head();
                    self.stream.subscribe().block();
                }
                Ok(room) => {
                    let room = usize::try_from(room).unwrap_or(usize::MAX);
                    let (now, later) = piece.split_at(piece.len().min(room));
                    if self.stream.write(now).is_err() {
                        return ControlFlow::Break(());
                    }
                    // With bytes behind it the head goes out in one segment with them: Spin sends
                    // a head alone at once, and then the body waits for the client's delayed
                    // acknowledgement, which takes some 40 ms.
                    self.send_head();
                    piece = later;
                }
                // The client has gone.
                Err(_) => return ControlFlow::Break(()),
            }
        }
        ControlFlow::Continue(())
    }
}

/// Spin, or any host that offers the same interfaces.
struct Spin {
    incoming: IncomingRequest,
    bucket: OnceCell<keyvalue::Bucket>,
    start: Instant,
}

impl Spin {
    /// The default store, opened when it is first asked.
    fn bucket(&self) -> Result<&keyvalue::Bucket, StoreError> {
        if let Some(bucket) = self.bucket.get() {
            return Ok(bucket);
        }
        let bucket = keyvalue::open("default").map_err(failed)?;
        Ok(self.bucket.get_or_init(|| bucket))
    }
}

impl Store for Spin {
    fn get_many(&self, keys: &[String]) -> Result<Vec<Option<Vec<u8>>>, StoreError> {
        let bucket = self.bucket()?;
        if let [key] = keys {
            return Ok(vec![bucket.get(key).map_err(failed)?]);
        }
        let each: BTreeSet<&String> = keys.iter().collect();
        let each: Vec<String> = each.into_iter().cloned().collect();
        if let Ok(found) = batch::get_many(bucket, &each) {
            return Ok(store::in_order(keys, found));
        }
        // Spin's Redis store sends KEYS where MGET is meant, which fails; this works there.
        keys.iter()
            .map(|key| bucket.get(key).map_err(failed))
            .collect()
    }

    fn set_many(&self, entries: &[(String, Vec<u8>)]) -> Result<(), StoreError> {
        let bucket = self.bucket()?;
        match entries {
            [(key, value)] => bucket.set(key, value).map_err(failed),
            entries => batch::set_many(bucket, entries).map_err(failed),
        }
    }

    fn delete_many(&self, keys: &[String]) -> Result<(), StoreError> {
        batch::delete_many(self.bucket()?, keys).map_err(failed)
    }

    fn list_keys(&self, cursor: Option<String>) -> Result<KeyPage, StoreError> {
        let page = self
            .bucket()?
            .list_keys(cursor.as_deref())
            .map_err(failed)?;
        Ok(KeyPage {
            keys: page.keys,
            cursor: page.cursor,
        })
    }
}

fn failed(error: keyvalue::Error) -> StoreError {
    StoreError(match error {
        keyvalue::Error::NoSuchStore => "there is no store named default".to_owned(),
        keyvalue::Error::AccessDenied => {
            "the component may not use the store default: list it in key_value_stores".to_owned()
        }
        keyvalue::Error::Other(text) => text,
    })
}

impl Host for Spin {
    fn now(&self) -> i64 {
        SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)
            .map_or(0, |elapsed| {
                i64::try_from(elapsed.as_secs()).unwrap_or(i64::MAX)
            })
    }

    fn admin_token(&self) -> Option<String> {
        spin_sdk::variables::get("admin_token")
            .ok()
            .filter(|token| !token.is_empty())
    }

    fn body(&self, limit: usize) -> Result<Vec<u8>, BodyError> {
        let length = first(&self.incoming.headers(), "content-length");
        let length = length.and_then(|length| length.parse().ok());
        let mut buffer = BodyBuffer::new(length, limit)?;
        let body = self.incoming.consume();
        let body = body.map_err(|()| BodyError::Incomplete)?;
        let stream = body.stream().map_err(|()| BodyError::Incomplete)?;
        loop {
            match stream.blocking_read(READ_BYTES) {
                Ok(piece) => buffer.push(&piece)?,
                Err(StreamError::Closed) => return Ok(buffer.finish()),
                Err(StreamError::LastOperationFailed(error)) => {
                    return Err(match http_error_code(&error) {
                        Some(ErrorCode::ConnectionReadTimeout | ErrorCode::ConnectionTimeout) => {
                            BodyError::TooSlow
                        }
                        Some(ErrorCode::HttpRequestBodySize(_)) => BodyError::TooLarge { limit },
                        _ => BodyError::Incomplete,
                    });
                }
            }
        }
    }

    fn nonce(&self) -> u64 {
        // Not the standard library's random state: hosts that start instances from a snapshot
        // start all of them with the same one.
        let (one, other) = wasi::random::insecure_seed::insecure_seed();
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let nanos = now.map_or(0, |now| now.subsec_nanos());
        one ^ other.rotate_left(32) ^ u64::from(nanos)
    }

    fn pause(&self, time: Duration) {
        std::thread::sleep(time);
    }

    fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    fn log(&self, message: &str) {
        eprintln!("{message}");
    }
}
