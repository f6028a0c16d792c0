//! What can be wrong with a server when it is opened, and what must not be said of it.

use std::net::TcpListener;

use super::server::Redis;
use crate::site::guests::behaviours;
use crate::site::program::{Server, Site, wait_until};

const SECRET: &str = "s3cr3t";

#[test]
fn nothing_listens_there() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    let store = format!("redis://:{SECRET}@{address}/2");
    let named = format!("store redis://{address}/2: check that the server runs there");
    Site::of(&behaviours()).refuses(&["--store", &store], &[&named, "refused"]);
}

#[test]
fn it_does_not_answer() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = silent.local_addr().unwrap();
    let store = format!("redis://{address}");
    let named = format!("store redis://{address}/0: check that the server runs there");
    Site::of(&behaviours()).refuses(&["--store", &store], &[&named, "timed out"]);
}

#[test]
fn a_replica_is_read_and_not_written_to() {
    let primary = Redis::start();
    let port = primary.address().replace("127.0.0.1:", "");
    let replica = Redis::with(&["--replicaof", "127.0.0.1", &port]);
    primary.ask("SET a one");
    wait_until("the replica", || replica.ask("GET a").contains("one"));
    let site = Site::of(&behaviours());
    let server = site.serve(&["--store", &replica.url()]);
    server.prints(&format!("store {}: it is a replica", replica.url()));
    assert_eq!(server.get("/store/default/a").text(), "one");
    assert_eq!(server.put("/store/default/a", b"two").status, 500);
    server.prints("name its primary: ");
    assert_eq!(server.get("/store/default/a").text(), "one");
}

#[test]
fn passwords_are_shown_to_the_server_alone() {
    let redis = Redis::with(&["--requirepass", SECRET]);
    let (site, address) = (Site::of(&behaviours()), redis.address());
    let named = format!("redis://{address}/0");
    let remedy = "check the user and the password in its URL";
    site.refuses(
        &["--store", &format!("redis://{address}")],
        &[&named, remedy],
    );
    let wrong = format!("redis://:{SECRET}x@{address}");
    site.refuses(&["--store", &wrong], &[&named, remedy]);
    // The environment keeps it out of the list of processes.
    let mut command = site.mayfly(&["serve", "--listen", "127.0.0.1:0"]);
    command.env("MAYFLY_STORE", format!("redis://:{SECRET}@{address}"));
    command.env("MAYFLY_LOG", "info,mayfly=trace,redis=trace");
    let server = Server::start(&mut command);
    server.put("/store/default/a", b"one");
    assert_eq!(server.get("/store/default/a").text(), "one");
    drop(redis);
    assert_eq!(server.get("/store/default/a").status, 500);
    server.prints(&format!("store {named}: "));
    assert!(!server.output().contains(SECRET), "{}", server.output());
}

#[test]
fn mistakes_in_a_url_do_not_show_it() {
    let site = Site::of(&behaviours());
    for command in ["serve", "publish", "measure", "profile"] {
        for url in [
            "redis://:s3cr3t@h:port",
            "rediss://:s3cr3t@h",
            "http://s3cr3t@h",
        ] {
            let output = site.run(&[command, "--store", url]);
            let error = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(2), "{error}");
            assert!(error.contains("'--store <STORE>'"), "{error}");
            assert!(!error.contains(SECRET), "{error}");
        }
    }
}

#[test]
fn what_it_may_lose_is_told() {
    let careless = [
        "--save",
        "",
        "--maxmemory",
        "100mb",
        "--maxmemory-policy",
        "allkeys-lru",
    ];
    let redis = Redis::with(&careless);
    let site = Site::of(&behaviours());
    let server = site.serve(&["--store", &redis.url()]);
    server.prints(&format!("store {}: if it crashes, it loses", redis.url()));
    server.prints("set maxmemory-policy noeviction");
    let careful = Redis::start();
    let server = site.serve(&["--store", &careful.url()]);
    assert!(!server.output().contains("WARN"), "{}", server.output());
}
