//! The power fails after every single key of every kind of edit. What was acknowledged is
//! there, what was not is there whole or not at all, no reader sees an error, and the next
//! publisher leaves everything in order.

use crate::client::{Answer, post};
use crate::sim_host::SimHost;
use handler::request::Method;
use serde_json::json;

/// One edit, and what it is about.
struct Edit {
    method: Method,
    path: &'static str,
    body: String,
}

fn edit(method: Method, path: &'static str, body: impl Into<String>) -> Edit {
    Edit {
        method,
        path,
        body: body.into(),
    }
}

/// A life of a blog: each edit finds what the ones before it left.
fn series() -> Vec<Edit> {
    use Method::{Delete, Post, Put};
    let item =
        |name: &str, source: String| json!({ "kind": "post", "name": name, "source": source });
    let both = "tags: [x, y]\naliases: [/old/a, /older/a]\n";
    vec![
        edit(Put, "posts/a", post("A", "2026-05-01", both)),
        edit(Put, "site", "title = \"Another\"\nposts_per_page = 2\n"),
        edit(
            Put,
            "posts/a",
            post("A moved", "2025-02-01", "tags: [y, z]\naliases: [/old/a]\n"),
        ),
        edit(
            Put,
            "pages/about",
            "---\ntitle: About\naliases: [/who]\n---\nus\n",
        ),
        edit(Put, "media/one.bin", "m".repeat(400_000)),
        edit(
            Post,
            "batch",
            json!({
                "put": [
                    item("b", post("B", "2026-05-02", "tags: [x]\naliases: [/old/b]\n")),
                    item("c", post("C", "2026-05-03", "tags: [y]\n")),
                    item("d", "---\ntitle: D\ndraft: true\n---\nunder way\n".to_owned()),
                    item("e", post("E", "2027-01-01", "tags: [later]\n")),
                ],
            })
            .to_string(),
        ),
        edit(Put, "theme/error.html", "<p>{{ heading }}</p>"),
        edit(Put, "posts/d", post("D", "2026-05-04", "tags: [x]\n")),
        edit(
            Post,
            "batch",
            json!({
                "put": [item("c", post("C", "2024-05-03", "tags: [x, w]\naliases: [/old/b]\n"))],
                "delete": [{ "kind": "post", "slug": "b" }, { "kind": "page", "slug": "about" }],
            })
            .to_string(),
        ),
        edit(Put, "media/one.bin", "n".repeat(400_000)),
        edit(
            Put,
            "posts/d",
            "---\ntitle: D\ndraft: true\n---\nwithdrawn\n",
        ),
        edit(Delete, "posts/a", ""),
        edit(Delete, "media/one.bin", ""),
    ]
}

const DOCUMENTS: [&str; 7] = [
    "posts/a",
    "posts/b",
    "posts/c",
    "posts/d",
    "posts/e",
    "pages/about",
    "media/one.bin",
];

const PAGES: [&str; 24] = [
    "/",
    "/page/2",
    "/posts/a",
    "/posts/b",
    "/posts/c",
    "/posts/d",
    "/posts/e",
    "/posts/a.md",
    "/about",
    "/who",
    "/old/a",
    "/older/a",
    "/old/b",
    "/tags",
    "/tags/x",
    "/tags/y",
    "/archive",
    "/archive/2026",
    "/archive/2025",
    "/feed.xml",
    "/rss.xml",
    "/feed.json",
    "/sitemap.xml",
    "/media/one.bin",
];

fn send(blog: &SimHost, edit: &Edit) -> Answer {
    blog.api(edit.method, edit.path, &edit.body)
}

/// The sources as they stand.
fn sources(blog: &SimHost) -> Vec<Option<Vec<u8>>> {
    let read = |path: &&str| {
        let answer = blog.read(path);
        assert!(
            matches!(answer.status, 200 | 404),
            "{path}: {}",
            answer.text()
        );
        (answer.status == 200).then_some(answer.body)
    };
    DOCUMENTS.iter().map(read).collect()
}

