//! A Redis that goes away and comes back: readers and publishers are told to come again, and
//! nothing that was acknowledged is lost.

use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread;
use std::time::Duration;

use super::blog::{self, TOKEN, ask, has, is_whole, source};
use super::server::Redis;
use crate::site::http::{self, Reply};
use crate::site::program::{Server, Site, wait_until};

const PAGES: [&str; 8] = [
    "/",
    "/posts/first",
    "/no-such-page",
    "/tags",
    "/archive",
    "/feed.xml",
    "/sitemap.xml",
    "/media/a.svg",
];

#[track_caller]
fn sends_away(reply: &Reply) {
    assert_eq!(reply.status, 503, "{}", reply.head);
    let seconds = reply.header("retry-after").unwrap();
    assert!(seconds.parse::<u32>().is_ok(), "{seconds}");
    assert!(reply.complete());
}

#[track_caller]
fn sends_publishers_away(reply: &Reply) {
    sends_away(reply);
    assert_eq!(
        reply.header("content-type"),
        Some("application/problem+json")
    );
}

fn publish(site: &Site, redis: &Redis) {
    let published = site.run(&["publish", "--store", &redis.url()]);
    assert!(published.status.success(), "{published:?}");
}

#[test]
fn without_redis_everybody_is_told_to_come_again() {
    let (mut redis, site) = (Redis::start(), blog::site());
    site.write(
        "content/media/a.svg",
        "<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
    );
    publish(&site, &redis);
    let server = blog::serve(&site, &redis);
    let codes = || PAGES.map(|page| server.get(page).status);
    let before = codes();
    assert_eq!(before[..2], [200, 200]);
    redis.kill();
    for page in PAGES {
        sends_away(&server.get(page));
        let head = http::request(&server.address, "HEAD", page, b"");
        assert_eq!((head.status, head.header("retry-after")), (503, Some("5")));
    }
    let text = source("Second", "text");
    for (method, path) in [
        ("GET", "posts"),
        ("GET", "posts/first"),
        ("GET", "manifest"),
        ("GET", "check"),
        ("GET", "media"),
        ("GET", "media/a.svg"),
        ("GET", "site"),
        ("PUT", "posts/second"),
        ("PUT", "media/b.txt"),
        ("DELETE", "posts/first"),
        ("POST", "reindex"),
        ("POST", "gc"),
        ("POST", "preview/first"),
    ] {
        let body = if method == "PUT" {
            text.as_bytes()
        } else {
            b""
        };
        sends_publishers_away(&ask(&server, method, path, "", body));
    }
    server.prints(&format!(
        "store {}: check that the server runs",
        redis.url()
    ));
    redis.start_again();
    wait_until("the blog", || server.get("/").status == 200);
    assert_eq!(codes(), before);
    is_whole(&server, ["first".to_owned()]);
}

#[test]
fn a_redis_that_hangs_is_given_up() {
    let (redis, site) = (Redis::start(), blog::site());
    publish(&site, &redis);
    let server = blog::serve(&site, &redis);
    redis.signal("STOP");
    sends_away(&server.get("/"));
    sends_publishers_away(&ask(&server, "PUT", "posts/second", "", b"---\n---\n"));
    redis.signal("CONT");
    wait_until("the blog", || server.get("/").status == 200);
}

#[test]
fn a_redis_that_was_away_unnoticed_is_no_matter() {
    let (mut redis, site) = (Redis::start(), blog::site());
    publish(&site, &redis);
    let server = blog::serve(&site, &redis);
    assert_eq!(server.get("/").status, 200);
    redis.kill();
    redis.start_again();
    assert_eq!(server.get("/").status, 200);
    redis.kill();
    redis.start_again();
    let text = source("Second", "text");
    assert_eq!(
        ask(&server, "PUT", "posts/second", "", text.as_bytes()).status,
        201
    );
}

/// Puts posts one after the other until told to stop; how many were acknowledged.
fn write(server: &Server, stop: &AtomicBool) -> usize {
    let mut acknowledged = 0;
    while !stop.load(Relaxed) {
        let text = source("Steady", &acknowledged.to_string());
        let path = format!("posts/steady-{acknowledged}");
        let reply = ask(server, "PUT", &path, "", text.as_bytes());
        match reply.status {
            // One whose acknowledgement was lost is there already.
            200 | 201 => acknowledged += 1,
            _ => {
                sends_publishers_away(&reply);
                thread::sleep(Duration::from_millis(100));
            }
        }
    }
    acknowledged
}

/// Stops the writer, also when the test fails.
struct Stop<'a>(&'a AtomicBool);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Relaxed);
    }
}

#[test]
fn a_redis_killed_while_publishers_write_loses_nothing_acknowledged() {
    let (mut redis, site) = (Redis::start(), blog::site());
    let server = blog::serve(&site, &redis);
    let slugs: Vec<String> = (0..160).map(|number| format!("batch-{number}")).collect();
    for slug in &slugs {
        let text = source(slug, &"text ".repeat(8000));
        site.write(&format!("content/posts/{slug}.md"), text);
    }
    let stop = AtomicBool::new(false);
    let steady = thread::scope(|scope| {
        let steady = scope.spawn(|| write(&server, &stop));
        let stop = Stop(&stop);
        let url = format!("http://{}", server.address);
        let mut publisher = site.mayfly(&["publish", "--to", &url]);
        let publisher = publisher.env("MAYFLY_TOKEN", TOKEN);
        let publisher = publisher.stdout(Stdio::piped()).stderr(Stdio::piped());
        let publisher = publisher.spawn().unwrap();
        for kills in 1..3 {
            wait_until("a batch", || {
                server
                    .output()
                    .matches("path=\"/api/batch\" status=200")
                    .count()
                    >= kills
            });
            redis.kill();
            sends_away(&server.get("/posts/batch-0"));
            redis.start_again();
            wait_until("the blog", || server.get("/").status == 200);
        }
        // Whether the publisher's patience was enough or not: another run makes it complete.
        publisher.wait_with_output().unwrap();
        let resumed = site
            .mayfly(&["publish", "--to", &url])
            .env("MAYFLY_TOKEN", TOKEN)
            .output();
        let resumed = resumed.unwrap();
        assert!(resumed.status.success(), "{resumed:?}");
        drop(stop);
        steady.join().unwrap()
    });
    assert!(steady > 0);
    for number in 0..steady {
        has(
            &server,
            &format!("steady-{number}"),
            &source("Steady", &number.to_string()),
        );
    }
    for slug in slugs.iter().step_by(16) {
        has(&server, slug, &source(slug, &"text ".repeat(8000)));
    }
    let steady = (0..steady).map(|number| format!("steady-{number}"));
    is_whole(
        &server,
        slugs.into_iter().chain(steady).chain(["first".to_owned()]),
    );
}
