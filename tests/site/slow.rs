//! Clients that read or send slowly: they hold a socket each, and no instance.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use rustix::net::sockopt::set_socket_recv_buffer_size;

use super::depth;
use super::guests::{behaviours, service};
use super::http;
use super::program::{Server, Site, wait_until};

/// More than the kernel keeps for both ends.
const LARGE: usize = 8 << 20;

/// A client who asks for a large file, and has not read any of it yet.
fn reader(server: &Server, bytes: usize) -> TcpStream {
    reader_of(server, &format!("/stream?{bytes}"))
}

fn reader_of(server: &Server, path: &str) -> TcpStream {
    let mut stream = http::connect(&server.address);
    set_socket_recv_buffer_size(&stream, 16 << 10).unwrap();
    let head = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    stream
}

/// A client who has begun to send a large file.
fn sender(server: &Server, bytes: usize) -> TcpStream {
    let mut stream = http::connect(&server.address);
    let head = format!(
        "PUT /echo HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {bytes}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(&vec![b'x'; bytes / 2]).unwrap();
    stream
}

#[track_caller]
fn readers_hold_no_instance(component: &Path) {
    let site = Site::of(component);
    let server = site.serve(&["--store", "memory", "--instances", "2"]);
    let readers: Vec<_> = (0..4).map(|_| reader(&server, LARGE)).collect();
    // Each instance has ended although nobody has read what it wrote.
    wait_until("the end of the instances", || {
        server.output().matches("path=\"/stream\"").count() == 4
            || server.output().matches("path=/stream").count() == 4
    });
    for _ in 0..25 {
        assert_ne!(server.get("/clean").status, 503);
    }
    for reader in readers {
        let reply = http::read(reader);
        assert_eq!((reply.status, reply.body.len()), (200, LARGE));
        assert!(reply.body.iter().all(|&byte| byte == b'.'));
    }
}

#[test]
fn slow_readers_hold_no_instance() {
    readers_hold_no_instance(&behaviours());
}

#[test]
fn slow_readers_of_a_newer_component_hold_no_instance() {
    readers_hold_no_instance(&service());
}

#[test]
fn visits_beside_many_slow_clients() {
    let site = Site::of(&behaviours());
    let arguments = ["--store", "memory", "--instances", "8"];
    // Nobody makes room for others by being cut off.
    let patience = ["--queue-limit", "30s", "--client-timeout", "600s"];
    let server = site.serve(&[arguments, patience].concat());
    let readers: Vec<_> = (0..16).map(|_| reader(&server, LARGE)).collect();
    let senders: Vec<_> = (0..80).map(|_| sender(&server, 64 << 10)).collect();
    for _ in 0..25 {
        assert_eq!(server.get("/method").status, 200);
    }
    for mut sender in senders {
        sender.write_all(&vec![b'x'; 32 << 10]).unwrap();
        let reply = http::read(sender);
        assert_eq!((reply.status, reply.body.len()), (200, 64 << 10));
    }
    drop(readers);
}

/// A photo on a page, and more visitors with a bad line than there are instances.
#[test]
fn visits_beside_slow_readers_of_a_photo() {
    let (_site, server) = depth::publishing(&["--instances", "8"]);
    let photo: Vec<u8> = (0..LARGE).map(|number| (number % 251) as u8).collect();
    let put = depth::put(&server, "/api/media/photo.jpg", &photo);
    assert!(put.status < 300, "{put:?}");
    // More than --instances.
    let readers: Vec<_> = (0..16)
        .map(|_| reader_of(&server, "/media/photo.jpg"))
        .collect();
    for _ in 0..25 {
        assert_eq!(server.get("/").status, 200);
    }
    // At once: the kernel asks ever less often whether one who did not read for long has begun to.
    std::thread::scope(|scope| {
        for reader in readers {
            scope.spawn(|| {
                let reply = http::read(reader);
                assert_eq!((reply.status, reply.body.len()), (200, LARGE));
                assert!(reply.body == photo);
            });
        }
    });
}

#[test]
fn a_large_body_goes_through_a_file() {
    let site = Site::of(&behaviours());
    let server = site.serve(&["--store", "memory"]);
    let body: Vec<u8> = (0..2_000_000_u32)
        .map(|number| (number % 251) as u8)
        .collect();
    assert!(server.put("/echo", &body).body == body);
}

#[test]
fn what_has_no_room_is_streamed() {
    let site = Site::of(&behaviours());
    let server = site.serve(&["--store", "memory", "--spool-limit", "64KiB"]);
    let body: Vec<u8> = (0..2_000_000_u32)
        .map(|number| (number % 251) as u8)
        .collect();
    assert!(server.put("/echo", &body).body == body);
    let reply = http::read(reader(&server, 32 << 20));
    assert_eq!((reply.status, reply.body.len()), (200, 32 << 20));
}

#[test]
fn an_instance_does_not_wait_long_for_its_reader() {
    let site = Site::of(&behaviours());
    let arguments = ["--store", "memory", "--spool-limit", "64KiB"];
    let server = site.serve(&[&arguments[..], &["--time-limit", "300ms"]].concat());
    let slow = reader(&server, 64 << 20);
    server.prints("time limit of 300 ms reached");
    // What came of it must not look whole.
    let reply = http::read(slow);
    assert!(!reply.complete());
}

#[test]
fn a_reader_who_goes_on_is_not_cut_off() {
    let site = Site::of(&behaviours());
    let server = site.serve(&["--store", "memory", "--client-timeout", "500ms"]);
    let mut stream = reader(&server, LARGE);
    let (mut bytes, mut piece) = (Vec::new(), [0; 16 << 10]);
    loop {
        match stream.read(&mut piece) {
            Ok(0) | Err(_) => break,
            Ok(read) => bytes.extend_from_slice(&piece[..read]),
        }
        sleep(Duration::from_millis(20));
    }
    let reply = http::parse(&bytes);
    assert_eq!((reply.status, reply.body.len()), (200, LARGE));
}

#[test]
fn a_body_that_trickles_is_too_slow() {
    let site = Site::of(&behaviours());
    let server = site.serve(&["--store", "memory", "--client-timeout", "500ms"]);
    let mut stream = http::connect(&server.address);
    let head = b"PUT /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 100000\r\n\r\n";
    stream.write_all(head).unwrap();
    // Its client goes on all the time: it is not for want of bytes that it is refused.
    let is_refused = (0..600).any(|_| {
        sleep(Duration::from_millis(100));
        let _ = stream.write_all(b"x");
        server.output().contains("status=408")
    });
    assert!(is_refused);
}
