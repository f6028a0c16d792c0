//! `publish` over a bad network, beside other editors, and at a pace.

use std::process::Output;
use std::time::{Duration, Instant};

use super::program::{Server, Site};
use super::proxy::{Fate, Proxy};
use super::publishing::{TOKEN, check, site};

/// A blog in memory that takes the token.
fn serve(site: &Site) -> Server {
    let mut command = site.mayfly(&["serve", "--listen", "127.0.0.1:0", "--store", "memory"]);
    Server::start(command.env("SPIN_VARIABLE_ADMIN_TOKEN", TOKEN))
}

fn publish(site: &Site, proxy: &Proxy, more: &[&str]) -> Output {
    let mut command = site.mayfly(&["publish", "--to", &proxy.url]);
    command
        .args(more)
        .env("MAYFLY_TOKEN", TOKEN)
        .output()
        .unwrap()
}

/// So large that 52 of them go into one batch.
fn write_posts(site: &Site, posts: usize) {
    for n in 0..posts {
        let text = "text ".repeat(8_000);
        let text = format!("---\ntitle: Post {n}\ndate: 2024-01-01\n---\n{text}\n");
        site.write(&format!("content/posts/p{n:03}.md"), text);
    }
}

const BUSY: &str = "HTTP/1.1 429 Too Many Requests\r\nretry-after: 1\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
const DOWN: &str =
    "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

#[test]
fn what_gets_lost_is_sent_again() {
    let site = site();
    write_posts(&site, 150);
    let server = serve(&site);
    let mut fates = vec![
        Fate::IsLost,
        Fate::Gets(BUSY),
        Fate::Gets(DOWN),
        Fate::AnswerIsLost,
    ];
    let mut batches = 0;
    let proxy = Proxy::to(&server.address, move |_, line| {
        batches += usize::from(line.starts_with("POST"));
        match line.split(' ').next() {
            Some("PUT") if !fates.is_empty() => fates.remove(0),
            Some("POST") if batches == 3 => Fate::AnswerIsLost,
            _ => Fate::Passes,
        }
    });
    let output = publish(&site, &proxy, &[]);
    // The batch whose answer was lost is found there the second time, and is no less new.
    let summary = "published 151 posts, 1 page, 1 media (0 unchanged, 0 refused)";
    check(
        &output,
        0,
        summary,
        &["429 Too Many Requests", "trying again for 120 s"],
    );
    assert_eq!(server.get("/posts/p149").status, 200);
    let again = publish(&site, &proxy, &[]);
    check(
        &again,
        0,
        "published 151 posts, 1 page, 1 media (153 unchanged, 0 refused)",
        &[],
    );
}

#[test]
fn a_run_that_broke_off_goes_on_where_it_was() {
    let site = site();
    write_posts(&site, 150);
    let server = serve(&site);
    let mut batches = 0;
    let proxy = Proxy::to(&server.address, move |_, line| {
        batches += usize::from(line.starts_with("POST /api/batch"));
        if batches > 2 {
            Fate::IsLost
        } else {
            Fate::Passes
        }
    });
    let output = publish(&site, &proxy, &["--wait", "1s"]);
    let errors = [
        "108 of 154 files are dealt with",
        "run it again, and it goes on from there",
    ];
    check(&output, 1, "", &errors);
    let proxy = Proxy::to(&server.address, |_, _| Fate::Passes);
    let summary = "published 151 posts, 1 page, 1 media (107 unchanged, 0 refused)";
    check(&publish(&site, &proxy, &[]), 0, summary, &[]);
    assert_eq!((proxy.count("POST"), proxy.count("PUT")), (1, 0));
    assert_eq!(server.get("/posts/p149").status, 200);
}

#[test]
fn a_blog_that_never_answered_is_not_waited_for() {
    let site = site();
    let to = ["publish", "--to", "http://127.0.0.1:1", "--token", TOKEN];
    let output = site.run(&to);
    let errors = ["GET /api/manifest", "the blog cannot be reached"];
    check(&output, 1, "", &errors);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(!told.contains("trying again"), "{told}");
}

