//! The only file that knows WASI and Spin: it turns their request, store, clock and variables
//! into the blog's own, and the blog's response into theirs.

use crate::host::Host;
use crate::request::{Method, Request};
use crate::response::Response;
use crate::store::{KeyPage, Store, StoreError};
use spin_sdk::http::{Fields, IncomingRequest, OutgoingBody, OutgoingResponse, ResponseOutparam};
use spin_sdk::wit::wasi::keyvalue::{batch, store};
use std::cell::OnceCell;
use std::time::{Duration, Instant, SystemTime};
use wasi::io::streams::StreamError;

/// The headers that the blog looks at; the others are not copied into the instance.
const KNOWN_HEADERS: [&str; 6] = [
    "authorization",
    "content-type",
    "if-match",
    "if-none-match",
    "if-range",
    "range",
];

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
            crate::preload_templates();
        }
    }

    export!(Blog);
}

// Not async: an instance has one request, so waiting is the host's business alone.
#[spin_sdk::http_component]
fn handle(incoming: IncomingRequest, out: ResponseOutparam) {
    let host = Spin {
        bucket: OnceCell::new(),
        start: Instant::now(),
    };
    let Some(request) = read(incoming) else {
        return host.log("the request's body broke off");
    };
    let response = crate::respond(&host, &request);
    send(out, response, request.method, &host);
}

/// Reads a request; `None` where the client broke off.
fn read(incoming: IncomingRequest) -> Option<Request> {
    let path_and_query = incoming.path_with_query().unwrap_or_default();
    let (path, query) = path_and_query
        .split_once('?')
        .unwrap_or((&path_and_query, ""));
    let fields = incoming.headers();
    let first = |name: &str| fields.get(&name.to_owned()).into_iter().next();
    let text = |name: &str| first(name).and_then(|value| String::from_utf8(value).ok());
    let headers = KNOWN_HEADERS
        .iter()
        .filter_map(|&name| Some((name.to_owned(), text(name)?)))
        .collect();
    let mut request = Request {
        method: Method::parse(method_name(&incoming.method())),
        path: path.to_owned(),
        query: query.to_owned(),
        headers,
        body: Vec::new(),
    };
    if matches!(request.method, Method::Put | Method::Post) {
        let length = text("content-length")
            .and_then(|length| length.parse().ok())
            .unwrap_or(0);
        request.body = read_body(&incoming, length)?;
    }
    Some(request)
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

/// Reads the body; its length, where known, saves the copies of a growing buffer.
fn read_body(incoming: &IncomingRequest, length: usize) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(length).ok()?;
    let body = incoming.consume().ok()?;
    let stream = body.stream().ok()?;
    loop {
        match stream.blocking_read(READ_BYTES) {
            Ok(piece) => bytes.extend(piece),
            Err(StreamError::Closed) => return Some(bytes),
            Err(StreamError::LastOperationFailed(_)) => return None,
        }
    }
}

fn send(out: ResponseOutparam, response: Response, method: Method, host: &Spin) {
    let length = response.body.length();
    let mut headers: Vec<(String, Vec<u8>)> = response
        .headers
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.into_bytes()))
        .collect();
    if let Some(length) = length.filter(|_| response.status != 304 && response.status != 204) {
        headers.push(("content-length".to_owned(), length.to_string().into_bytes()));
    }
    let Ok(fields) = Fields::from_list(&headers) else {
        return host.log("a response header is not one that HTTP allows");
    };
    let outgoing = OutgoingResponse::new(fields);
    if outgoing.set_status_code(response.status).is_err() {
        return host.log("a response status is not one that HTTP allows");
    }
    let Ok(body) = outgoing.body() else { return };
    out.set(outgoing);
    if method != Method::Head {
        let Ok(stream) = body.write() else { return };
        let sent = response.body.pieces(host, |mut piece| {
            while !piece.is_empty() {
                match stream.check_write() {
                    Ok(0) => stream.subscribe().block(),
                    Ok(room) => {
                        let (now, later) = piece
                            .split_at(piece.len().min(usize::try_from(room).unwrap_or(usize::MAX)));
                        if stream.write(now).is_err() {
                            return;
                        }
                        piece = later;
                    }
                    // The client has gone; nobody waits for the rest.
                    Err(_) => return,
                }
            }
        });
        if let Err(error) = sent {
            return host.log(&error.to_string());
        }
    }
    if OutgoingBody::finish(body, None).is_err() {
        host.log("the response ended before its body");
    }
}

/// Spin, or any host that offers the same interfaces.
struct Spin {
    bucket: OnceCell<store::Bucket>,
    start: Instant,
}

impl Spin {
    /// The default store, opened when it is first asked.
    fn bucket(&self) -> Result<&store::Bucket, StoreError> {
        if let Some(bucket) = self.bucket.get() {
            return Ok(bucket);
        }
        let bucket = store::open("default").map_err(failed)?;
        Ok(self.bucket.get_or_init(|| bucket))
    }
}

impl Store for Spin {
    fn get_many(&self, keys: &[String]) -> Result<Vec<Option<Vec<u8>>>, StoreError> {
        let bucket = self.bucket()?;
        if let [key] = keys {
            return Ok(vec![bucket.get(key).map_err(failed)?]);
        }
        // The interface does not promise the order of the keys.
        let Ok(mut found) = batch::get_many(bucket, keys) else {
            // Spin's Redis store sends KEYS where MGET is meant, which fails; this works there.
            let values = keys.iter().map(|key| bucket.get(key).map_err(failed));
            return values.collect();
        };
        if found.len() == keys.len() && found.iter().zip(keys).all(|((name, _), key)| name == key) {
            return Ok(found.into_iter().map(|(_, value)| value).collect());
        }
        Ok(keys
            .iter()
            .map(|key| {
                found
                    .iter_mut()
                    .find(|(name, _)| name == key)
                    .and_then(|(_, value)| value.take())
            })
            .collect())
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

fn failed(error: store::Error) -> StoreError {
    StoreError(match error {
        store::Error::NoSuchStore => "there is no store named default".to_owned(),
        store::Error::AccessDenied => {
            "the component may not use the store default: list it in key_value_stores".to_owned()
        }
        store::Error::Other(text) => text,
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
