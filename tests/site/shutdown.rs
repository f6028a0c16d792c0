//! The end of the program.

use std::thread;

use super::guests::behaviours;
use super::program::Site;

#[test]
fn running_requests_end_first() {
    for signal in ["INT", "TERM"] {
        let site = Site::of(&behaviours());
        let mut server = site.serve(&["--store", "memory"]);
        let address = server.address.clone();
        let slow = thread::spawn(move || super::http::request(&address, "GET", "/sleep?1000", b""));
        thread::sleep(std::time::Duration::from_millis(200));
        server.signal(signal);
        assert_eq!(slow.join().unwrap().text(), "slept");
        assert_eq!(server.wait(), Some(0));
    }
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let site = Site::of(&behaviours());
    let mut server = site.serve(&["--store", "memory"]);
    let address = server.address.clone();
    let slow = thread::spawn(move || {
        use std::io::{Read, Write};
        let mut stream = super::http::connect(&address);
        stream
            .write_all(b"GET /sleep?20000 HTTP/1.1\r\nhost: x\r\n\r\n")
            .unwrap();
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        bytes
    });
    thread::sleep(std::time::Duration::from_millis(200));
    server.signal("TERM");
    server.prints("waiting for 1 connections");
    server.signal("TERM");
    assert_eq!(server.wait(), Some(130));
    assert!(slow.join().unwrap().is_empty());
}