#[test]
fn what_someone_else_changed_meanwhile_is_not_overwritten() {
    let site = site();
    let server = serve(&site);
    let proxy = Proxy::to(&server.address, |_, _| Fate::Passes);
    publish(&site, &proxy, &[]);
    site.write(
        "content/posts/2024-02-03-first.md",
        "---\ntitle: Mine\n---\n",
    );
    site.write("content/media/a.svg", "<svg/>");
    let address = server.address.clone();
    let proxy = Proxy::to(&server.address, move |_, line| {
        if line.starts_with("PUT /api/media") {
            put(&address, "/api/media/a.svg", "theirs");
            put(&address, "/api/posts/first", "---\ntitle: Theirs\n---\n");
        }
        Fate::Passes
    });
    let output = publish(&site, &proxy, &[]);
    let errors = [
        "content/posts/2024-02-03-first.md: someone else has changed it",
        "content/media/a.svg: someone else has changed it",
    ];
    check(
        &output,
        1,
        "published 0 posts, 1 page, 0 media (1 unchanged, 2 refused)",
        &errors,
    );
    assert!(server.get("/posts/first").text().contains("Theirs"));
    assert_eq!(server.get("/media/a.svg").text(), "theirs");
    let proxy = Proxy::to(&server.address, |_, _| Fate::Passes);
    let summary = "published 1 post, 1 page, 1 media (1 unchanged, 0 refused)";
    check(&publish(&site, &proxy, &[]), 0, summary, &[]);
    assert!(server.get("/posts/first").text().contains("Mine"));
}

fn put(address: &str, path: &str, body: &str) {
    let request = format!(
        "PUT {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
         authorization: Bearer {TOKEN}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let reply = super::http::send(address, request.as_bytes());
    assert_eq!(reply.status, 200, "{}", reply.text());
}

#[test]
fn batches_keep_to_the_pace() {
    let site = site();
    write_posts(&site, 1);
    let server = serve(&site);
    let proxy = Proxy::to(&server.address, |_, _| Fate::Passes);
    let start = Instant::now();
    // A document with what belongs to it takes up to 16 keys: one in a second.
    let output = publish(&site, &proxy, &["--rate", "16"]);
    check(
        &output,
        0,
        "published 2 posts, 1 page, 1 media (0 unchanged, 0 refused)",
        &[],
    );
    assert_eq!(proxy.count("POST /api/batch"), 3);
    assert!(start.elapsed() >= Duration::from_secs(2));
}

#[test]
fn a_blog_that_asks_for_no_pause_is_left_alone_all_the_same() {
    const BUSY_NOW: &str = "HTTP/1.1 503 Service Unavailable\r\nretry-after: 0\r\n\
        content-length: 0\r\nconnection: close\r\n\r\n";
    let site = site();
    let server = serve(&site);
    let proxy = Proxy::to(&server.address, |_, line| match line.starts_with("PUT") {
        true => Fate::Gets(BUSY_NOW),
        false => Fate::Passes,
    });
    let output = publish(&site, &proxy, &["--wait", "3s"]);
    check(&output, 1, "", &["503 Service Unavailable"]);
    let attempts = proxy.count("PUT");
    assert!((2..20).contains(&attempts), "{attempts} attempts");
}

#[test]
fn what_is_no_blog_is_said_to_be_none() {
    const PAGE: &str = "HTTP/1.1 404 Not Found\r\ncontent-type: text/html; charset=utf-8\r\n\
        content-length: 29\r\nconnection: close\r\n\r\n<html><h1>Nothing</h1></html>";
    let site = site();
    let proxy = Proxy::to("127.0.0.1:1", |_, _| Fate::Gets(PAGE));
    let output = publish(&site, &proxy, &[]);
    let errors = ["404 Not Found: a web page came back", "correct the address"];
    check(&output, 1, "", &errors);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(!told.contains("<h1>"), "{told}");
}

#[test]
fn results_that_are_not_those_of_the_batch_are_an_error() {
    const NONE: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\
        content-length: 14\r\nconnection: close\r\n\r\n{\"results\":[]}";
    let site = site();
    let server = serve(&site);
    let proxy = Proxy::to(&server.address, |_, line| match line.starts_with("POST") {
        true => Fate::Gets(NONE),
        false => Fate::Passes,
    });
    let output = publish(&site, &proxy, &[]);
    check(&output, 1, "", &["0 results for 2 edits"]);
}

#[test]
fn a_batch_that_reached_a_limit_goes_in_halves_and_one_that_met_a_busy_blog_as_it_is() {
    const LIMIT: &str = "HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\n\
        content-length: 24\r\nconnection: close\r\n\r\ncpu limit of 1 s reached";
    for (answer, batches) in [(LIMIT, 3), (DOWN, 2)] {
        let site = site();
        let server = serve(&site);
        let mut is_first = true;
        let proxy = Proxy::to(&server.address, move |_, line| {
            match line.starts_with("POST /api/batch") && std::mem::take(&mut is_first) {
                true => Fate::Gets(answer),
                false => Fate::Passes,
            }
        });
        let summary = "published 1 post, 1 page, 1 media (0 unchanged, 0 refused)";
        check(&publish(&site, &proxy, &[]), 0, summary, &[]);
        assert_eq!(proxy.count("POST /api/batch"), batches);
    }
}
