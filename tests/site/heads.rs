//! Heads of requests that HTTP forbids, or that say something which no server knows.

use std::io::Write;

use super::guests::{behaviours, service};
use super::http::{self, Reply};
use super::program::{Server, Site};

fn server() -> (Site, Server) {
    let site = Site::of(&behaviours());
    let server = site.serve(&["--store", "memory"]);
    (site, server)
}

/// Sends a request without a body; each line is one of its head.
#[track_caller]
fn ask(server: &Server, lines: &[&str]) -> Reply {
    let head = lines.join("\r\n") + "\r\nconnection: close\r\n\r\n";
    http::send(&server.address, head.as_bytes())
}

#[test]
fn hosts() {
    let (_site, server) = server();
    for host in ["localhost", "a.example:3000", "127.0.0.1", "[::1]:80"] {
        let host = format!("host: {host}");
        assert_eq!(ask(&server, &["GET /method HTTP/1.1", &host]).status, 200);
        assert_eq!(ask(&server, &["GET /method HTTP/1.0", &host]).status, 200);
    }
    for host in [
        "", "a b", "<script>", "a, b", "a@b", "a:b", "a/b", "a:70000",
    ] {
        let host = format!("host: {host}");
        for version in ["HTTP/1.0", "HTTP/1.1"] {
            let reply = ask(&server, &[&format!("GET /method {version}"), &host]);
            assert_eq!(reply.status, 400, "{host} in {version}");
            assert_eq!(reply.header("connection"), Some("close"));
        }
    }
    for hosts in [["host: a", "host: b"], ["host: a", "host: a"]] {
        let lines = [&["GET /method HTTP/1.1"], &hosts[..]].concat();
        assert_eq!(ask(&server, &lines).status, 400);
    }
    server.prints("status=400");
}

#[test]
fn a_target_that_names_its_host() {
    let site = Site::of(&service());
    let server = site.serve(&["--store", "memory"]);
    let ask = |target: &str, host: &str| {
        let line = format!("GET {target} HTTP/1.1");
        ask(&server, &[&line, host])
    };
    assert_eq!(ask("/address", "host: a.example").text(), "a.example");
    let absolute = "http://b.example:81/address";
    assert_eq!(ask(absolute, "host: a.example").text(), "b.example:81");
    assert_eq!(ask(absolute, "host: a b").status, 400);
    assert_eq!(ask(absolute, "x: no host").status, 400);
    assert_eq!(ask("http://user@b.example/address", "host: x").status, 400);
}

#[test]
fn targets_without_a_path() {
    let (_site, server) = server();
    // The component has no such path; no tunnel is made, whatever it would say.
    let host = "host: a.example";
    assert_eq!(ask(&server, &["OPTIONS * HTTP/1.1", host]).status, 404);
    assert_eq!(
        ask(&server, &["CONNECT a.example:80 HTTP/1.1", host]).status,
        501
    );
}

#[test]
fn expectations() {
    let (_site, server) = server();
    let put = |expect: &str| {
        let head = format!(
            "PUT /echo HTTP/1.1\r\nhost: x\r\nexpect: {expect}\r\ncontent-length: 4\r\nconnection: close\r\n\r\n"
        );
        let mut stream = http::connect(&server.address);
        stream.write_all(head.as_bytes()).unwrap();
        let _ = stream.write_all(b"text");
        http::read(stream)
    };
    for known in ["100-continue", "100-Continue"] {
        let reply = put(known);
        assert_eq!(reply.status, 100, "{known}");
        let rest = http::parse(&reply.body);
        assert_eq!((rest.status, rest.text()), (200, "text"));
    }
    for unknown in ["bogus", "100-continue, bogus"] {
        let reply = put(unknown);
        assert_eq!((reply.status, reply.text()), (417, "expectation failed\n"));
    }
}

#[test]
fn bodies_of_unknown_length() {
    let (_site, server) = server();
    let put = |lines: &[&str], body: &str| {
        let lines = [&["PUT /echo HTTP/1.1", "host: x"], lines].concat();
        let request = lines.join("\r\n") + "\r\n\r\n" + body;
        http::send(&server.address, request.as_bytes()).status
    };
    let chunks = "4\r\ntext\r\n0\r\n\r\n";
    for coding in ["gzip, chunked", "identity, chunked", "chunked, chunked"] {
        let coding = format!("transfer-encoding: {coding}");
        assert_eq!(put(&[&coding], chunks), 501, "{coding}");
    }
    let twice = ["transfer-encoding: chunked", "transfer-encoding: chunked"];
    assert_eq!(put(&twice, chunks), 501);
    for coding in ["gzip", "chunked, gzip", "xchunked"] {
        let coding = format!("transfer-encoding: {coding}");
        assert_eq!(put(&[&coding], chunks), 400, "{coding}");
    }
    assert_eq!(
        put(&["content-length: 4", "content-length: 5"], "text"),
        400
    );
    assert_eq!(put(&["content-length: +4"], "text"), 400);
}

/// What a proxy before the server took for the body must not be a request of its own.
#[test]
fn chunks_count_where_a_length_is_told_too() {
    let (_site, server) = server();
    let chunks = "4\r\ntext\r\n0\r\n\r\n";
    let (length, coding) = ("content-length: 4", "transfer-encoding: chunked");
    for [one, other] in [[length, coding], [coding, length]] {
        let head =
            format!("PUT /echo HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{one}\r\n{other}");
        let reply = http::send(
            &server.address,
            format!("{head}\r\n\r\n{chunks}").as_bytes(),
        );
        assert_eq!((reply.status, reply.text()), (200, "text"));
    }
}
