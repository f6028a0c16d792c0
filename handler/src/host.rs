//! What the blog asks of the place where it runs, beside the store.

use crate::body::BodyError;
use crate::store::Store;
use std::time::Duration;

/// The surroundings of one request.
pub trait Host: Store {
    /// The wall clock, in seconds since 1970.
    fn now(&self) -> i64;

    /// The token that publishers must show; `None` where none is set.
    fn admin_token(&self) -> Option<String>;

    /// The body of the request, which can be read once. No more than `limit` bytes are read.
    fn body(&self, limit: usize) -> Result<Vec<u8>, BodyError>;

    /// A number that no other request has.
    fn nonce(&self) -> u64;

    /// Lets time pass. Only the writer's lock waits.
    fn pause(&self, time: Duration);

    /// Monotonic time since an arbitrary origin; only differences mean anything.
    fn elapsed(&self) -> Duration;

    /// Says something to whoever runs the blog; never to a visitor.
    fn log(&self, message: &str);
}
