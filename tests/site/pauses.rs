//! A machine that stands still for a moment, as one does that is suspended or has too much to do.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread;
use std::time::Duration;

use super::depth;
use super::program::{Server, wait_until};

/// Longer than an instance may use the processor.
const PAUSE: Duration = Duration::from_millis(1300);

/// Ends the publishers, also where the test has failed.
struct End<'a>(&'a AtomicBool);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.store(true, Relaxed);
    }
}

#[test]
fn publishing_goes_on_after_a_pause() {
    let (_site, server) = depth::publishing(&[]);
    let end = AtomicBool::new(false);
    let (server, end) = (&server, &end);
    let statuses: Vec<u16> = thread::scope(|scope| {
        let publish = |publisher| scope.spawn(move || publish(server, publisher, end));
        let publishers: Vec<_> = (0..4).map(publish).collect();
        let ending = End(end);
        for _ in 0..4 {
            let written = || server.output().matches("method=PUT").count();
            let before = written();
            wait_until("more posts", || written() > before + 4);
            server.signal("STOP");
            thread::sleep(PAUSE);
            server.signal("CONT");
        }
        drop(ending);
        let statuses = publishers.into_iter().map(|all| all.join().unwrap());
        statuses.flatten().collect()
    });
    assert!(statuses.len() > 16);
    assert!(
        statuses.iter().all(|status| *status < 300),
        "{statuses:?}: {}",
        server.output()
    );
}

/// Publishes posts until the end; the statuses of the answers.
fn publish(server: &Server, publisher: u32, end: &AtomicBool) -> Vec<u16> {
    // It takes a while, so that pauses come in the middle of it.
    let text = "Some *text* with `code` and a [link](/posts/other).\n\n".repeat(1500);
    let post = format!("---\ntitle: A post\ndate: 2024-01-01\n---\n{text}");
    let mut statuses = Vec::new();
    while !end.load(Relaxed) {
        let path = format!("/api/posts/p{publisher}-{}", statuses.len());
        statuses.push(depth::put(server, &path, &post).status);
    }
    statuses
}
