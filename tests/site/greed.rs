//! Components that make the host read more than they have memory for.

use std::path::PathBuf;

use rusqlite::Connection;

use super::guests::{behaviours, stores};
use super::http;
use super::program::{Server, Site};
use super::redis::server::Redis;

/// The most memory that the program ever had, in bytes.
#[track_caller]
fn most_memory(server: &Server) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.id())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let kib = line
        .and_then(|line| line.split_whitespace().nth(1))
        .unwrap();
    kib.parse::<u64>().unwrap() * 1024
}

#[track_caller]
fn refused(server: &Server, path: &str) {
    let before = most_memory(server);
    let reply = server.get(path);
    assert!(
        reply
            .text()
            .contains("larger than the memory limit of 16 MiB"),
        "{path}: {}",
        reply.text()
    );
    let grown = most_memory(server) - before;
    assert!(grown < 256 << 20, "{path}: {grown} bytes more");
}

#[test]
fn many_large_values_in_one_call() {
    let redis = Redis::start();
    for store in ["memory", "sqlite:x.db", &redis.url()] {
        let site = Site::of(&behaviours());
        let server = site.serve(&["--store", store]);
        assert_eq!(
            server.put("/store/default/a", &[b'x'; 1_000_000]).status,
            200
        );
        assert_eq!(server.put("/store/default/b", b"small").status, 200);
        refused(&server, "/greedy/a?2000");
        assert_eq!(server.get("/greedy/b?5000").text(), "5000");
        assert_eq!(server.get("/greedy/c?10000").text(), "10000");
        let many = server.get("/greedy/b?10001");
        assert!(many.text().contains("at most 10000"), "{}", many.text());
        // Large, but not too large, and more than is read in one go.
        assert_eq!(server.get("/greedy/a?4").text(), "4");
    }
}

#[test]
fn through_every_interface() {
    let site = Site::of(&stores());
    let value = vec![b'x'; 1_000_000];
    fill(&site, &mut std::iter::once(("a".to_owned(), value)));
    let server = site.serve(&[]);
    refused(&server, "/draft-often");
}

#[test]
fn all_keys_of_a_large_store() {
    let site = Site::of(&stores());
    let mut keys = (0..80_000).map(|number| (format!("{number:0250}"), Vec::new()));
    fill(&site, &mut keys);
    let server = site.serve(&[]);
    for path in ["/draft-keys", "/spin-keys"] {
        refused(&server, path);
    }
    assert_eq!(http::request(&server.address, "GET", "/", b"").status, 200);
}

/// Puts pairs into the store that Spin would have.
fn fill(site: &Site, pairs: &mut dyn Iterator<Item = (String, Vec<u8>)>) {
    let path: PathBuf = site.write(".spin/sqlite_key_value.db", "");
    let mut spin = Connection::open(path).unwrap();
    let transaction = spin.transaction().unwrap();
    let table = "CREATE TABLE spin_key_value (store TEXT NOT NULL, key TEXT NOT NULL,
        value BLOB NOT NULL, PRIMARY KEY (store, key))";
    transaction.execute(table, []).unwrap();
    for (key, value) in pairs {
        let insert = "INSERT INTO spin_key_value VALUES ('default', ?1, ?2)";
        transaction.execute(insert, (key, value)).unwrap();
    }
    transaction.commit().unwrap();
}
