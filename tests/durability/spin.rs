//! Readers beside a writer, and Spin beside us: Spin opens the same file with one plain
//! connection, makes the table if there is none, and reads and writes single keys.

use std::thread;
use std::time::Duration;

use fastrand::Rng;
use rusqlite::{Connection, OptionalExtension, params};

use super::blog::{Blog, client, post};
use super::client::detail;
use super::reader::Reader;

/// The file as Spin has it.
struct Spin(Connection);

impl Spin {
    fn open(blog: &Blog) -> Self {
        let connection = Connection::open(blog.site.folder.join("disk/x.db")).unwrap();
        let spin = Self(connection);
        let table = "CREATE TABLE IF NOT EXISTS spin_key_value (
            store TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL,
            PRIMARY KEY (store, key))";
        spin.0.execute(table, []).unwrap();
        spin
    }

    fn get(&self, key: &str) -> Option<Vec<u8>> {
        let get = "SELECT value FROM spin_key_value WHERE store = ?1 AND key = ?2";
        let found = self.0.query_row(get, ["default", key], |row| row.get(0));
        found.optional().unwrap()
    }

    fn set(&self, key: &str, value: &[u8]) {
        let set = "INSERT INTO spin_key_value (store, key, value) VALUES (?1, ?2, ?3)
            ON CONFLICT (store, key) DO UPDATE SET value = excluded.value";
        self.0.execute(set, params!["default", key, value]).unwrap();
    }
}

#[test]
fn readers_do_not_wait_for_a_writer() {
    let blog = Blog::new();
    let server = blog.serve();
    let host = client(&server);
    for slug in ["a", "b"] {
        host.persist(
            "PUT",
            &format!("posts/{slug}"),
            post(slug, 1, &mut Rng::with_seed(1)),
        );
    }
    let writer = Spin::open(&blog);
    // More than its cache holds: without a write-ahead log it would shut readers out by now.
    writer
        .0
        .execute_batch("PRAGMA cache_size = 2; BEGIN IMMEDIATE")
        .unwrap();
    for number in 0..50 {
        writer.set(&format!("big/{number}"), &vec![7; 100_000]);
    }
    let reader = Reader::start(vec!["a".to_owned(), "b".to_owned()]);
    reader.turn_to(Some(&host));
    // Publishers do wait, many of them at once, and not for ever.
    thread::scope(|scope| {
        for number in 0..8 {
            let host = &host;
            scope.spawn(move || {
                let source = post("late", number, &mut Rng::with_seed(2));
                let reply = host
                    .api("PUT", &format!("posts/late{number}"), source)
                    .unwrap();
                assert_eq!(reply.status, 503, "{}", reply.text());
                assert!(reply.header("retry-after").is_some(), "{reply:?}");
                let told = detail(&reply);
                assert!(told.contains("another process holds it locked"), "{told}");
            });
        }
    });
    server.prints("another process holds it locked");
    writer.0.execute_batch("COMMIT").unwrap();
    let reply = host.persist("PUT", "posts/late", post("late", 1, &mut Rng::with_seed(3)));
    assert_eq!(reply.status, 201, "{}", reply.text());
    assert!(reader.end() > 20);
    assert_eq!(host.check(), (Vec::new(), 0));
}

#[test]
fn spin_and_a_host_share_a_file() {
    let blog = Blog::new();
    // Spin was there first; its file has no write-ahead log.
    let spin = Spin::open(&blog);
    spin.set("media/none", b"theirs");
    let server = blog.serve();
    let host = client(&server);
    let source = post("ours", 1, &mut Rng::with_seed(1));
    host.persist("PUT", "posts/ours", &source);
    let record = spin.get("src/post/ours").expect("what the host wrote");
    assert!(
        record
            .windows(source.len())
            .any(|part| part == source.as_bytes())
    );
    // What Spin writes is there for the next request, and what it deletes is not.
    spin.set("alias/old", b"/posts/ours");
    assert_eq!(
        host.get("/old").unwrap().header("location"),
        Some("/posts/ours")
    );
    spin.0
        .execute("DELETE FROM spin_key_value WHERE key = 'alias/old'", [])
        .unwrap();
    assert_eq!(host.get("/old").unwrap().status, 404);
    // Both write at once, and neither is lost.
    thread::scope(|scope| {
        let host = &host;
        let publisher = scope.spawn(move || {
            for number in 0..10 {
                let slug = format!("o{number}");
                let source = post(&slug, number, &mut Rng::with_seed(4));
                let reply = host.persist("PUT", &format!("posts/{slug}"), source);
                assert_eq!(reply.status, 201, "{}", reply.text());
            }
        });
        let theirs = Spin::open(&blog);
        theirs.0.busy_timeout(Duration::from_secs(60)).unwrap();
        let mut number = 0;
        while !publisher.is_finished() {
            theirs.set(&format!("own/{number}"), &[1; 5000]);
            number += 1;
            thread::sleep(Duration::from_millis(2));
        }
        for number in 0..number {
            assert_eq!(theirs.get(&format!("own/{number}")), Some(vec![1; 5000]));
        }
    });
    spin.0
        .execute("DELETE FROM spin_key_value WHERE key = 'media/none'", [])
        .unwrap();
    assert_eq!(host.check(), (Vec::new(), 0));
    // The host is gone: Spin goes on alone, with all of it.
    drop(server);
    drop(spin);
    let spin = Spin::open(&blog);
    assert!(spin.get("post/o9").is_some());
    spin.set("own/last", b"1");
}
