//! Key-value stores: what the component sets is there for the next request, and for Spin.

use rusqlite::Connection;

use super::guests::behaviours;
use super::http;
use super::program::{Server, Site};
use super::redis::server::Redis;

/// Runs a check against each kind of store.
fn for_each_store(check: impl Fn(&Site, &str)) {
    for store in ["memory", "sqlite:x.db"] {
        check(&Site::of(&behaviours()), store);
    }
    let redis = Redis::start();
    check(&Site::of(&behaviours()), &redis.url());
}

#[test]
fn values_are_set_read_and_deleted() {
    for_each_store(|site, store| {
        let server = site.serve(&["--store", store]);
        let head = || http::request(&server.address, "HEAD", "/store/default/a", b"").status;
        assert_eq!((server.get("/store/default/a").status, head()), (404, 404));
        server.put("/store/default/a", b"one");
        server.put("/store/default/a", b"two");
        assert_eq!(
            (server.get("/store/default/a").text(), head()),
            ("two", 200)
        );
        http::request(&server.address, "DELETE", "/store/default/a", b"");
        assert_eq!((server.get("/store/default/a").status, head()), (404, 404));
    });
}

#[test]
fn keys_come_in_pages() {
    for_each_store(|site, store| {
        let server = site.serve(&["--store", store]);
        let keys: Vec<_> = (0..2100).map(|number| format!("k{number:04}")).collect();
        let lines: String = keys.iter().map(|key| format!("{key}=value\n")).collect();
        assert_eq!(
            server.put("/store/default/", lines.as_bytes()).text(),
            "2100"
        );
        let (mut found, mut cursor) = (Vec::new(), String::new());
        loop {
            let reply = server.get(&format!("/store/default/?{cursor}"));
            let (page, next) = reply.text().split_once('\n').unwrap();
            let page = page.split(',').filter(|key| !key.is_empty());
            found.extend(page.map(str::to_owned));
            assert!(found.len() <= 3000);
            cursor = next.to_owned();
            if cursor.is_empty() {
                break;
            }
        }
        // Redis has its pages in no order, and may name a key on two of them.
        found.sort_unstable();
        found.dedup();
        assert_eq!(found, keys);
    });
}

#[test]
fn keys_and_values_have_limits() {
    for_each_store(|site, store| {
        let server = site.serve(&["--store", store]);
        let put =
            |key: &str, bytes: usize| server.put(&format!("/store/default/{key}"), &vec![0; bytes]);
        let (fits, longer) = ("k".repeat(256), "k".repeat(257));
        assert_eq!(put(&fits, 1_000_000).status, 200);
        assert!(put(&longer, 1).text().contains("257 bytes, at most 256"));
        assert!(
            put("x", 1_000_001)
                .text()
                .contains("1000001 bytes, at most 1000000")
        );
        assert_eq!(server.get("/store/default/x").status, 404);
        assert_eq!(server.get("/store/other/x").text(), "no such store");
    });
}

#[test]
fn data_outlives_the_program() {
    let site = Site::of(&behaviours());
    let server = site.serve(&[]);
    server.put("/store/default/a", b"lasting");
    // Killed, not ended: what was acknowledged must be on the disk.
    drop(server);
    assert!(site.folder.join(".spin/sqlite_key_value.db").exists());
    assert_eq!(site.serve(&[]).get("/store/default/a").text(), "lasting");
}

#[test]
fn the_file_is_the_one_of_spin() {
    let site = Site::of(&behaviours());
    let path = site.write(".spin/sqlite_key_value.db", "");
    let spin = Connection::open(path).unwrap();
    spin.execute_batch(
        "CREATE TABLE spin_key_value (store TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL,
            PRIMARY KEY (store, key));
        INSERT INTO spin_key_value VALUES ('default', 'theirs', x'61'), ('other', 'hidden', x'62');",
    )
    .unwrap();
    let server = site.serve(&[]);
    assert_eq!(server.get("/store/default/theirs").text(), "a");
    assert_eq!(server.get("/store/default/hidden").status, 404);
    server.put("/store/default/ours", b"b");
    let query = "SELECT value FROM spin_key_value WHERE store = 'default' AND key = 'ours'";
    let value: Vec<u8> = spin.query_row(query, [], |row| row.get(0)).unwrap();
    assert_eq!(value, b"b");
    spin.execute(
        "UPDATE spin_key_value SET value = x'63' WHERE key = 'ours'",
        [],
    )
    .unwrap();
    assert_eq!(server.get("/store/default/ours").text(), "c");
}

/// A backup that is put in the place of the file is what readers see, before anybody writes.
#[test]
fn a_file_that_was_replaced_is_read() {
    let site = Site::of(&behaviours());
    let file = |name: &str| site.folder.join(name);
    let read = |server: &Server| server.get("/store/default/a").text().to_owned();
    let server = site.serve(&["--store", "sqlite:a.db"]);
    server.put("/store/default/a", b"backed up");
    let backup = format!("VACUUM INTO '{}'", file("backup.db").display());
    let original = Connection::open(file("a.db")).unwrap();
    original.execute(&backup, []).unwrap();
    drop(original);
    server.put("/store/default/a", b"later");
    assert_eq!(read(&server), "later");

    for suffix in ["", "-wal", "-shm"] {
        std::fs::remove_file(file(&format!("a.db{suffix}"))).unwrap();
    }
    // While there is none, what was there is better than nothing.
    assert_eq!(read(&server), "later");
    std::fs::rename(file("backup.db"), file("a.db")).unwrap();
    assert_eq!(read(&server), "backed up");
    // What others write to it is seen, and so is what is written here.
    let set = "UPDATE spin_key_value SET value = x'62' WHERE key = 'a'";
    let other = Connection::open(file("a.db")).unwrap();
    other.execute(set, []).unwrap();
    assert_eq!(read(&server), "b");
    assert_eq!(server.put("/store/default/a", b"written").status, 200);
    assert_eq!(read(&server), "written");
    drop((other, server));
    let server = site.serve(&["--store", "sqlite:a.db"]);
    assert_eq!(read(&server), "written");
}

#[test]
fn a_file_that_was_replaced_by_something_else_is_an_error() {
    let site = Site::of(&behaviours());
    let server = site.serve(&["--store", "sqlite:a.db"]);
    server.put("/store/default/a", b"text");
    assert_eq!(server.get("/store/default/a").text(), "text");
    site.write("other", "x".repeat(5000));
    std::fs::remove_file(site.folder.join("a.db-wal")).unwrap();
    std::fs::rename(site.folder.join("other"), site.folder.join("a.db")).unwrap();
    let reply = server.get("/store/default/a");
    assert!(
        reply.text().contains("not a SQLite database"),
        "{}",
        reply.text()
    );
}