#[track_caller]
fn readers_see_no_error(blog: &SimHost, when: &str) {
    for path in PAGES {
        let answer = blog.get(path);
        assert!(
            matches!(answer.status, 200 | 301 | 404),
            "{path} {when}: {} {}, {:?}",
            answer.status,
            answer.text(),
            blog.log
        );
    }
}

/// All that `edit` may write, cut off after `keys` of them; whether it came that far.
fn cut_off(before: &SimHost, after: &SimHost, edit: &Edit, keys: usize, backwards: bool) -> bool {
    let when = format!(
        "{:?} {} after {keys} keys, backwards {backwards}",
        edit.method, edit.path
    );
    let world = before.copy();
    let dying = world.failing(keys, backwards);
    let answer = send(&dying, edit);
    let acknowledged = answer.status < 300;
    assert!(
        acknowledged || answer.status == 503,
        "{when}: {}",
        answer.text()
    );
    readers_see_no_error(&world, &when);
    let (old, new, found) = (sources(before), sources(after), sources(&world));
    for (at, found) in found.iter().enumerate() {
        let is_whole = *found == new[at] || (*found == old[at] && !acknowledged);
        assert!(is_whole, "{} is neither old nor new: {when}", DOCUMENTS[at]);
    }
    // The publisher's machine is gone; another one comes after the lease.
    world.pass(9);
    if keys.is_multiple_of(2) && edit.method != Method::Delete {
        // Who was not answered sends it again.
        assert!(send(&world, edit).status < 300, "{when}");
        assert_eq!(sources(after), sources(&world), "{when}");
        clean(&world, &when);
        return !dying.has_power();
    }
    world
        .put("posts/next", post("Next", "2026-05-30", "tags: [x]\n"))
        .expect(201);
    world.log.take();
    readers_see_no_error(&world, &when);
    assert_eq!(*world.log.borrow(), [""; 0], "{when}");
    assert_eq!(found, sources(&world), "{when}");
    clean(&world, &when);
    !dying.has_power()
}

#[track_caller]
fn clean(world: &SimHost, when: &str) {
    assert_eq!(world.findings(), [""; 0], "{when}");
}

#[test]
fn whenever_the_power_fails_nothing_is_lost_or_half_written() {
    let before = SimHost::new();
    for edit in series() {
        let after = before.copy();
        assert!(send(&after, &edit).status < 300, "{} fails", edit.path);
        for backwards in [false, true] {
            let most = (1..200).find(|keys| !cut_off(&before, &after, &edit, *keys, backwards));
            assert!(most >= Some(2), "{} writes {most:?} keys", edit.path);
        }
        assert!(send(&before, &edit).status < 300);
        before.pass(60);
    }
}

#[test]
fn writers_who_are_stopped_again_and_again_come_to_an_end_together() {
    let world = SimHost::new();
    let put = (0..60).map(|number| {
        let source = post("One of many", "2026-05-30", "tags: [x, y]\n");
        serde_json::json!({ "kind": "post", "name": format!("many-{number}"), "source": source })
    });
    let body = serde_json::json!({ "put": put.collect::<Vec<_>>() }).to_string();
    // Most documents are written, and the index is not begun.
    world.failing(200, false).api(Method::Post, "batch", &body);
    world.pass(9);
    assert_ne!(world.findings(), [""; 0], "nothing was left to do");
    // Whoever comes next is stopped after a few keys, too, and nobody helps.
    let mut stopped = 0;
    loop {
        let dying = world.failing(24, false);
        dying.put("posts/next", post("Next", "2026-05-31", ""));
        world.pass(9);
        if dying.has_power() {
            break;
        }
        stopped += 1;
        assert!(stopped < 100, "recovery makes no progress");
    }
    assert!(stopped > 2, "stopped only {stopped} times");
    clean(&world, "at the end");
    assert_eq!(world.get("/posts/many-59").status, 200);
}
