//! What the blog asks of the place where it runs, beside the store: six things, no more.

use crate::store::Store;
use std::time::Duration;

/// The surroundings of one request.
pub trait Host: Store {
    /// The time, in seconds since 1970. Read once per request.
    fn now(&self) -> i64;

    /// The token that publishers must show; `None` where none is set.
    fn admin_token(&self) -> Option<String>;

    /// A number that no other request has.
    fn nonce(&self) -> u64;

    /// Lets time pass. Only the writer's lock waits.
    fn pause(&self, time: Duration);

    /// The time since some moment: how long something took.
    fn elapsed(&self) -> Duration;

    /// Says something to whoever runs the blog; never to a visitor.
    fn log(&self, message: &str);
}
