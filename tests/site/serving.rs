//! Requests that go well, and what a component gets to see.

use std::io::{Read, Write};

use super::guests::behaviours;
use super::http;
use super::program::{Server, Site};

fn server(arguments: &[&str]) -> (Site, Server) {
    let site = Site::of(&behaviours());
    let server = site.serve(&[&["--store", "memory"], arguments].concat());
    (site, server)
}

#[test]
fn method_path_and_body_reach_the_component() {
    let (_site, server) = server(&[]);
    assert_eq!(server.put("/echo", b"some text").text(), "some text");
    assert_eq!(server.get("/method").text(), "Method::Get");
    assert_eq!(server.get("/no-such").status, 404);
    assert_eq!(server.get("/status?418").status, 418);
}

#[test]
fn head_passes_as_head() {
    let (_site, server) = server(&[]);
    let reply = http::request(&server.address, "HEAD", "/method", b"");
    let length = "Method::Head".len().to_string();
    assert_eq!(reply.header("content-length"), Some(length.as_str()));
    assert_eq!(reply.text(), "");
}

#[test]
fn a_body_larger_than_the_memory_limit_streams() {
    let (_site, server) = server(&[]);
    let bytes = 64 << 20;
    let reply = server.get(&format!("/stream?{bytes}"));
    assert_eq!((reply.status, reply.body.len()), (200, bytes));
    let body = vec![b'x'; 2 << 20];
    assert_eq!(server.put("/echo", &body).body.len(), body.len());
}

#[test]
fn a_connection_is_kept_for_the_next_request() {
    let (_site, server) = server(&[]);
    let mut stream = http::connect(&server.address);
    for _ in 0..3 {
        stream
            .write_all(b"GET /method HTTP/1.1\r\nhost: x\r\n\r\n")
            .unwrap();
        let mut bytes = [0; 1024];
        let mut length = 0;
        while !bytes[..length].ends_with(b"Method::Get") {
            length += stream.read(&mut bytes[length..]).unwrap();
        }
        assert_eq!(http::parse(&bytes[..length]).status, 200);
    }
}

#[test]
fn variables_come_from_the_manifest_and_the_environment() {
    let (site, server) = server(&[]);
    assert_eq!(server.get("/variable/greeting").text(), "hello world");
    assert!(server.get("/variable/other").text().contains("Undefined"));
    let mut command = site.mayfly(&["serve", "--listen", "127.0.0.1:0", "--store", "memory"]);
    let server = Server::start(command.env("SPIN_VARIABLE_WHO", "Spin"));
    assert_eq!(server.get("/variable/greeting").text(), "hello Spin");
}

#[test]
fn a_component_sees_no_files() {
    let (_site, server) = server(&[]);
    assert_eq!(server.get("/folders").text(), "0 folders, Err(NotFound)");
}

#[test]
fn what_a_component_prints_is_logged() {
    let (_site, server) = server(&[]);
    assert_eq!(server.get("/print").text(), "printed");
    server.prints("guest: stdout: printed to stdout");
    server.prints("guest: stderr: printed to stderr");
}

#[test]
fn the_access_log_has_numbers() {
    let (_site, server) = server(&["--log", "json"]);
    server.get("/memory?2");
    server.prints("\"path\":\"/memory\"");
    let output = server.output();
    let line = output
        .lines()
        .find(|line| line.contains("/memory"))
        .unwrap();
    let line: serde_json::Value = serde_json::from_str(line).unwrap();
    assert_eq!(
        (&line["status"], &line["method"]),
        (&200.into(), &"GET".into())
    );
    let peak = line["peak_memory_bytes"].as_u64().unwrap();
    assert!((3 << 20..5 << 20).contains(&peak), "{line}");
    assert!(line["us"].as_u64().unwrap() > 0, "{line}");
}
