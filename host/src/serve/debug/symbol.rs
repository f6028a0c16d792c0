//! `/debug/pprof/symbol`: names for the addresses in a heap profile that was read as text. It
//! is how `go tool pprof` asks for them: `0x1+0x2` in a POST, or in the query of a GET.

use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::{Method, Request, StatusCode};

use super::answer::{Answer, Failure, plain};
use super::heap::Heap;

/// Some ten thousands of addresses.
const MOST_BYTES: usize = 1 << 20;

/// Says what it knows of the last profile.
pub(super) async fn look_up(heap: &Heap, request: Request<Incoming>) -> Result<Answer, Failure> {
    let asked = match *request.method() {
        Method::POST => body(request).await?,
        _ => request.uri().query().unwrap_or_default().to_owned(),
    };
    // What Go says first: whether there are any symbols.
    let mut text = "num_symbols: 1\n".to_owned();
    for address in asked.split('+') {
        let number = address.trim().strip_prefix("0x");
        let number = number.and_then(|number| u64::from_str_radix(number, 16).ok());
        if let Some(name) = number.and_then(|number| heap.name(number)) {
            text += &format!("{} {name}\n", address.trim());
        }
    }
    Ok(plain(StatusCode::OK, text))
}

async fn body(request: Request<Incoming>) -> Result<String, Failure> {
    let body = Limited::new(request.into_body(), MOST_BYTES)
        .collect()
        .await;
    let body = body.map_err(|error| {
        Failure::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            format!("cannot read the addresses: {error}"),
        )
    })?;
    Ok(String::from_utf8_lossy(&body.to_bytes()).into_owned())
}
