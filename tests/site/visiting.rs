//! The blog as visitors meet it: the sample content, published and served by the real program.

use super::guests::{blog, root};
use super::http::{Reply, send};
use super::links::targets;
use super::program::{Server, Site};

/// The sample content, served; the folder goes with the test.
pub fn sample() -> (Site, Server) {
    let site = Site::of(&blog());
    let content = root().join("content");
    let server = site.serve(&["--content", content.to_str().unwrap(), "--log", "json"]);
    (site, server)
}

/// Sends a request with these header lines.
#[track_caller]
fn ask(server: &Server, method: &str, path: &str, headers: &str) -> Reply {
    let head = format!(
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n{headers}\r\n"
    );
    send(&server.address, head.as_bytes())
}

#[test]
fn every_kind_of_page_has_its_type() {
    let (_site, server) = sample();
    let html = "text/html; charset=utf-8";
    for (path, media_type) in [
        ("/", html),
        ("/page/2", html),
        ("/posts/the-leak", html),
        (
            "/posts/%E4%B8%80%E4%B8%AA%E8%AF%B7%E6%B1%82%E7%9A%84%E4%B8%80%E7%94%9F",
            html,
        ),
        ("/about", html),
        ("/tags", html),
        ("/tags/wasm", html),
        ("/tags/wasm/page/2", html),
        ("/tags/%E5%86%85%E5%AD%98", html),
        ("/archive", html),
        ("/archive/2025", html),
        ("/posts/the-leak.md", "text/markdown; charset=utf-8"),
        ("/feed.xml", "application/atom+xml; charset=utf-8"),
        ("/rss.xml", "application/rss+xml; charset=utf-8"),
        ("/feed.json", "application/feed+json; charset=utf-8"),
        ("/sitemap.xml", "application/xml; charset=utf-8"),
        ("/robots.txt", "text/plain; charset=utf-8"),
        ("/favicon.svg", "image/svg+xml"),
        ("/media/plots/high-water.png", "image/png"),
    ] {
        let reply = server.get(path);
        let got = (reply.status, reply.header("content-type"));
        assert_eq!(got, (200, Some(media_type)), "{path}");
        assert!(reply.complete(), "{path}");
    }
}

#[test]
fn every_page_has_one_address() {
    let (_site, server) = sample();
    for (path, location) in [
        ("/posts/the-leak/", "/posts/the-leak"),
        ("/Posts/The-Leak", "/posts/the-leak"),
        ("//posts//the-leak", "/posts/the-leak"),
        ("/posts/%74he-leak", "/posts/the-leak"),
        ("/page/1", "/"),
        ("/index.html", "/"),
        ("/tags/Wasm", "/tags/wasm"),
        ("/archive/2025/page/1", "/archive/2025"),
        ("/About?x=1", "/about?x=1"),
        ("/2015/leak", "/posts/the-leak"),
        ("/leak", "/posts/the-leak"),
        ("/tags/%e4%b8%ad%e6%96%87", "/tags/%E4%B8%AD%E6%96%87"),
    ] {
        let reply = server.get(path);
        let got = (reply.status, reply.header("location"));
        assert_eq!(got, (301, Some(location)), "{path}");
    }
}

#[test]
fn what_is_not_there_is_said_in_the_theme() {
    let (_site, server) = sample();
    for (path, status) in [
        ("/nothing", 404),
        ("/posts/nothing", 404),
        ("/posts/conditional-requests", 404),
        ("/posts/a-letter-to-2099", 404),
        ("/posts/a-letter-to-2099.md", 404),
        ("/page/99", 404),
        ("/page/0", 404),
        ("/page/02", 404),
        ("/tags/nothing", 404),
        ("/archive/1999", 404),
        ("/media/nothing.png", 404),
        ("/style.0000000000000000.css", 404),
        ("/posts/../about", 400),
        ("/posts/%2e%2e/about", 400),
        ("/posts/%00", 400),
        ("/posts/%ff", 400),
        ("/posts/%zz", 400),
    ] {
        let reply = server.get(path);
        assert_eq!(reply.status, status, "{path}");
        assert!(reply.text().contains("<link rel=\"stylesheet\""), "{path}");
    }
    for length in [300, 3000] {
        let long = "x".repeat(length);
        assert_eq!(server.get(&format!("/{long}")).status, 400);
        assert_eq!(server.get(&format!("/posts/{long}")).status, 400);
    }
}

#[test]
fn methods_that_a_page_does_not_know_are_refused() {
    let (_site, server) = sample();
    for method in ["POST", "PUT", "DELETE", "PATCH", "BREW"] {
        let reply = ask(&server, method, "/about", "content-length: 0\r\n");
        let got = (reply.status, reply.header("allow"));
        assert_eq!(got, (405, Some("GET, HEAD, OPTIONS")), "{method}");
    }
    assert_eq!(ask(&server, "OPTIONS", "/about", "").status, 204);
}

