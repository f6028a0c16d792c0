//! What an instance may not do, and what its client and the log get to know.

use std::io::Write;
use std::thread;
use std::time::Duration;

use super::guests::{behaviours, blog, root};
use super::http::{self, Reply};
use super::program::{Server, Site};
use super::publishing::TOKEN;

fn server(arguments: &[&str]) -> (Site, Server) {
    let site = Site::of(&behaviours());
    let server = site.serve(&[&["--store", "memory"], arguments].concat());
    (site, server)
}

#[track_caller]
fn fails(reply: &Reply) {
    assert_eq!(
        (reply.status, reply.text()),
        (500, "internal server error\n")
    );
}

/// The client learns which limit it was, so that it can send less at once, and not how high.
#[track_caller]
fn is_stopped(reply: &Reply, limit: &str) {
    let text = format!("service unavailable: the request reached the {limit} limit\n");
    assert_eq!((reply.status, reply.text()), (503, text.as_str()));
    assert_eq!(reply.header("retry-after"), Some("1"));
}

#[test]
fn memory() {
    let (_site, server) = server(&["--memory-limit", "8MiB"]);
    assert_eq!(server.get("/memory?6").status, 200);
    is_stopped(&server.get("/memory?8"), "memory");
    server.prints("memory limit of 8 MiB reached");
}

#[test]
fn processor_time() {
    let (_site, server) = server(&["--cpu-limit", "100ms"]);
    is_stopped(&server.get("/loop"), "cpu");
    server.prints("cpu limit of 100 ms reached");
    assert_eq!(server.get("/sleep?300").text(), "slept");
}

#[test]
fn processor_time_in_which_the_machine_stood_still_is_nobodys() {
    let (_site, server) = server(&["--cpu-limit", "2s"]);
    thread::scope(|scope| {
        let busy = scope.spawn(|| server.get("/busy?400000000"));
        thread::sleep(Duration::from_millis(100));
        server.signal("STOP");
        thread::sleep(Duration::from_millis(2500));
        server.signal("CONT");
        assert_eq!(busy.join().unwrap().text(), "done");
    });
    is_stopped(&server.get("/loop"), "cpu");
    server.prints("cpu limit of 2 s reached");
}

#[test]
fn what_the_owner_publishes_may_take_its_time() {
    let site = Site::of(&blog());
    let content = root().join("content");
    let arguments = ["publish", content.to_str().unwrap(), "--cpu-limit", "1ms"];
    let published = site.run(&arguments);
    let error = String::from_utf8_lossy(&published.stderr);
    assert!(published.status.success(), "{error}");
}

#[test]
fn a_publisher_over_http_sends_less_at_once_after_a_limit() {
    let site = Site::of(&blog());
    let arguments = ["serve", "--listen", "127.0.0.1:0", "--store", "memory"];
    let mut command = site.mayfly(&[&arguments[..], &["--memory-limit", "1MiB"]].concat());
    let server = Server::start(command.env("SPIN_VARIABLE_ADMIN_TOKEN", TOKEN));
    let content = root().join("content");
    let url = format!("http://{}", server.address);
    let content = content.to_str().unwrap();
    let published = site.run(&["publish", content, "--to", &url, "--token", TOKEN]);
    let error = String::from_utf8_lossy(&published.stderr);
    assert!(published.status.success(), "{error}");
    server.prints("memory limit of 1 MiB reached");
}

#[test]
fn endless_loops_do_not_keep_others_waiting() {
    let (_site, server) = server(&["--cpu-limit", "60s", "--time-limit", "60s"]);
    // More loops than threads block a host that does not take turns.
    let threads = thread::available_parallelism().unwrap().get();
    let mut loops = Vec::new();
    for _ in 0..threads + 2 {
        let mut stream = http::connect(&server.address);
        let head = b"GET /loop HTTP/1.1\r\nhost: x\r\n\r\n";
        stream.write_all(head).unwrap();
        loops.push(stream);
    }
    assert_eq!(server.get("/method").status, 200);
}

#[test]
fn wall_time() {
    let (_site, server) = server(&["--time-limit", "100ms"]);
    let reply = server.get("/sleep?60000");
    let text = "gateway timeout: the request reached the time limit\n";
    assert_eq!((reply.status, reply.text()), (504, text));
    server.prints("time limit of 100 ms reached");
}

#[test]
fn traps() {
    let (_site, server) = server(&[]);
    fails(&server.get("/trap"));
    server.prints("guest: stderr: about to trap");
    server.prints("trap: wasm `unreachable` instruction executed");
    fails(&server.get("/silent"));
    server.prints("returned without a response");
}

#[test]
fn a_trap_after_the_head_breaks_the_connection_off() {
    let (_site, server) = server(&[]);
    // In chunks: one of nine bytes, and not the one that would end the body.
    let reply = server.get("/late-trap");
    assert_eq!((reply.status, reply.text()), (200, "9\r\nonly this\r\n"));
}

#[test]
fn overload() {
    let (_site, server) = server(&["--instances", "1", "--queue-limit", "50ms"]);
    thread::scope(|scope| {
        let slow = scope.spawn(|| server.get("/sleep?3000"));
        super::program::wait_until("overload", || {
            let reply = server.get("/method");
            reply.status == 503 && reply.header("retry-after") == Some("1")
        });
        assert_eq!(slow.join().unwrap().text(), "slept");
    });
    server.prints("all instances were busy");
    assert_eq!(server.get("/method").status, 200);
}

#[test]
fn a_component_that_cannot_start_within_the_limit_fails_at_once() {
    let site = Site::of(&behaviours());
    site.refuses(
        &["--memory-limit", "512KiB"],
        &["raise --memory-limit above 512 KiB"],
    );
}
