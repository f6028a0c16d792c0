//! A reader who asks for pages all the time while a host lives, and wants every one of them.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle, sleep};
use std::time::Duration;

use super::blog::shows_one_version;
use super::client::Client;

/// Reads in a thread of its own; ends when it is dropped.
pub struct Reader {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    /// The host that lives; none while there is none.
    host: Mutex<Option<String>>,
    answers: AtomicU64,
    is_over: AtomicBool,
}

/// Between two requests: many readers share few processors.
const PAUSE: Duration = Duration::from_millis(25);

const LISTS: [&str; 6] = [
    "/",
    "/tags/all",
    "/tags",
    "/archive",
    "/feed.xml",
    "/sitemap.xml",
];

impl Reader {
    /// Begins to read the lists, and these posts.
    pub fn start(slugs: Vec<String>) -> Self {
        let shared = Arc::new(Shared {
            host: Mutex::default(),
            answers: AtomicU64::new(0),
            is_over: AtomicBool::new(false),
        });
        let reading = Arc::clone(&shared);
        Self {
            shared,
            thread: Some(thread::spawn(move || read(&reading, &slugs))),
        }
    }

    /// Says which host lives.
    pub fn turn_to(&self, host: Option<&Client>) {
        *self.shared.host.lock().unwrap() = host.map(|host| host.address.clone());
    }

    /// How many pages it got; panics if it missed one.
    #[track_caller]
    pub fn end(mut self) -> u64 {
        self.shared.is_over.store(true, Relaxed);
        self.thread.take().unwrap().join().expect("no error page");
        self.shared.answers.load(Relaxed)
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.shared.is_over.store(true, Relaxed);
    }
}

fn read(shared: &Shared, slugs: &[String]) {
    let posts = slugs.iter().map(|slug| format!("/posts/{slug}"));
    let paths: Vec<String> = LISTS
        .iter()
        .map(|&path| path.to_owned())
        .chain(posts)
        .collect();
    for path in paths.iter().cycle() {
        if shared.is_over.load(Relaxed) {
            return;
        }
        sleep(PAUSE);
        let Some(address) = shared.host.lock().unwrap().clone() else {
            continue;
        };
        let host = Client { address };
        match host.get(path) {
            Ok(page) => {
                assert_eq!(page.status, 200, "{path}: {}", page.text());
                if let Some(slug) = path.strip_prefix("/posts/") {
                    shows_one_version(slug, page.text());
                }
                shared.answers.fetch_add(1, Relaxed);
            }
            // No host, no page: that is for who keeps the host alive.
            Err(error) => {
                let lives = shared.host.lock().unwrap().as_ref() == Some(&host.address);
                assert!(!lives, "{path}: {error}");
            }
        }
    }
}
