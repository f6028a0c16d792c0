//! `Server-Timing`: what a response has cost, in a header that browsers show.
//!
//! The head goes out before the body is done, so the numbers are those until the component gave
//! the head: for a component that writes its body afterwards they are lower than the final
//! ones, which the access log has.

use hyper::Response;
use hyper::header::{HeaderName, HeaderValue};

use instance::ResponseBody;

const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");

/// Adds the header to those that the component may have set.
pub(super) fn add(response: &mut Response<ResponseBody>) {
    let used = response.body().live().read();
    let ms = |time: std::time::Duration| time.as_micros() as f64 / 1000.0;
    let value = format!(
        "queue;dur={}, instantiate;dur={}, execute;dur={}, store;dur={}, peak-memory;desc=\"{} bytes\"",
        ms(used.queue),
        ms(used.instantiate),
        ms(used.execute),
        ms(used.store),
        used.peak_memory_bytes
    );
    if let Ok(value) = HeaderValue::from_str(&value) {
        response.headers_mut().append(SERVER_TIMING, value);
    }
}
