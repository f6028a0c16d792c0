//! Stores of other versions: an older one is read and written on; a newer one is told, and what
//! it wrote stays.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, params};
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use super::blog::{Blog, client};
use super::client::{Client, detail};
use super::guests::root;
use super::program::{Server, wait_until};

/// A store of an earlier format: in the first, records have no checksums; up to the second, the
/// index is a tree of nodes named by their hashes. The first one's folder has what they are made of.
fn fixture(format: u8) -> PathBuf {
    root().join(format!("tests/fixtures/stores/format-{format}"))
}

/// The store, changed by who writes past the blog.
struct Store(Connection);

impl Store {
    fn of_format(format: u8, blog: &Blog) -> Self {
        let path = blog.site.folder.join("disk/x.db");
        fs::copy(fixture(format).join("store.db"), &path).unwrap();
        Self(Connection::open(path).unwrap())
    }

    fn get(&self, key: &str) -> Vec<u8> {
        let get = "SELECT value FROM spin_key_value WHERE store = 'default' AND key = ?1";
        self.0.query_row(get, [key], |row| row.get(0)).expect(key)
    }

    fn set(&self, key: &str, value: &[u8]) {
        let set = "INSERT INTO spin_key_value (store, key, value) VALUES ('default', ?1, ?2)
            ON CONFLICT (store, key) DO UPDATE SET value = excluded.value";
        self.0.execute(set, params![key, value]).unwrap();
    }

    fn change(&self, key: &str, change: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
        let mut value = self.get(key);
        change(&mut value);
        self.set(key, &value);
        value
    }
}

/// All of the fixture's content, as the interface names it.
fn sources() -> Vec<(String, String)> {
    let documents = ["posts/2019-03-04-first", "posts/2021-07-08-second"];
    let more = ["posts/2022-01-31-third", "posts/draft", "pages/about"];
    let read = |path: &str| {
        let source = fs::read_to_string(fixture(1).join("content").join(path).with_extension("md"));
        let name = Path::new(path).file_name().unwrap().to_str().unwrap();
        let slug = name.get(11..).unwrap_or(name);
        let (folder, _) = path.split_once('/').unwrap();
        (format!("{folder}/{slug}"), source.unwrap())
    };
    documents
        .iter()
        .chain(&more)
        .map(|path| read(path))
        .collect()
}

#[track_caller]
fn is_read(server: &Server) {
    let host = &client(server);
    has_index(host);
    for (path, source) in sources() {
        assert_eq!(host.source(&path), Some(source), "{path}");
    }
    let shows = |path: &str, text: &str| {
        let page = host.get(path).unwrap();
        assert_eq!(page.status, 200, "{path}: {}", page.text());
        assert!(page.text().contains(text), "{path}: {}", page.text());
    };
    shows("/", "An older blog");
    shows("/", "The third");
    shows("/page/2", "The first post");
    shows("/posts/first", "<strong>compiled</strong>");
    shows("/posts/second", "旧版本发布的文章。");
    shows("/about", "Who wrote this.");
    shows("/tags/paper", "第二篇");
    shows("/archive", "2019");
    shows("/feed.xml", "The third");
    shows("/media/square.svg", "M0 0h1v1H0z");
    let gone = host.get("/nowhere").unwrap();
    assert!(gone.status == 404 && gone.text().contains("class=\"older\""));
    let moved = host.get("/2019/03/first.html").unwrap();
    assert_eq!(moved.header("location"), Some("/posts/first"));
}

#[test]
fn a_store_of_the_first_format_is_read_and_written_on() {
    check_older(1);
}

#[test]
fn a_store_of_the_second_format_is_read_and_written_on() {
    check_older(2);
}

#[track_caller]
fn check_older(format: u8) {
    let blog = Blog::new();
    drop(Store::of_format(format, &blog));
    let server = blog.serve();
    let host = client(&server);
    is_read(&server);
    assert_eq!(host.check(), (Vec::new(), 0));
    let new = "---\ntitle: The newest\ndate: 2023-01-01\ntags: [old]\n---\nNew\n";
    assert_eq!(host.persist("PUT", "posts/newest", new).status, 201);
    // The date of the first is in its name alone.
    let (path, source) = ("posts/first", &sources()[0].1);
    assert_eq!(
        host.persist("PUT", path, format!("{source}More\n")).status,
        200
    );
    assert_eq!(host.persist("PUT", path, source).status, 200);
    assert_eq!(host.check(), (Vec::new(), 0));
    reindex(&host);
    assert_eq!(host.check(), (Vec::new(), 0));
    assert!(host.get("/").unwrap().text().contains("The newest"));
    host.api("DELETE", "posts/newest", "").unwrap();
    drop(server);
    is_read(&blog.serve());
}

fn reindex(host: &Client) {
    for _ in 0..20 {
        let step = host.persist("POST", "reindex", "");
        assert_eq!(step.status, 200, "{}", step.text());
        if step.text().contains("\"done\":true") {
            return;
        }
    }
    panic!("the reindex never ends");
}

