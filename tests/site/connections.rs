//! Many connections that do nothing, and few files for them.

use std::io::Write;
use std::net::TcpStream;
use std::process::Command;

use super::guests::behaviours;
use super::http;
use super::program::{Server, Site, wait_until};

#[test]
fn idle_connections_make_room_for_visits() {
    let site = Site::of(&behaviours());
    let program = site.mayfly(&[]);
    let mut command = Command::new("sh");
    command
        .current_dir(&site.folder)
        .args(["-c", "ulimit -n 256; exec \"$0\" \"$@\""])
        .arg(program.get_program())
        .args(["serve", "--listen", "127.0.0.1:0", "--store", "memory"])
        .args(["--client-timeout", "600s"]);
    let server = Server::start(&mut command);
    server.prints("at most 96 connections at once");
    let mut idle: Vec<TcpStream> = Vec::new();
    for wave in 0..4 {
        for _ in 0..100 {
            let mut stream = http::connect(&server.address);
            // Those that were shed may not take it.
            let _ = stream.write_all(b"GET /method HTTP/1.1\r\nhost:");
            idle.push(stream);
        }
        let reply = server.get("/method");
        assert_eq!(reply.status, 200, "wave {wave}");
    }
    assert!(!server.output().contains("cannot accept"));
}

#[test]
fn files_are_as_many_as_the_system_allows() {
    let site = Site::of(&behaviours());
    let program = site.mayfly(&[]);
    let mut command = Command::new("sh");
    command
        .current_dir(&site.folder)
        .args(["-c", "ulimit -Sn 128; exec \"$0\" \"$@\""])
        .arg(program.get_program())
        .args(["serve", "--listen", "127.0.0.1:0", "--store", "memory"]);
    let server = Server::start(&mut command);
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", server.id())).unwrap();
    let files = limits
        .lines()
        .find(|line| line.starts_with("Max open files"));
    let numbers: Vec<_> = files.unwrap().split_whitespace().skip(3).collect();
    assert_eq!(numbers[0], numbers[1]);
}

#[test]
fn a_connection_at_work_is_not_shed() {
    let site = Site::of(&behaviours());
    let arguments = ["--store", "memory", "--connections", "4"];
    let server = site.serve(&[&arguments[..], &["--debug-listen", "127.0.0.1:0"]].concat());
    std::thread::scope(|scope| {
        let slow = scope.spawn(|| server.get("/sleep?2000"));
        wait_until("the beginning", || {
            server.debug("/debug/").text().contains("/sleep?2000")
        });
        wait_until("the end", || {
            let idle: Vec<_> = (0..8).map(|_| http::connect(&server.address)).collect();
            drop(idle);
            slow.is_finished()
        });
        assert_eq!(slow.join().unwrap().text(), "slept");
    });
}
