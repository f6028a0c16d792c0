//! Publishers side by side: two through one host each, two that work on the file themselves.

use std::collections::BTreeSet;
use std::process::{Command, Output};
use std::thread;

use fastrand::Rng;
use serde_json::{Value, json};

use super::blog::{Blog, client, post};
use super::client::Client;
use super::program::Server;
use super::reader::Reader;

/// Posts of each publisher's own, and posts that all of them have.
const OWN: usize = 24;
const SHARED: usize = 4;

/// Two hosts that are started at the same moment, on a file that is not there yet.
fn two_hosts(blog: &Blog) -> [Server; 2] {
    thread::scope(|scope| {
        let starting = [(), ()].map(|()| scope.spawn(|| blog.serve()));
        starting.map(|host| host.join().expect("a host"))
    })
}

/// What a publisher has for each slug.
fn sources(who: char, version: u32) -> Vec<(String, String)> {
    let mut random = Rng::with_seed(u64::from(version) << 8 | u64::from(u32::from(who)));
    let own = (0..OWN).map(|number| format!("{who}{number}"));
    let shared = (0..SHARED).map(|number| format!("shared{number}"));
    let mut slugs: Vec<String> = own.chain(shared).collect();
    random.shuffle(&mut slugs);
    let source = |slug: String| {
        let text = post(&slug, version, &mut random) + &format!("by {who}\n");
        (slug, text)
    };
    slugs.into_iter().map(source).collect()
}

fn send(host: &Client, who: char, version: u32) {
    for some in sources(who, version).chunks(7) {
        let put = some
            .iter()
            .map(|(slug, source)| json!({ "kind": "post", "name": slug, "source": source }));
        let body = json!({ "put": put.collect::<Vec<_>>() });
        let reply = host.persist("POST", "batch", body.to_string());
        assert_eq!(reply.status, 200, "{}", reply.text());
    }
}

/// A program that publishes a folder into the file.
fn publisher(blog: &Blog, who: char, version: u32) -> Command {
    let posts = blog.site.folder.join(format!("{who}/posts"));
    std::fs::create_dir_all(&posts).unwrap();
    for (slug, source) in sources(who, version) {
        std::fs::write(posts.join(format!("{slug}.md")), source).unwrap();
    }
    blog.mayfly(&["publish", &who.to_string()])
}

/// The program has published all that was its own; of what others have too it may have been
/// told that someone came before it.
#[track_caller]
fn has_published(output: &Output) {
    let told = String::from_utf8_lossy(&output.stderr);
    let is_conflict = |line: &str| line.contains("/shared") && line.contains("someone else");
    assert!(told.lines().all(is_conflict), "{output:?}");
    assert_eq!(output.status.success(), told.is_empty(), "{output:?}");
}

#[test]
fn four_publishers_lose_nothing() {
    let blog = Blog::new();
    let hosts = two_hosts(&blog);
    let [first, second] = [0, 1].map(|host: usize| client(&hosts[host]));
    first.persist("PUT", "posts/p", post("p", 1, &mut Rng::with_seed(1)));
    let readers = [&first, &second].map(|host| {
        let reader = Reader::start(vec!["p".to_owned()]);
        reader.turn_to(Some(host));
        reader
    });
    for version in 1..=2 {
        thread::scope(|scope| {
            scope.spawn(|| send(&first, 'a', version));
            scope.spawn(|| send(&second, 'b', version));
            for who in ['c', 'd'] {
                let mut publisher = publisher(&blog, who, version);
                scope.spawn(move || has_published(&publisher.output().unwrap()));
            }
        });
        for host in [&first, &second] {
            assert_eq!(host.check(), (Vec::new(), 0));
            all_is_there(host, version);
        }
    }
    for reader in readers {
        assert!(reader.end() > 50);
    }
}

/// Own posts are as they were sent, shared ones as someone sent them; the index has them all.
#[track_caller]
fn all_is_there(host: &Client, version: u32) {
    let mut slugs = BTreeSet::from(["p".to_owned()]);
    let all = ['a', 'b', 'c', 'd'].map(|who| sources(who, version));
    for (slug, source) in all.iter().flatten() {
        let found = host.source(&format!("posts/{slug}")).expect("a post");
        let mut known = all.iter().flatten();
        let is_known = found == *source
            || known
                .any(|(name, text)| name == slug && slug.starts_with("shared") && *text == found);
        assert!(is_known, "{slug} is {found}");
        slugs.insert(slug.clone());
    }
    let sitemap = host.get("/sitemap.xml").unwrap();
    let named = sitemap.text().split("/posts/").skip(1);
    let named: BTreeSet<String> = named
        .filter_map(|rest| Some(rest.split_once('<')?.0.to_owned()))
        .collect();
    assert_eq!(named, slugs);
}

