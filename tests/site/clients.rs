//! Clients that send too much, too slowly, or go away.

use std::io::Write;
use std::thread::sleep;
use std::time::Duration;

use super::guests::behaviours;
use super::http;
use super::program::{Server, Site};

fn server(arguments: &[&str]) -> (Site, Server) {
    let site = Site::of(&behaviours());
    let server = site.serve(&[&["--store", "memory"], arguments].concat());
    (site, server)
}

#[test]
fn a_body_that_says_it_is_too_large() {
    let (_site, server) = server(&["--body-limit", "10KiB"]);
    assert_eq!(server.put("/echo", &[b'x'; 10 << 10]).status, 200);
    assert_eq!(server.put("/echo", &[b'x'; (10 << 10) + 1]).status, 413);
}

#[test]
fn a_body_that_turns_out_too_large() {
    let (_site, server) = server(&["--body-limit", "10KiB"]);
    let chunk = format!("1000\r\n{}\r\n", "x".repeat(0x1000));
    let head = "PUT /echo HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n";
    let request = format!("{head}{chunk}{chunk}{chunk}0\r\n\r\n");
    assert_eq!(http::send(&server.address, request.as_bytes()).status, 413);
    server.prints("status=413");
}

#[test]
fn a_body_that_does_not_come() {
    let (_site, server) = server(&["--client-timeout", "200ms"]);
    let request = b"PUT /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\nab";
    let reply = http::send(&server.address, request);
    assert_eq!((reply.status, reply.text()), (408, "request timeout\n"));
    assert_eq!(reply.header("connection"), Some("close"));
}

#[test]
fn a_head_that_does_not_end() {
    let (_site, server) = server(&["--client-timeout", "200ms"]);
    let mut stream = http::connect(&server.address);
    stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n").unwrap();
    let mut rest = Vec::new();
    std::io::Read::read_to_end(&mut stream, &mut rest).unwrap();
    assert!(rest.is_empty(), "{}", String::from_utf8_lossy(&rest));
}

#[test]
fn a_head_that_is_too_large() {
    let (_site, server) = server(&[]);
    let head = |path: &str, value: &str| {
        format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx: {value}\r\n\r\n")
    };
    let status = |head: String| http::send(&server.address, head.as_bytes()).status;
    let long = "a".repeat(9 << 10);
    assert_eq!(status(head("/method", &long)), 200);
    assert_eq!(status(head(&format!("/{long}"), "")), 414);
    assert_eq!(status(head("/method", &long.repeat(5))), 431);
}

#[test]
fn a_request_without_host() {
    let (_site, server) = server(&[]);
    let status = |head: &str| http::send(&server.address, head.as_bytes()).status;
    assert_eq!(
        status("GET /method HTTP/1.1\r\nconnection: close\r\n\r\n"),
        400
    );
    assert_eq!(status("GET /method HTTP/1.0\r\n\r\n"), 200);
    assert_eq!(status("nonsense\r\n\r\n"), 400);
}

#[test]
fn a_client_who_leaves_ends_the_instance() {
    let (_site, server) = server(&[]);
    for (path, status) in [("/sleep?600000", 499), ("/stream?10000000000", 200)] {
        let mut stream = http::connect(&server.address);
        let head = format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        sleep(Duration::from_millis(50));
        drop(stream);
        let (path, _) = path.split_once('?').unwrap();
        super::program::wait_until(path, || {
            let output = server.output();
            let mut lines = output.lines().filter(|line| line.contains(path));
            let status = format!("status={status}");
            lines.any(|line| line.contains("the client went away") && line.contains(&status))
        });
    }
}

#[test]
fn a_client_who_does_not_read_is_cut_off() {
    let (_site, server) = server(&["--client-timeout", "200ms"]);
    let mut stream = http::connect(&server.address);
    stream
        .write_all(b"GET /stream?10000000000 HTTP/1.1\r\nhost: x\r\n\r\n")
        .unwrap();
    server.prints("the client went away");
}
