//! Refusals: the short answers that the host gives itself. They show nothing of its inside.

use bytes::Bytes;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};
use hyper::header::{CONNECTION, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use hyper::{Response, StatusCode};

use instance::{End, Sample};

/// What a client gets.
pub(super) type Answer = Response<AnswerBody>;

/// Its body, wherever it comes from.
pub(super) type AnswerBody = UnsyncBoxBody<Bytes, wasmtime_wasi_http::Error>;

/// The status that the client saw: that of what was wrong with the request, that of the
/// component's answer, or that of the answer in its place.
pub(super) fn seen(fault: Option<StatusCode>, sample: &Sample) -> u16 {
    let fault = fault.map(|status| status.as_u16());
    let status = || sample.end.status().as_u16();
    fault.or(sample.status).unwrap_or_else(status)
}

/// A response that says only its status.
pub(super) fn answer(status: StatusCode) -> Answer {
    with_reason(status, "")
}

/// The response in place of one that the instance did not give. It names the limit that the
/// request reached, if it was that: a publisher can then send less at once.
pub(super) fn of_end(end: &End) -> Answer {
    match end.limit() {
        Some(limit) => with_reason(end.status(), &format!(": the request reached the {limit}")),
        None => answer(end.status()),
    }
}

fn with_reason(status: StatusCode, reason: &str) -> Answer {
    let text = status.canonical_reason().unwrap_or("error").to_lowercase();
    let body = Full::from(format!("{text}{reason}\n"))
        .map_err(|never| match never {})
        .boxed_unsync();
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("text/plain; charset=utf-8"),
    );
    match status {
        StatusCode::SERVICE_UNAVAILABLE => {
            headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        // The rest of the request is not read, so no other can follow it.
        StatusCode::REQUEST_TIMEOUT | StatusCode::PAYLOAD_TOO_LARGE => {
            headers.insert(CONNECTION, HeaderValue::from_static("close"));
        }
        _ => {}
    }
    response
}
