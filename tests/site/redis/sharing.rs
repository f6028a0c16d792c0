//! One Redis for several hosts, and for Spin.

use super::blog::{self, ask, has, is_whole, source};
use super::server::Redis;
use crate::site::guests::{behaviours, root};
use crate::site::program::Site;
use keyvalue::Location;

#[test]
fn two_hosts_show_a_new_post_at_once() {
    let (redis, site) = (Redis::start(), blog::site());
    let (one, two) = (blog::serve(&site, &redis), blog::serve(&site, &redis));
    for (number, (here, there)) in [(&one, &two), (&two, &one)].into_iter().enumerate() {
        let slug = format!("post-{number}");
        let text = source(&slug, "new");
        let path = format!("posts/{slug}");
        assert_eq!(ask(here, "PUT", &path, "", text.as_bytes()).status, 201);
        has(there, &slug, &text);
        assert!(there.get("/").text().contains(&slug));
        assert!(there.get("/tags/one").text().contains(&slug));
        assert_eq!(ask(there, "DELETE", &path, "", b"").status, 204);
        assert_eq!(here.get(&format!("/posts/{slug}")).status, 404);
        assert!(!here.get("/").text().contains(&slug));
    }
    is_whole(&one, []);
}

#[test]
fn keys_are_the_plain_ones_of_spin() {
    let (redis, site) = (Redis::start(), Site::of(&behaviours()));
    let server = site.serve(&["--store", &redis.url()]);
    server.put("/store/default/ours", b"one");
    assert_eq!(redis.ask("GET ours"), "$3\r\none");
    redis.ask("SET theirs two");
    assert_eq!(server.get("/store/default/theirs").text(), "two");
}

/// Spin's own Redis store fails to get many values at once; so does a server that forbids it.
#[test]
fn a_store_that_cannot_get_many_values_is_read_one_by_one() {
    let (redis, site) = (Redis::start(), blog::site());
    let published = site.run(&["publish", "--store", &redis.url()]);
    assert!(published.status.success(), "{published:?}");
    redis.ask("ACL SETUSER spin on >secret ~* +@all -mget");
    let url = redis.url().replace("redis://", "redis://spin:secret@");
    let server = site.serve(&["--store", &url]);
    assert!(server.get("/").text().contains("First"));
    assert!(server.get("/posts/first").text().contains("First"));
    server.prints("mget");
}

#[test]
fn the_example_for_spin_names_a_store_that_we_know() {
    let text = std::fs::read_to_string(root().join("host/runtime-config.redis.toml")).unwrap();
    let example: toml::Table = text.parse().unwrap();
    let stores = example["key_value_store"].as_table().unwrap();
    assert_eq!((example.len(), stores.len()), (1, 1));
    let store = stores["default"].as_table().unwrap();
    let mut keys: Vec<_> = store.keys().map(String::as_str).collect();
    keys.sort_unstable();
    assert_eq!(keys, ["type", "url"]);
    assert_eq!(store["type"].as_str(), Some("redis"));
    let location = store["url"].as_str().unwrap().parse();
    assert!(matches!(location, Ok(Location::Redis(_))), "{location:?}");
    let manifest = std::fs::read_to_string(root().join("spin.toml")).unwrap();
    assert!(manifest.contains("key_value_stores = [\"default\"]"));
}
