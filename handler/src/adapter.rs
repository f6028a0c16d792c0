//! The only place that knows WASI and Spin: it turns their request, store, clock and variables
//! into the blog's own, and the blog's response into theirs.

mod outgoing;

use crate::body::{BodyBuffer, BodyError};
use crate::host::Host;
use crate::request::{Method, Request, relevant_headers};
use crate::store::{self, KeyPage, Store, StoreError};
use spin_sdk::http::{Fields, IncomingRequest, ResponseOutparam};
use spin_sdk::wit::wasi::http0_2_0::types::{ErrorCode, http_error_code};
use spin_sdk::wit::wasi::keyvalue::{batch, store as keyvalue};
use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::time::{Duration, Instant, SystemTime};
use wasi::io::streams::StreamError;

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
    let request = head(&incoming);
    let host = Spin {
        incoming,
        bucket: OnceCell::new(),
        start: Instant::now(),
    };
    let response = crate::respond(&host, &request);
    outgoing::send(out, response, request.method, &host);
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
