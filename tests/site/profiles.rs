//! Profiles of a program that serves, read by the tool that the format comes from.

use std::process::Command;
use std::thread;

use super::metrics::server;
use super::program::{Server, Site, wait_until};

/// What `go tool pprof` shows of a profile that it fetches itself.
#[track_caller]
fn go_pprof(site: &Site, server: &Server, arguments: &[&str], profile: &str) -> String {
    let url = format!("http://{}/debug/pprof/{profile}", server.debug_address());
    let output = Command::new("go")
        .args(["tool", "pprof"])
        .args(arguments)
        .arg(url)
        .env("PPROF_TMPDIR", &site.folder)
        .output();
    let output = output.expect("`go` does not start: install the Debian package golang-go");
    let text = String::from_utf8(output.stdout).unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}{error}");
    text
}

#[test]
fn heap_of_a_path() {
    let (site, server) = server(&[]);
    let profile = "heap?path=/memory%3F1&n=3";
    let top = go_pprof(
        &site,
        &server,
        &["-top", "-unit=B", "-sample_index=alloc_space"],
        profile,
    );
    assert!(top.contains("3145728B"), "three times 1 MiB: {top}");
    assert!(top.contains("misbehave::allocate"), "{top}");
    let top = go_pprof(&site, &server, &["-top"], profile);
    assert!(top.contains("Type: inuse_space"), "{top}");
    let top = go_pprof(&site, &server, &["-top"], "allocs?path=/memory%3F1");
    assert!(top.contains("Type: alloc_space"), "{top}");
}

#[test]
fn what_clients_add_to_the_query_is_accepted() {
    let (site, server) = server(&[]);
    let profile = "heap?path=/memory%3F1&n=1";
    // The client gives up after one and a half times as long.
    let seconds = ["-top", "-seconds=40", "-sample_index=alloc_space"];
    let top = go_pprof(&site, &server, &seconds, profile);
    assert!(top.contains("misbehave::allocate"), "{top}");
    for path in [
        "/debug/pprof/heap?gc=1&n=1",
        "/debug/pprof/allocs?seconds=1&n=1&no_such=",
        "/debug/pprof/host?gc=1",
        "/debug/pprof/?x",
        "/metrics?module=mayfly",
        "/healthz?probe=1",
    ] {
        let reply = server.debug(path);
        assert_eq!(reply.status, 200, "{path}: {}", reply.text());
    }
}

#[test]
fn heap_of_what_visitors_ask_for() {
    let (site, server) = server(&[]);
    let raw = go_pprof(&site, &server, &["-raw"], "heap?n=1");
    assert!(raw.contains("request:[GET /]"), "{raw}");
    for path in ["/method", "/method", "/memory?1", "/no-such"] {
        server.get(path);
    }
    server.put("/store/default/key", b"12345");
    wait_until("the end of all requests", || {
        server
            .debug("/metrics")
            .text()
            .contains("duration_seconds_count 5")
    });
    let raw = go_pprof(&site, &server, &["-raw"], "heap");
    assert!(raw.contains("request:[GET /method]"), "{raw}");
    assert!(raw.contains("request:[GET /memory?1]"), "{raw}");
    assert!(
        !raw.contains("/no-such") && !raw.contains("/store"),
        "{raw}"
    );
}

#[test]
fn a_profile_writes_nothing() {
    let (_site, server) = server(&[]);
    server.put("/store/default/key", b"12345");
    let reply = server.debug("/debug/pprof/heap?path=/touch/default/key&n=2");
    assert_eq!(reply.status, 200);
    assert_eq!(server.get("/store/default/key").text(), "12345");
    assert_eq!(server.get("/touch/default/key").text(), "set");
    assert_eq!(server.get("/store/default/key").text(), "touched");
}

#[test]
fn traffic_goes_on_beside_a_profile_and_there_is_one_at_a_time() {
    let (_site, server) = server(&[]);
    let profile = "/debug/pprof/heap?path=/sleep%3F2000&n=1";
    thread::scope(|scope| {
        let made = scope.spawn(|| until_made(&server, profile));
        wait_until("a refusal", || {
            refused(&server, profile, "another heap profile")
        });
        let mut answered = 0;
        while !made.is_finished() {
            assert_eq!(server.get("/method").status, 200);
            answered += 1;
        }
        assert!(answered > 0);
        made.join().unwrap();
    });
    until_made(&server, "/debug/pprof/heap?n=1");
}

/// Asks for a profile until nobody else has one made.
fn until_made(server: &Server, profile: &str) {
    wait_until(profile, || server.debug(profile).status == 200);
}

/// Whether a profile is refused because there is another.
fn refused(server: &Server, profile: &str, why: &str) -> bool {
    let reply = server.debug(profile);
    let refused = reply.status == 503 && reply.text().contains(why);
    assert!(refused || reply.status == 200, "{}", reply.text());
    refused && reply.header("retry-after") == Some("5")
}

#[test]
fn heap_of_the_host() {
    let (site, server) = server(&[]);
    for key in 0..20 {
        let reply = server.put(&format!("/store/default/{key}"), &vec![b'x'; 900_000]);
        assert_eq!(reply.status, 200);
    }
    let top = go_pprof(&site, &server, &["-top", "-cum", "-unit=B"], "host");
    assert!(top.contains("Type: inuse_space"), "{top}");
    assert!(top.contains("wasmtime"), "{top}");
    for internal in ["prof_backtrace", "_rjem_", "raw_vec"] {
        assert!(!top.contains(internal), "the allocator's own frames: {top}");
    }
}

#[test]
fn the_index_has_counts() {
    let (_site, server) = server(&[]);
    assert!(
        server
            .debug("/debug/pprof/")
            .text()
            .contains("<td class=\"n\">0</td><td><a href=\"heap\">")
    );
    server.debug("/debug/pprof/heap?n=1");
    let index = server.debug("/debug/pprof/");
    assert!(
        !index
            .text()
            .contains("<td class=\"n\">0</td><td><a href=\"heap\">"),
        "{}",
        index.text()
    );
}
