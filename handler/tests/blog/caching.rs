//! What lets a visitor's copy live on: entity tags, and redirects that may change.

use crate::client::{Answer, post};
use crate::sim_host::SimHost;
use handler::request::Method;

fn tag(blog: &SimHost, path: &str) -> String {
    let answer = blog.get(path).expect(200);
    let tag = answer.header("etag").to_owned();
    assert!(!tag.is_empty(), "{path}");
    assert_eq!(blog.get(path).header("etag"), tag, "{path}");
    let again = blog.send(Method::Get, path, &[("if-none-match", &tag)], b"");
    assert_eq!((again.status, again.body.len()), (304, 0), "{path}");
    assert_eq!(again.header("etag"), tag, "{path}");
    tag
}

const PAGES: [&str; 12] = [
    "/",
    "/page/2",
    "/posts/p5",
    "/about",
    "/tags",
    "/tags/x",
    "/archive",
    "/archive/2026",
    "/feed.xml",
    "/rss.xml",
    "/feed.json",
    "/sitemap.xml",
];

/// A blog whose lists have two pages.
fn blog() -> SimHost {
    let blog = SimHost::furnished();
    blog.put("site", "title = \"T\"\nposts_per_page = 6\n")
        .expect(200);
    blog
}

/// Which pages have another tag after `change`.
#[track_caller]
fn check(change: impl FnOnce(&SimHost), changed: &[&str]) {
    let blog = blog();
    let before = PAGES.map(|path| (tag(&blog, path), blog.get(path).body));
    change(&blog);
    for (path, (tag_before, body_before)) in PAGES.into_iter().zip(before) {
        let has_new_tag = tag(&blog, path) != tag_before;
        let has_new_body = blog.get(path).body != body_before;
        assert!(
            has_new_tag || !has_new_body,
            "{path}: changed under its tag"
        );
        if changed.contains(&path) {
            assert!(has_new_body, "{path} has not changed");
        }
    }
}

#[test]
fn a_page_that_differs_has_another_tag() {
    check(|_| {}, &[]);
    let title = |title: &str| "title = \"".to_owned() + title + "\"\nposts_per_page = 6\n";
    check(
        |blog| drop(blog.put("site", title("New")).expect(200)),
        &PAGES[..11],
    );
    let template = "{% extends \"base.html\" %}{% block head %}<!-- new -->{% endblock %}";
    check(
        |blog| drop(blog.put("theme/page.html", template).expect(200)),
        &["/about"],
    );
    check(
        |blog| drop(blog.put("theme/style.css", "p {}").expect(200)),
        &PAGES[..8],
    );
    // A neighbour, and an item of lists and feeds, with its old place in all of them.
    let renamed = post("Renamed", "2026-01-07", "tags: [x, t0]\n");
    check(
        |blog| drop(blog.put("posts/p6", renamed).expect(200)),
        &["/", "/posts/p5", "/archive/2026", "/tags/x", "/feed.xml"],
    );
    let text = "---\ntitle: Post 6\ndate: 2026-01-07\ntags: [x, t0]\n---\nother words\n";
    check(
        |blog| drop(blog.put("posts/p6", text).expect(200)),
        &["/", "/tags/x", "/feed.json", "/rss.xml"],
    );
    check(
        |blog| drop(blog.delete("posts/p0").expect(204)),
        &["/page/2"],
    );
    let text = "---\ntitle: Post 5\ndate: 2026-01-06\ntags: [x, t2]\n---\nother words\n";
    check(
        |blog| drop(blog.put("posts/p5", text).expect(200)),
        &["/posts/p5"],
    );
    let about = "---\ntitle: About\n---\nthem\n";
    check(
        |blog| drop(blog.put("pages/about", about).expect(200)),
        &["/about"],
    );
    // The first page has the same posts, and a third one after it.
    let oldest = |blog: &SimHost| {
        for n in 0..3 {
            let slug = format!("posts/old{n}");
            blog.put(&slug, post("Old", "2020-01-01", "")).expect(201);
        }
    };
    check(oldest, &["/", "/archive"]);
}

