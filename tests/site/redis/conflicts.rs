//! Four publishers at once on one Redis: nothing is lost, and who comes too late is told.

use std::process::{Child, Stdio};
use std::thread;

use super::blog::{self, TOKEN, ask, has, is_whole, source};
use super::server::Redis;
use crate::site::program::{Server, Site};

const OWN: usize = 20;
const SHARED: usize = 8;

/// The folder of one of the publishers: posts of its own, and its version of those of all.
fn folder(publisher: usize) -> Site {
    let site = blog::site();
    for number in 0..OWN {
        let slug = format!("own-{publisher}-{number}");
        site.write(&format!("content/posts/{slug}.md"), source(&slug, "own"));
    }
    for number in 0..SHARED {
        let slug = format!("shared-{number}");
        site.write(
            &format!("content/posts/{slug}.md"),
            version(number, publisher),
        );
    }
    site
}

fn version(number: usize, publisher: usize) -> String {
    source(&format!("Shared {number}"), &format!("by {publisher}"))
}

/// Starts to publish: over a host, or straight into the store.
fn publish(site: &Site, host: Option<&Server>, redis: &Redis) -> Child {
    let mut command = site.mayfly(&["publish"]);
    match host {
        Some(host) => command
            .args(["--to", &format!("http://{}", host.address)])
            .env("MAYFLY_TOKEN", TOKEN),
        None => command.args(["--store", &redis.url()]),
    };
    let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().unwrap()
}

#[test]
fn four_publishers_lose_nothing() {
    let (redis, site) = (Redis::start(), blog::site());
    let (one, two) = (blog::serve(&site, &redis), blog::serve(&site, &redis));
    let folders: Vec<Site> = (0..4).map(folder).collect();
    let hosts = [Some(&one), Some(&two), None, None];
    let publishers: Vec<Child> = folders
        .iter()
        .zip(hosts)
        .map(|(folder, host)| publish(folder, host, &redis))
        .collect();
    for publisher in publishers {
        let output = publisher.wait_with_output().unwrap();
        // Whoever comes second to a shared post is told so, and of nothing else.
        let told = std::str::from_utf8(&output.stderr).unwrap();
        let conflict =
            |line: &str| line.contains("/shared-") && line.contains("someone else has changed it");
        assert!(told.lines().all(conflict), "{output:?}");
        assert_eq!(output.status.success(), told.is_empty(), "{output:?}");
    }
    let own = (0..4).flat_map(|publisher| (0..OWN).map(move |n| format!("own-{publisher}-{n}")));
    let own: Vec<String> = own.collect();
    let shared = (0..SHARED).map(|number| format!("shared-{number}"));
    let all = own.iter().cloned().chain(shared);
    is_whole(&one, all.chain(["first".to_owned()]));
    for slug in &own {
        has(&two, slug, &source(slug, "own"));
    }
    for number in 0..SHARED {
        let text = ask(&two, "GET", &format!("posts/shared-{number}"), "", b"");
        let mut versions = (0..4).map(|publisher| version(number, publisher));
        assert!(versions.any(|version| version == text.text()), "{text:?}");
    }
}

#[test]
fn of_four_editors_of_one_post_one_wins_and_the_others_are_told() {
    let (redis, site) = (Redis::start(), blog::site());
    let hosts = [blog::serve(&site, &redis), blog::serve(&site, &redis)];
    let first = source("First", "text");
    let put = ask(&hosts[0], "PUT", "posts/first", "", first.as_bytes());
    let mut tag = put.header("etag").unwrap().to_owned();
    for round in 0..3 {
        let texts: Vec<String> = (0..4)
            .map(|editor| source("First", &format!("{round}, {editor}")))
            .collect();
        let condition = format!("if-match: {tag}\r\n");
        let replies: Vec<_> = thread::scope(|scope| {
            let editors = texts.iter().enumerate().map(|(editor, text)| {
                let (host, condition) = (&hosts[editor % 2], &condition);
                scope.spawn(move || ask(host, "PUT", "posts/first", condition, text.as_bytes()))
            });
            let editors: Vec<_> = editors.collect();
            editors
                .into_iter()
                .map(|editor| editor.join().unwrap())
                .collect()
        });
        let mut codes: Vec<u16> = replies.iter().map(|reply| reply.status).collect();
        codes.sort_unstable();
        assert_eq!(codes, [200, 412, 412, 412]);
        let winner = replies
            .iter()
            .position(|reply| reply.status == 200)
            .unwrap();
        has(&hosts[1], "first", &texts[winner]);
        tag = replies[winner].header("etag").unwrap().to_owned();
    }
    is_whole(&hosts[0], ["first".to_owned()]);
}
