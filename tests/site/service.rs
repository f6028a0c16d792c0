//! A component of WASI 0.3: what it gets to see, and what it may not do.

use std::thread;

use super::guests::{behaviours, service};
use super::http;
use super::program::{Server, Site};

fn server(arguments: &[&str]) -> (Site, Server) {
    let site = Site::of(&service());
    let server = site.serve(&[&["--store", "memory"], arguments].concat());
    (site, server)
}

#[test]
fn requests_are_answered() {
    let (_site, server) = server(&[]);
    assert_eq!(server.get("/clean").text(), "done");
    assert_eq!(server.get("/nowhere").status, 404);
    assert_eq!(server.get("/clocks").text(), "true 8");
    assert_eq!(server.get("/address").text(), "localhost");
    assert_eq!(server.get("/sleep?10").text(), "done");
    assert_eq!(server.get("/refuse").status, 500);
    assert_eq!(server.get("/print").text(), "done");
    server.prints("guest: stdout: printed to stdout");
}

#[test]
fn bodies_stream() {
    let (_site, server) = server(&[]);
    let bytes = 64 << 20;
    let reply = server.get(&format!("/stream?{bytes}"));
    assert_eq!((reply.status, reply.body.len()), (200, bytes));
    let body = vec![b'x'; 2 << 20];
    let echoed = server.put("/echo", &body);
    // In chunks, each with a line before it.
    assert!(echoed.status == 200 && echoed.body.len() > body.len());
}

#[test]
fn limits_hold() {
    let (_site, server) = server(&["--cpu-limit", "100ms", "--time-limit", "2s"]);
    let unavailable = "service unavailable: the request reached the";
    for (path, text, reason) in [
        (
            "/bomb",
            &*format!("{unavailable} memory limit\n"),
            "memory limit of 16 MiB reached",
        ),
        (
            "/loop",
            &*format!("{unavailable} cpu limit\n"),
            "cpu limit of 100 ms reached",
        ),
        (
            "/sleep?60000",
            "gateway timeout: the request reached the time limit\n",
            "time limit of 2 s reached",
        ),
        (
            "/trap",
            "internal server error\n",
            "trap: wasm `unreachable` instruction executed",
        ),
    ] {
        assert_eq!(server.get(path).text(), text);
        server.prints(reason);
    }
    let reply = server.get("/late-trap");
    assert_eq!((reply.status, reply.text()), (200, "9\r\nonly this\r\n"));
}

#[test]
fn each_request_has_an_instance_of_its_own() {
    let (_site, server) = server(&["--memory-limit", "2MiB"]);
    thread::scope(|scope| {
        for client in 0..4 {
            let address = &server.address;
            scope.spawn(move || {
                // An instance that saw all of them would be beyond its limit.
                for page in 0..200 {
                    let path = format!("/cache?{client}-{page}");
                    assert_eq!(http::request(address, "GET", &path, b"").text(), "done");
                }
            });
        }
    });
}

#[test]
fn a_host_that_is_no_name_is_the_fault_of_the_client() {
    for component in [service(), behaviours()] {
        let site = Site::of(&component);
        let server = site.serve(&["--store", "memory"]);
        for host in ["a b", "a/b", "[::1", "", "a:b:c"] {
            let request =
                format!("GET /clean HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
            let reply = http::send(&server.address, request.as_bytes());
            assert_eq!(reply.status, 400, "{host:?}");
        }
    }
}
