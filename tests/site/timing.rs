//! `Server-Timing`: what the instance of a response has used.

use super::guests::behaviours;
use super::program::Site;

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
        .take(3)
        .map(|part| part.split_once(";dur=").unwrap())
        .collect();
    for ((name, ms), expected) in parts.into_iter().zip(["instantiate", "execute", "store"]) {
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
