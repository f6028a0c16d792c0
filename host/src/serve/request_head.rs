//! The head of a request: what HTTP and this server demand of it before its body is read.

use hyper::body::Body;
use hyper::header::{EXPECT, HOST, HeaderName, HeaderValue, TRANSFER_ENCODING};
use hyper::http::uri::Authority;
use hyper::{HeaderMap, Method, Request, StatusCode, Version};

/// The longest path of a request, query included.
const URI_BYTES: usize = 8 * 1024;

/// The status to refuse `request` with, if its head is not acceptable or its body says that it is
/// larger than `body_bytes`. A request that it passes has a host.
pub(super) fn objection<B: Body>(
    request: &mut Request<B>,
    body_bytes: usize,
) -> Option<StatusCode> {
    let path = request.uri().path_and_query();
    if path.is_some_and(|path| path.as_str().len() > URI_BYTES) {
        return Some(StatusCode::URI_TOO_LONG);
    }
    if !settle_host(request) {
        return Some(StatusCode::BAD_REQUEST);
    }
    if request.method() == Method::CONNECT {
        return Some(StatusCode::NOT_IMPLEMENTED);
    }
    let codings = request.headers().get_all(TRANSFER_ENCODING).iter().count();
    if codings > 1 || has_other(request.headers(), &TRANSFER_ENCODING, "chunked") {
        return Some(StatusCode::NOT_IMPLEMENTED);
    }
    if request.version() != Version::HTTP_10
        && has_other(request.headers(), &EXPECT, "100-continue")
    {
        return Some(StatusCode::EXPECTATION_FAILED);
    }
    let is_large = request.body().size_hint().lower() > body_bytes as u64;
    is_large.then_some(StatusCode::PAYLOAD_TOO_LARGE)
}

/// Whether the host of `request` is clear, by RFC 9112, section 3.2: one valid `Host`, which may be
/// missing in HTTP/1.0 alone. What the target itself names counts more, so it must be valid too.
fn settle_host<B>(request: &mut Request<B>) -> bool {
    let target = request.uri().authority();
    if target.is_some_and(|authority| !is_host(authority.as_str().as_bytes())) {
        return false;
    }
    let mut hosts = request.headers().get_all(HOST).iter();
    match (hosts.next(), hosts.next()) {
        (Some(host), None) => is_host(host.as_bytes()),
        (None, _) if request.version() == Version::HTTP_10 => {
            let host = HeaderValue::from_static("localhost");
            request.headers_mut().insert(HOST, host);
            true
        }
        _ => false,
    }
}

/// Whether this is a name or an address, with or without a port.
fn is_host(text: &[u8]) -> bool {
    let Ok(authority) = Authority::try_from(text) else {
        return false;
    };
    let host = authority.host();
    let port = authority.as_str().strip_prefix(host);
    // A user would come before the host.
    !host.is_empty()
        && port.is_some_and(|port| match port.strip_prefix(':') {
            Some("") => true,
            Some(port) => {
                port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok()
            }
            None => port.is_empty(),
        })
}

/// Whether a header has a value that is not the only known one.
fn has_other(headers: &HeaderMap, name: &HeaderName, known: &str) -> bool {
    let mut values = headers.get_all(name).iter();
    values.any(|value| !value.as_bytes().eq_ignore_ascii_case(known.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts() {
        for host in [
            "x",
            "a.example:80",
            "127.0.0.1:1",
            "[::1]:3000",
            "[::1]",
            "a_b",
            "x:",
        ] {
            assert!(is_host(host.as_bytes()), "{host}");
        }
        for host in [
            "", ":80", "a b", "<script>", "user@x", "x:port", "x:+1", "x:99999", "a/b", "a,b c",
            "x:1:2", "[::1",
        ] {
            assert!(!is_host(host.as_bytes()), "{host}");
        }
    }
}
