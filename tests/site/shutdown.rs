//! The end of the program.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::thread;

use super::guests::behaviours;
use super::http::connect;
use super::program::{Site, wait_until};
use super::publishing::site;

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
        let mut stream = connect(&address);
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
    assert_eq!(server.wait(), Some(143));
    assert!(slow.join().unwrap().is_empty());
}

#[test]
fn an_import_ends_at_once_and_goes_on_the_next_time() {
    const POSTS: usize = 3000;
    let site = site();
    for number in 0..POSTS {
        let text = "text ".repeat(1000);
        let text = format!("---\ntitle: Post {number}\ndate: 2024-01-01\n---\n{text}\n");
        site.write(&format!("content/posts/p{number}.md"), text);
    }
    for (signal, code) in [("TERM", 143), ("INT", 130)] {
        let store = format!("{signal}.db");
        let named = format!("sqlite:{store}");
        let serve = ["serve", "--listen", "127.0.0.1:0", "--store", &named];
        let mut command = site.mayfly(&serve);
        let command = command
            .args(["--content", "content"])
            .stdout(Stdio::piped());
        let child = command.stderr(Stdio::piped()).spawn().unwrap();
        let posts = || -> i64 {
            let count = "SELECT count(*) FROM spin_key_value WHERE key LIKE '%p%'";
            let database = rusqlite::Connection::open(site.folder.join(&store)).unwrap();
            database.query_row(count, [], |row| row.get(0)).unwrap_or(0)
        };
        wait_until("the first batch", || posts() > 100);
        let id = child.id().to_string();
        let kill = Command::new("kill").args(["-s", signal, &id]).status();
        assert!(kill.unwrap().success());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{output:?}");
        let told = String::from_utf8_lossy(&output.stdout);
        assert!(!told.contains("listening"), "{told}");
    }
    let output = site.run(&["publish", "--store", "sqlite:TERM.db"]);
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(told.starts_with("published 3001 posts"), "{told}");
    assert!(!told.contains("(0 unchanged"), "{told}");
}

/// A program that stands still when it is asked to end has read nothing of what is sent meanwhile,
/// and has not even taken the connections of some.
#[test]
fn requests_that_were_sent_are_answered() {
    let site = Site::of(&behaviours());
    let mut server = site.serve(&["--store", "memory"]);
    let request = b"GET /method HTTP/1.1\r\nhost: x\r\n\r\n";
    let half = &request[..20];
    let mut clients: Vec<_> = (0..30).map(|_| connect(&server.address)).collect();
    // Some have had an answer before.
    for client in clients.iter_mut().step_by(2) {
        answered(client, request);
    }
    // Some have begun to send.
    for client in &mut clients[20..] {
        client.write_all(half).unwrap();
    }
    server.signal("STOP");
    // So many that it does not take them all before it looks at the signal.
    clients.extend((0..100).map(|_| connect(&server.address)));
    for (number, client) in clients.iter_mut().enumerate() {
        let rest = if (20..30).contains(&number) {
            &request[20..30]
        } else {
            request
        };
        client.write_all(rest).unwrap();
    }
    server.signal("TERM");
    server.signal("CONT");
    server.prints("waiting for");
    // Longer than it stays for clients who send nothing.
    thread::sleep(std::time::Duration::from_millis(600));
    for client in &mut clients[20..30] {
        client.write_all(&request[30..]).unwrap();
    }
    for (number, client) in clients.into_iter().enumerate() {
        let reply = super::http::read(client);
        assert_eq!((reply.status, reply.text()), (200, "Method::Get"));
        if (20..30).contains(&number) {
            assert_eq!(reply.header("connection"), Some("close"));
        }
    }
    assert_eq!(server.wait(), Some(0));
}

#[test]
fn clients_who_ask_nothing_do_not_keep_it() {
    let site = Site::of(&behaviours());
    let arguments = ["--store", "memory", "--client-timeout", "600s"];
    let mut server = site.serve(&[&arguments[..], &["--time-limit", "20s"]].concat());
    let _silent = connect(&server.address);
    let mut satisfied = connect(&server.address);
    answered(&mut satisfied, b"GET /method HTTP/1.1\r\nhost: x\r\n\r\n");
    server.signal("TERM");
    assert_eq!(server.wait(), Some(0));
    assert!(!server.output().contains("did not end in time"));
}

#[test]
fn half_a_request_is_not_waited_for_without_end() {
    let site = Site::of(&behaviours());
    let mut server = site.serve(&["--store", "memory", "--time-limit", "1s"]);
    let mut client = connect(&server.address);
    client.write_all(b"GET /method HTTP/1.1\r\n").unwrap();
    server.signal("TERM");
    assert_eq!(server.wait(), Some(0));
    server.prints("did not end in time");
}

/// Sends a request and reads the answer, which ends with its text.
#[track_caller]
fn answered(client: &mut TcpStream, request: &[u8]) {
    client.write_all(request).unwrap();
    let (mut bytes, mut length) = ([0; 1024], 0);
    while !bytes[..length].ends_with(b"Method::Get") {
        length += client.read(&mut bytes[length..]).unwrap();
    }
}