#[test]
fn a_page_is_sent_again_only_when_it_changed() {
    let (_site, server) = sample();
    for path in [
        "/",
        "/posts/the-leak",
        "/feed.xml",
        "/media/plots/high-water.png",
    ] {
        let first = server.get(path);
        let tag = first.header("etag").unwrap();
        assert!(first.header("last-modified").is_some(), "{path}");
        for held in [
            tag.to_owned(),
            format!("W/{tag}"),
            format!("\"x\", {tag}"),
            "*".to_owned(),
        ] {
            let again = ask(&server, "GET", path, &format!("if-none-match: {held}\r\n"));
            assert_eq!((again.status, again.body.len()), (304, 0), "{path} {held}");
            assert_eq!(again.header("etag"), Some(tag), "{path}");
        }
        let other = ask(&server, "GET", path, "if-none-match: \"other\"\r\n");
        assert_eq!(
            (other.status, other.body),
            (200, first.body.clone()),
            "{path}"
        );
        let head = ask(&server, "HEAD", path, "");
        assert_eq!((head.status, head.body.len()), (200, 0), "{path}");
        assert_eq!(
            head.header("content-length"),
            Some(first.body.len().to_string().as_str()),
            "{path}"
        );
    }
    let style = style_of(server.get("/").text());
    let reply = server.get(&style);
    assert_eq!(
        reply.header("cache-control"),
        Some("public, max-age=31536000, immutable")
    );
    // A HEAD has a length and no body, and that is nothing to be told of.
    assert!(!server.output().contains("ended before its body"));
}

#[test]
fn a_part_of_a_file_can_be_asked_for() {
    let (_site, server) = sample();
    let path = "/media/plots/high-water.png";
    let whole = server.get(path).body;
    let part = ask(&server, "GET", path, "range: bytes=10-19\r\n");
    assert_eq!((part.status, part.body.as_slice()), (206, &whole[10..20]));
    let end = ask(&server, "GET", path, "range: bytes=-5\r\n");
    assert_eq!(
        (end.status, end.body.as_slice()),
        (206, &whole[whole.len() - 5..])
    );
    let range = format!("bytes 10-19/{}", whole.len());
    assert_eq!(part.header("content-range"), Some(range.as_str()));
    assert_eq!(
        ask(&server, "GET", path, "range: bytes=999999-\r\n").status,
        416
    );
}

#[test]
fn drafts_and_scheduled_posts_are_in_no_list() {
    let (_site, server) = sample();
    for path in [
        "/",
        "/page/2",
        "/page/3",
        "/page/4",
        "/tags/wasm",
        "/archive/2026",
        "/feed.xml",
        "/sitemap.xml",
    ] {
        let reply = server.get(path);
        assert_eq!(reply.status, 200, "{path}");
        for hidden in ["conditional-requests", "a-letter-to-2099"] {
            assert!(!reply.text().contains(hidden), "{hidden} is in {path}");
        }
    }
    assert_eq!(server.get("/archive/2099").status, 404);
}

#[test]
fn feeds_and_sitemap_are_well_formed() {
    let (_site, server) = sample();
    for (path, entry) in [
        ("/feed.xml", "entry"),
        ("/rss.xml", "item"),
        ("/sitemap.xml", "url"),
    ] {
        let reply = server.get(path);
        let document = roxmltree::Document::parse(reply.text()).unwrap();
        let entries = document
            .descendants()
            .filter(|node| node.has_tag_name_ignoring(entry));
        // 19 visible posts; the sitemap has the front page and five pages besides.
        let expected = if path == "/sitemap.xml" { 25 } else { 19 };
        assert_eq!(entries.count(), expected, "{path}");
    }
    let reply = server.get("/feed.json");
    let feed: serde_json::Value = serde_json::from_slice(&reply.body).unwrap();
    assert_eq!(feed["version"], "https://jsonfeed.org/version/1.1");
    assert_eq!(feed["items"].as_array().unwrap().len(), 19);
    assert_eq!(
        feed["items"][0]["title"],
        "A blog that lives for one request"
    );
}

/// Tag names without their namespace.
trait LocalName {
    fn has_tag_name_ignoring(&self, name: &str) -> bool;
}

impl LocalName for roxmltree::Node<'_, '_> {
    fn has_tag_name_ignoring(&self, name: &str) -> bool {
        self.tag_name().name() == name
    }
}

fn style_of(page: &str) -> String {
    let style = targets(page)
        .map(|(_, target)| target)
        .find(|target| target.starts_with("/style."));
    style.unwrap().to_owned()
}