#[test]
fn of_four_editors_none_overwrites_another() {
    const LINES: usize = 4;
    let blog = Blog::new();
    let servers = two_hosts(&blog);
    let start = "---\ntitle: Lines\ndate: 2024-01-01\n---\n";
    client(&servers[0]).persist("PUT", "posts/lines", start);
    let conflicts: usize = thread::scope(|scope| {
        let editors: Vec<_> = (0..4)
            .map(|editor| {
                let host = client(&servers[editor % 2]);
                scope.spawn(move || {
                    let lines = (0..LINES).map(|line| format!("- line {editor}.{line}\n"));
                    lines.map(|line| add(&host, &line)).sum::<usize>()
                })
            })
            .collect();
        editors
            .into_iter()
            .map(|editor| editor.join().expect("an editor"))
            .sum()
    });
    assert!(conflicts > 0);
    let text = client(&servers[1]).source("posts/lines").unwrap();
    let lines: BTreeSet<&str> = text
        .lines()
        .filter(|line| line.starts_with('-'))
        .skip(2)
        .collect();
    assert_eq!(lines.len(), 4 * LINES, "{text}");
    assert_eq!(client(&servers[0]).check(), (Vec::new(), 0));
}

/// Adds a line to what stands there, however often someone else is faster; how often that was.
fn add(host: &Client, line: &str) -> usize {
    for conflicts in 0..1000 {
        let found = host.api("GET", "posts/lines", "").unwrap();
        let (tag, text) = (found.header("etag").unwrap(), found.text());
        let reply = host
            .api_if("PUT", "posts/lines", Some(tag), format!("{text}{line}"))
            .unwrap();
        match reply.status {
            200 => return conflicts,
            412 => assert!(reply.text().contains("changed by someone else")),
            503 => {}
            _ => panic!("{}", reply.text()),
        }
    }
    panic!("{line:?} was never added");
}

#[test]
fn in_a_batch_a_conflict_is_told_and_the_rest_is_done() {
    let blog = Blog::new();
    let server = blog.serve();
    let host = client(&server);
    let source = |version| post("a", version, &mut Rng::with_seed(1));
    let old = host.persist("PUT", "posts/a", source(1));
    let new = host.persist("PUT", "posts/a", source(2));
    let tag = |reply: &super::http::Reply| reply.header("etag").unwrap().to_owned();
    let edit = |tag: &str, version| json!({ "kind": "post", "name": "a", "source": source(version), "expected": tag });
    let other = json!({ "kind": "post", "name": "b", "source": source(1) });
    let statuses = |put: &[Value], delete: &[Value]| {
        let body = json!({ "put": put, "delete": delete }).to_string();
        let reply = host.persist("POST", "batch", body);
        assert_eq!(reply.status, 200, "{}", reply.text());
        let reply: Value = serde_json::from_slice(&reply.body).unwrap();
        let results = reply["results"].as_array().unwrap().iter();
        let statuses = results.map(|result| result["status"].as_str().unwrap().to_owned());
        statuses.collect::<Vec<_>>()
    };
    assert_eq!(
        statuses(&[edit(&tag(&old), 3), other], &[]),
        ["conflict", "created"]
    );
    assert_eq!(host.source("posts/a"), Some(source(2)));
    let delete = |tag: &str| json!({ "kind": "post", "slug": "a", "expected": tag });
    assert_eq!(statuses(&[], &[delete(&tag(&old))]), ["conflict"]);
    assert_eq!(statuses(&[edit(&tag(&new), 3)], &[]), ["updated"]);
    assert_eq!(statuses(&[], &[delete("*")]), ["deleted"]);
    assert_eq!(
        host.api(
            "POST",
            "batch",
            json!({ "put": [edit("me", 1)] }).to_string()
        )
        .unwrap()
        .status,
        400
    );
}