#[test]
fn a_page_changes_when_a_post_comes_due_or_expires() {
    let due = post("Due", "2026-06-01T12:01:00Z", "tags: [x]\n");
    let change = |blog: &SimHost| {
        blog.put("posts/due", due).expect(201);
        let before =
            ["/", "/posts/p9", "/tags", "/archive", "/feed.xml"].map(|path| tag(blog, path));
        blog.pass(60);
        let after =
            ["/", "/posts/p9", "/tags", "/archive", "/feed.xml"].map(|path| tag(blog, path));
        for (before, after) in before.iter().zip(&after) {
            assert_ne!(before, after);
        }
    };
    check(change, &["/", "/feed.xml"]);
}

#[test]
fn a_page_that_is_held_already_is_not_made_again() {
    let blog = blog();
    // Fits the sample post, and not this one: each time it is made, the log says so.
    blog.put("theme/post.html", "{{ post.extra.series.name }}")
        .expect(200);
    let tag = blog.get("/posts/p5").expect(200).header("etag").to_owned();
    let lines = blog.log.borrow().len();
    assert_eq!(lines, 1, "{:?}", blog.log);
    let again = blog.send(Method::Get, "/posts/p5", &[("if-none-match", &tag)], b"");
    assert_eq!(again.status, 304);
    assert_eq!(blog.log.borrow().len(), lines);
}

fn alias(blog: &SimHost, path: &str) -> Answer {
    let answer = blog.get(path);
    assert!(!answer.header("cache-control").contains("public"), "{path}");
    answer
}

#[test]
fn an_alias_leads_only_to_what_can_be_seen() {
    let blog = SimHost::new();
    let front = |alias: &str, more: &str| format!("aliases: [{alias}]\n{more}");
    let plan = post("Plan", "2026-06-01T12:01:00Z", &front("/sp", ""));
    blog.put("posts/secret-plan", plan).expect(201);
    let draft = post("D", "2026-01-01", &front("/posts/old-d", "draft: true\n"));
    blog.put("posts/d", draft).expect(201);
    let past = post(
        "Past",
        "2026-01-01",
        &front("/2015/past", "expires: 2026-02-01\n"),
    );
    blog.put("posts/past", past).expect(201);
    blog.put("pages/about", "---\ntitle: A\naliases: [/us]\n---\n")
        .expect(201);
    for hidden in ["/sp", "/posts/old-d"] {
        let answer = alias(&blog, hidden).expect(404);
        assert_eq!(answer.header("location"), "");
        assert!(!answer.text().contains("secret-plan"));
    }
    assert_eq!(
        alias(&blog, "/2015/past").expect(410).header("location"),
        ""
    );
    assert_eq!(alias(&blog, "/us").expect(301).header("location"), "/about");
    blog.pass(60);
    let answer = alias(&blog, "/sp").expect(301);
    assert_eq!(answer.header("location"), "/posts/secret-plan");
    // Its document is gone: a dead alias leads nowhere.
    blog.poke("post/secret-plan", None);
    alias(&blog, "/sp").expect(404);
}

#[test]
fn a_post_is_known_by_the_checksum_of_its_record() {
    let blog = blog();
    let tag_of = |change: &dyn Fn(&mut Vec<u8>)| {
        let blog = blog.copy();
        let mut record = blog.data()["post/p5"].clone();
        change(&mut record);
        blog.poke("post/p5", Some(record));
        // A damaged record is made again of its source, so the page is there either way.
        blog.get("/posts/p5").expect(200).header("etag").to_owned()
    };
    let tag = tag_of(&|_| {});
    // Behind 31 bytes of the header it has 8 bytes; nothing else is hashed again.
    assert_ne!(tag_of(&|record| record[31] ^= 1), tag);
    assert_ne!(tag_of(&|record| record[38] ^= 1), tag);
    assert_eq!(tag_of(&|record| record[39] ^= 1), tag);
}
