//! What a response took: `Server-Timing`, the access log and the metrics.

use std::thread;
use std::time::{Duration, Instant};

use super::guests::behaviours;
use super::metrics::metrics;
use super::program::{Server, Site, wait_until};

#[test]
fn server_timing_says_what_a_response_cost() {
    let site = Site::of(&behaviours());
    let server = site.serve(&["--store", "memory", "--server-timing", "--log", "json"]);
    let reply = server.get("/memory?2");
    let timing = reply.header("server-timing").unwrap();
    server.prints("\"path\":\"/memory\"");
    let output = server.output();
    let (_, peak) = output.split_once("\"peak_memory_bytes\":").unwrap();
    let peak: String = peak.chars().take_while(char::is_ascii_digit).collect();
    assert!(
        timing.ends_with(&format!("peak-memory;desc=\"{peak} bytes\"")),
        "{timing}"
    );
    let parts: Vec<_> = timing
        .split(", ")
        .take(4)
        .map(|part| part.split_once(";dur=").unwrap())
        .collect();
    let names = ["queue", "instantiate", "execute", "store"];
    for ((name, ms), expected) in parts.into_iter().zip(names) {
        assert_eq!(name, expected);
        ms.parse::<f64>().unwrap();
    }
    let stored = server.put("/store/default/a", b"text");
    let timing = stored.header("server-timing").unwrap();
    for part in timing.split(", ").filter(|part| part.contains(";dur=")) {
        let (name, ms) = part.split_once(";dur=").unwrap();
        assert!(
            name == "queue" || ms.parse::<f64>().unwrap() > 0.0,
            "{timing}"
        );
    }
    let quiet = site.serve(&["--store", "memory"]);
    assert_eq!(quiet.get("/method").header("server-timing"), None);
}

/// What a request spends in the queue if another holds the only instance while it arrives.
fn queued_behind_another(server: &Server) -> Duration {
    thread::scope(|scope| {
        let slow = scope.spawn(|| server.get("/sleep?1000"));
        wait_until("the slow request", || {
            let alive = server.debug("/metrics");
            alive.text().contains("mayfly_instances_alive 1\n")
        });
        let start = Instant::now();
        let reply = server.get("/method");
        let elapsed = start.elapsed();
        assert_eq!(slow.join().unwrap().text(), "slept");
        let timing = reply.header("server-timing").unwrap();
        let (queue, _) = timing
            .strip_prefix("queue;dur=")
            .unwrap()
            .split_once(',')
            .unwrap();
        let queue = Duration::from_secs_f64(queue.parse::<f64>().unwrap() / 1000.0);
        assert!(queue <= elapsed, "{timing}");
        queue
    })
}

#[test]
fn the_time_in_the_queue_is_shown() {
    let site = Site::of(&behaviours());
    let server = site.serve(&[
        "--store",
        "memory",
        "--instances",
        "1",
        "--queue-limit",
        "60s",
        "--server-timing",
        "--debug-listen",
        "127.0.0.1:0",
        "--log",
        "json",
    ]);
    // A test that was itself held up may have sent the second request too late to wait.
    let mut requests = 0;
    wait_until("a request that waited", || {
        requests += 2;
        queued_behind_another(&server) >= Duration::from_millis(100)
    });
    let metrics = metrics(&server, f64::from(requests));
    assert_eq!(
        metrics.value("mayfly_request_queue_seconds_count"),
        f64::from(requests)
    );
    let queued = metrics.value("mayfly_request_queue_seconds_sum");
    assert!(queued >= 0.1, "{queued}");
    assert!(queued <= metrics.value("mayfly_request_duration_seconds_sum"));
    let field = |line: &str, name: &str| {
        let (_, rest) = line.split_once(&format!("\"{name}\":")).unwrap();
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap();
        rest[..end].parse::<u64>().unwrap()
    };
    let output = server.output();
    let logged = output
        .lines()
        .rfind(|line| line.contains("\"path\":\"/method\""));
    let logged = logged.unwrap();
    let (us, queue_us) = (field(logged, "us"), field(logged, "queue_us"));
    assert!(us >= queue_us && queue_us >= 100_000, "{logged}");
    let page = server.debug("/debug/");
    assert!(page.text().contains("<th>queue</th>"), "{}", page.text());
}