#[test]
fn what_an_older_compiler_made_is_compiled_again() {
    let blog = Blog::new();
    let store = Store::of_format(1, &blog);
    for key in ["post/first", "page/about"] {
        store.change(key, |record| {
            // Behind the layout stands the compiler's version; what it made is not for us.
            record[1..3].copy_from_slice(&[0, 0]);
            let end = record.len();
            record[end - 40..].fill(0xff);
        });
    }
    let server = blog.serve();
    is_read(&server);
    assert_eq!(client(&server).check(), (Vec::new(), 0));
    drop(server);
    for key in ["post/first", "page/about"] {
        store.change(key, |record| {
            record[1..3].copy_from_slice(&[0, 0]);
            let end = record.len();
            record[end - 40..].fill(0xff);
            // The checksum stands between the header and what it describes.
            let sum = xxh3_64_with_seed(&record[39..], xxh3_64(&record[..31]));
            record[31..39].copy_from_slice(&sum.to_le_bytes());
        });
    }
    let server = blog.serve();
    let host = client(&server);
    is_read(&server);
    let stale = "compiled by another version, or for other settings: \
         it is compiled again for every request until you reindex";
    let found = ["page/about", "post/first"].map(|key| format!("{key}: {stale}"));
    assert_eq!(host.check().0, found);
    reindex(&host);
    assert_eq!(host.check(), (Vec::new(), 0));
    is_read(&server);
}

/// A version of a record that nobody has written yet.
const NEWER: u8 = 200;

/// One record is of a newer version: a page that needs it and an edit that would replace it
/// are refused, the log says what to do, and the record stays as it is, also beyond a reindex.
#[track_caller]
fn check_newer(key: &str, page: &str, status: u16, edit: Option<(&str, &str)>) {
    let blog = Blog::new();
    let store = Store::of_format(1, &blog);
    let server = blog.serve();
    has_index(&client(&server));
    drop(server);
    check_newer_in(&blog, &store, key, page, status, edit);
}

#[track_caller]
fn check_newer_in(
    blog: &Blog,
    store: &Store,
    key: &str,
    page: &str,
    status: u16,
    edit: Option<(&str, &str)>,
) {
    let format = format!("format {NEWER}");
    let newer = store.change(key, |record| record[0] = NEWER);
    let server = blog.serve();
    let host = client(&server);
    assert_eq!(
        host.get(page).unwrap().status,
        status,
        "{page} with a newer {key}"
    );
    if let Some((path, body)) = edit {
        let reply = host.api("PUT", path, body).unwrap();
        assert_eq!(
            reply.status,
            500,
            "{path} with a newer {key}: {}",
            reply.text()
        );
        let told = detail(&reply);
        assert!(
            told.contains(&format) && told.contains("deploy the newer"),
            "{told}"
        );
    }
    if status == 500 {
        server.prints(&format);
        server.prints("deploy the newer");
    }
    let reply = host.api("GET", "check", "").unwrap();
    let findings = match reply.status {
        200 => host.check().0,
        _ => vec![reply.text().to_owned()],
    };
    let is_told = findings.iter().any(|one| one.contains(&format));
    assert!(is_told, "{key}: {findings:?}");
    let reindexed = host.api("POST", "reindex", "").unwrap();
    assert!([200, 500].contains(&reindexed.status), "{reindexed:?}");
    assert_eq!(store.get(key), newer, "{key}");
}

#[test]
fn what_a_newer_version_wrote_is_told_and_stays() {
    let post = "---\ntitle: New\ndate: 2024-01-01\n---\n";
    let about = "---\ntitle: New\n---\n";
    check_newer(
        "post/first",
        "/posts/first",
        500,
        Some(("posts/first", post)),
    );
    check_newer("page/about", "/about", 500, Some(("pages/about", about)));
    check_newer("site", "/", 500, Some(("site", "title = \"New\"\n")));
    check_newer("head", "/", 500, Some(("posts/new", post)));
    // The posts are there without the index, and lists without a card.
    check_newer("head", "/posts/first", 200, None);
    check_newer("card/third", "/", 200, None);
    check_newer("feed/third", "/posts/third", 200, None);
    check_newer("src/post/third", "/posts/third", 200, None);
    check_newer("media/square.svg", "/media/square.svg", 500, None);
    check_newer("lock", "/", 200, Some(("posts/new", post)));
}

#[test]
fn a_newer_leaf_of_the_index_is_told() {
    let blog = Blog::new();
    let store = Store::of_format(1, &blog);
    let server = blog.serve();
    has_index(&client(&server));
    drop(server);
    let keys = "SELECT key FROM spin_key_value WHERE key LIKE 'i/____-__.%'";
    let mut keys = store.0.prepare(keys).unwrap();
    let keys = keys.query_map([], |row| row.get::<_, String>(0)).unwrap();
    let keys: Vec<String> = keys.map(Result::unwrap).collect();
    let newest = keys.iter().max().expect("a leaf");
    let post = "---\ntitle: New\ndate: 2022-01-15\ntags: [old]\n---\n";
    check_newer_in(&blog, &store, newest, "/", 500, Some(("posts/new", post)));
}

/// Waits until the index of an older store is rebuilt: the server begins with it.
#[track_caller]
fn has_index(host: &Client) {
    wait_until("the index is rebuilt", || {
        let page = host.get("/").unwrap();
        if page.status == 503 {
            assert_eq!(page.header("retry-after"), Some("60"), "{page:?}");
        }
        page.status == 200
    });
}
