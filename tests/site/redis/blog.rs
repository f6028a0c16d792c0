//! A blog on a Redis, and its publishing interface.

use std::collections::BTreeSet;

use serde_json::Value;

use super::server::Redis;
use crate::site::guests;
use crate::site::http::{self, Reply};
use crate::site::program::{Server, Site};

pub const TOKEN: &str = "a-token-of-enough-characters";

/// A folder for a blog, with settings and one post.
pub fn site() -> Site {
    let site = Site::of(&guests::blog());
    site.write(
        "content/site.toml",
        "title = \"Test\"\nurl = \"http://localhost\"\n",
    );
    site.write("content/posts/first.md", source("First", "text"));
    site
}

/// The source of a post of a few lines.
pub fn source(title: &str, text: &str) -> String {
    format!("---\ntitle: {title}\ndate: 2024-02-03\ntags: [one, two]\n---\n{text}\n")
}

pub fn serve(site: &Site, redis: &Redis) -> Server {
    let mut command = site.mayfly(&["serve", "--listen", "127.0.0.1:0", "--store"]);
    let command = command.arg(redis.url());
    Server::start(command.env("SPIN_VARIABLE_ADMIN_TOKEN", TOKEN))
}

/// Asks the publishing interface of a host; `headers` are whole lines.
#[track_caller]
pub fn ask(server: &Server, method: &str, path: &str, headers: &str, body: &[u8]) -> Reply {
    let head = format!(
        "{method} /api/{path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
         authorization: Bearer {TOKEN}\r\ncontent-length: {}\r\n{headers}\r\n",
        body.len()
    );
    http::send(&server.address, &[head.as_bytes(), body].concat())
}

/// All answers to a path that is answered in parts.
#[track_caller]
fn parts(server: &Server, path: &str) -> Vec<Value> {
    let mut parts: Vec<Value> = Vec::new();
    let mut query = String::new();
    loop {
        let reply = ask(server, "GET", &format!("{path}{query}"), "", b"");
        assert_eq!(reply.status, 200, "{}", reply.text());
        let part: Value = serde_json::from_slice(&reply.body).unwrap();
        let cursor = part["cursor"].as_str().map(str::to_owned);
        parts.push(part);
        match cursor {
            Some(cursor) => query = format!("?cursor={}", cursor.replace('#', "%23")),
            None => return parts,
        }
    }
}

/// Expects that a check of the whole blog finds nothing, and that it has these posts.
#[track_caller]
pub fn is_whole(server: &Server, slugs: impl IntoIterator<Item = String>) {
    for part in parts(server, "check") {
        assert_eq!(part["findings"], Value::Array(Vec::new()));
    }
    let parts = parts(server, "posts");
    let items = parts
        .iter()
        .flat_map(|part| part["items"].as_array().unwrap());
    let listed = items.map(|item| item["slug"].as_str().unwrap().to_owned());
    let listed: Vec<String> = listed.collect();
    let set: BTreeSet<String> = listed.iter().cloned().collect();
    assert_eq!(listed.len(), set.len(), "a post is listed twice");
    assert_eq!(set, slugs.into_iter().collect());
}

/// Expects that a post has this source.
#[track_caller]
pub fn has(server: &Server, slug: &str, source: &str) {
    let reply = ask(server, "GET", &format!("posts/{slug}"), "", b"");
    assert_eq!((reply.status, reply.text()), (200, source), "{slug}");
    assert_eq!(server.get(&format!("/posts/{slug}")).status, 200);
}
