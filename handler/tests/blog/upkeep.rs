//! Checking, reindexing, collecting: what keeps a store in order, and what mends it.

use crate::client::{encode, post};
use crate::machine::Machine;
use handler::request::Method;
use handler::store::Store;

/// Ten posts, a page, a draft, a file; two of everything where the tests break one.
fn blog() -> Machine {
    let blog = Machine::new();
    for n in 0..10 {
        let more = format!("tags: [x, t{}]\naliases: [/old/{n}]\n", n % 3);
        let source = post(
            &format!("Post {n}"),
            &format!("2026-01-{:02}", n + 1),
            &more,
        );
        blog.put(&format!("posts/p{n}"), source).expect(201);
    }
    blog.put("pages/about", "---\ntitle: About\n---\nus\n")
        .expect(201);
    blog.put("posts/d", "---\ntitle: D\ndraft: true\n---\n")
        .expect(201);
    blog.put("media/a.bin", vec![7; 800_000]).expect(200);
    blog
}

/// All steps of a reindex; how many documents it handled.
#[track_caller]
fn reindex(blog: &Machine) -> u64 {
    for _ in 0..100 {
        let step = blog.api(Method::Post, "reindex", "").expect(200).json();
        if step["done"] == true {
            return step["handled"].as_u64().expect("a number");
        }
    }
    panic!("the reindex never ends");
}

#[track_caller]
fn check(harm: impl Fn(&Machine), findings: &[&str], remedy: &str) {
    let blog = blog();
    assert_eq!(blog.findings(), [""; 0]);
    harm(&blog);
    let expected: Vec<String> = findings
        .iter()
        .map(|finding| format!("{finding}: {remedy}"))
        .collect();
    assert_eq!(blog.findings(), expected);
    if remedy == "run reindex" {
        reindex(&blog);
        assert_eq!(blog.findings(), [""; 0]);
        let on_home: Vec<String> = (0..10).rev().map(|n| format!("p{n}")).collect();
        if blog.get("/posts/p0").status == 200 {
            assert_eq!(blog.posts_on("/"), on_home);
        }
    }
}

fn drop_key(key: &'static str) -> impl Fn(&Machine) {
    move |blog| blog.poke(key, None)
}

#[test]
fn each_thing_that_is_missing_is_told_with_its_remedy() {
    check(
        drop_key("card/p3"),
        &["card/p3: not as its document wants it"],
        "run reindex",
    );
    check(
        drop_key("alias/old/3"),
        &["alias/old/3: not as its document wants it"],
        "run reindex",
    );
    check(
        drop_key("head"),
        &[
            "page/about: the index does not have it as it is",
            "post/d: the index does not have it as it is",
            "post/p0: the index does not have it as it is",
            "post/p1: the index does not have it as it is",
            "post/p2: the index does not have it as it is",
            "post/p3: the index does not have it as it is",
            "post/p4: the index does not have it as it is",
            "post/p5: the index does not have it as it is",
            "post/p6: the index does not have it as it is",
            "post/p7: the index does not have it as it is",
            "post/p8: the index does not have it as it is",
            "post/p9: the index does not have it as it is",
            "head: 0 posts stand under tags, and posts have 20 tags",
        ],
        "run reindex",
    );
    check(
        |blog| blog.poke("post/p4", Some(vec![1])),
        &["post/p4: damaged"],
        "publish it again",
    );
    check(
        |blog| {
            let part = blog
                .data()
                .into_iter()
                .find(|(key, _)| key.starts_with("m/"))
                .expect("a part");
            blog.poke(&part.0, None);
        },
        &["media/a.bin: a part is missing or damaged"],
        "publish it again",
    );
}

#[test]
fn what_is_left_over_is_told_and_wiped() {
    check(
        |blog| blog.poke("card/gone", Some(vec![1])),
        &["card/gone: left over from another time"],
        "run reindex",
    );
    check(
        |blog| blog.poke("alias/x", Some(b"/posts/p1".to_vec())),
        &["alias/x: left over from another time"],
        "run reindex",
    );
    check(
        |blog| blog.poke("alias/x", Some(b"/posts/nobody".to_vec())),
        &["alias/x: left over from another time"],
        "run reindex",
    );
    check(
        |blog| {
            for key in ["post/p0", "card/p0", "alias/old/0"] {
                blog.poke(key, None);
            }
        },
        &[
            "head: 20 posts stand under tags, and posts have 18 tags",
            "post/p0: the index has it where it is not",
        ],
        "run reindex",
    );
}

#[test]
fn a_missing_node_of_the_index_is_told_and_made_anew() {
    let nodes: Vec<String> = blog()
        .data()
        .into_keys()
        .filter(|key| key.starts_with("i/"))
        .collect();
    let mut broken = 0;
    for node in nodes {
        let blog = blog();
        blog.poke(&node, None);
        let findings = blog.findings();
        if findings.is_empty() {
            continue;
        }
        broken += 1;
        assert!(
            findings.contains(&format!("{node}: missing or damaged: run reindex")),
            "{findings:?}"
        );
        blog.put("posts/p0", post("New", "2026-02-01", ""));
        blog.pass(9);
        reindex(&blog);
        assert_eq!(blog.findings(), [""; 0]);
        assert_eq!(blog.posts_on("/").len(), 10);
    }
    assert!(broken >= 7, "only {broken} nodes were missed");
}

#[test]
fn an_unfinished_publisher_is_told() {
    let blog = blog();
    blog.failing(3, false)
        .put("posts/late", post("Late", "2026-03-01", ""))
        .expect(503);
    blog.pass(9);
    let told = "lock: a publisher ended before its work was done: publish anything, and it will be finished";
    assert_eq!(blog.findings(), [told]);
    blog.put("posts/next", post("Next", "2026-03-02", ""))
        .expect(201);
    assert_eq!(blog.findings(), [""; 0]);
    assert_eq!(blog.posts_on("/")[..2], ["next", "late"]);
}

#[test]
fn a_reindex_makes_all_posts_anew_for_other_settings() {
    let blog = blog();
    blog.put("posts/local", post("Local", "2026-05-01 00:30", ""))
        .expect(201);
    blog.put("site", "time_zone = \"Asia/Tokyo\"\n").expect(200);
    assert_eq!(blog.findings().len(), 13);
    assert_eq!(reindex(&blog), 26);
    assert_eq!(blog.findings(), [""; 0]);
    blog.round_trips.set(0);
    let again = blog
        .put("posts/local", post("Local", "2026-05-01 00:30", ""))
        .expect(200);
    assert_eq!(again.json()["status"], "unchanged");
    let posts = blog.read("posts").expect(200).json();
    // Half past midnight in Tokyo is in April elsewhere.
    assert_eq!(posts["items"][0]["slug"], "local");
    assert_eq!(posts["items"][0]["date"], 1_777_563_000);
}

/// A blog of which a reindex needs several steps.
fn many() -> Machine {
    let blog = Machine::new();
    for n in 0..250 {
        let source = post(
            &format!("Post {n}"),
            &format!("2025-{:02}-{:02}", n / 28 % 12 + 1, n % 28 + 1),
            "tags: [x]\n",
        );
        blog.put(&format!("posts/p{n}"), source).expect(201);
    }
    blog.put("site", "smart_punctuation = false\n").expect(200);
    blog
}

#[test]
fn publishers_between_the_steps_of_a_reindex_lose_nothing() {
    let blog = many();
    let mut steps = 0;
    loop {
        // Readers see the old index, or the new one, never a part.
        assert_eq!(
            blog.get("/archive")
                .expect(200)
                .text()
                .matches("/archive/2025\"")
                .count(),
            1
        );
        let page = blog.get("/").expect(200);
        assert!(
            page.text()
                .contains(if steps == 0 { "1 / 25" } else { "1 / 26" }),
            "{}",
            page.text()
        );
        if blog.api(Method::Post, "reindex", "").expect(200).json()["done"] == true {
            break;
        }
        steps += 1;
        blog.put(
            &format!("posts/new{steps}"),
            post("New", &format!("2026-01-0{steps}"), "tags: [x, y]\n"),
        )
        .expect(201);
        blog.put(
            &format!("posts/p{}", steps * 40),
            post("Moved", "2024-02-02", "tags: [y]\n"),
        )
        .expect(200);
        blog.delete(&format!("posts/p{}", steps * 40 + 1))
            .expect(204);
        blog.put(
            &format!("posts/other{steps}"),
            post("Other", "2026-01-01", ""),
        )
        .expect(201);
    }
    assert!(steps >= 2, "{steps} steps");
    assert_eq!(blog.findings(), [""; 0]);
    assert!(!blog.data().contains_key("reindex"));
}

#[test]
fn a_reindex_that_dies_anywhere_leaves_the_old_index_and_can_go_on() {
    let before = many();
    for keys in [
        1, 2, 3, 50, 100, 150, 151, 152, 153, 154, 155, 156, 157, 200, 205,
    ] {
        let blog = before.copy();
        let dying = blog.failing(keys, false);
        while dying.has_power() {
            let step = dying.api(Method::Post, "reindex", "");
            if step.status == 200 && step.json()["done"] == true {
                break;
            }
        }
        blog.get("/").expect(200);
        blog.pass(9);
        blog.put("posts/next", post("Next", "2026-01-01", "tags: [x]\n"))
            .expect(201);
        assert_eq!(blog.posts_on("/")[0], "next");
        reindex(&blog);
        assert_eq!(blog.findings(), [""; 0], "after {keys} keys");
        assert_eq!(blog.posts_on("/")[0], "next");
    }
}

#[test]
fn what_nothing_refers_to_is_collected_once_it_was_so_for_ten_minutes() {
    let blog = blog();
    blog.put("media/a.bin", vec![8; 500_000]).expect(200);
    let collect = || blog.api(Method::Post, "gc", "").expect(200).json();
    blog.pass(61);
    let first = collect();
    assert_eq!(first["deleted"], 0);
    assert_eq!(first["again_seconds"], 600);
    let marked = first["marked"].as_u64().expect("a number");
    assert!(marked > 20, "{marked} keys");
    assert_eq!(collect()["marked"], marked);
    blog.pass(601);
    // A file that comes back just then keeps its parts.
    blog.put("media/again.bin", vec![7; 800_000]).expect(200);
    let parts = |blog: &Machine| {
        blog.data()
            .keys()
            .filter(|key| key.starts_with("m/"))
            .count()
    };
    assert_eq!(parts(&blog), 4);
    let second = collect();
    assert_eq!(second["deleted"], marked - 2);
    assert_eq!(second["marked"], 0);
    assert_eq!(blog.findings(), [""; 0]);
    assert_eq!(
        blog.get("/media/again.bin").expect(200).body,
        vec![7; 800_000]
    );
    blog.delete("media/again.bin").expect(204);
    for _ in 0..2 {
        blog.pass(601);
        collect();
    }
    assert_eq!(parts(&blog), 2);
    assert_eq!(blog.posts_on("/").len(), 10);
}

#[test]
fn an_index_that_moved_a_moment_ago_loses_no_node() {
    let blog = blog();
    blog.api(Method::Post, "gc", "").expect(200);
    blog.pass(601);
    blog.put("posts/p0", post("New", "2026-02-01", ""))
        .expect(200);
    let pass = blog.api(Method::Post, "gc", "").expect(200).json();
    assert_eq!(pass["deleted"], 0);
}

#[test]
fn lists_come_in_parts_and_name_everything_once() {
    let blog = blog();
    for n in 0..220 {
        blog.put(&format!("posts/s{n}"), "---\ntitle: S\ndraft: true\n---\n")
            .expect(201);
    }
    blog.put("posts/soon", post("Soon", "2027-01-01", ""))
        .expect(201);
    blog.put("media/films/b.mp4", "film").expect(200);
    let all = |noun: &str| {
        let mut items = Vec::new();
        let mut path = noun.to_owned();
        loop {
            let part = blog.read(&path).expect(200).json();
            items.extend(part["items"].as_array().expect("items").iter().cloned());
            match part["cursor"].as_str() {
                Some(cursor) => path = format!("{noun}?cursor={}", encode(cursor)),
                None => return items,
            }
        }
    };
    let posts = all("posts");
    assert_eq!(posts.len(), 232);
    let first: Vec<_> = posts[..3]
        .iter()
        .map(|post| (post["slug"].as_str(), post["state"].as_str()))
        .collect();
    assert_eq!(
        first,
        [
            (Some("soon"), Some("scheduled")),
            (Some("p9"), Some("published")),
            (Some("p8"), Some("published")),
        ]
    );
    assert_eq!(posts[11]["state"], "draft");
    let source = blog.get("/posts/p9.md").expect(200);
    assert_eq!(
        posts[1]["hash"],
        blog.read("posts/p9").header("etag").trim_matches('"')
    );
    assert!(source.text().contains("title: Post 9"));
    let pages = all("pages");
    assert_eq!(pages.len(), 1);
    assert_eq!(pages[0]["slug"], "about");
    let names = |items: &[serde_json::Value]| -> Vec<String> {
        items
            .iter()
            .map(|item| item["name"].as_str().expect("a name").to_owned())
            .collect()
    };
    let media = all("media");
    assert_eq!(names(&media), ["a.bin", "films/b.mp4"]);
    assert_eq!(media[1]["type"], "video/mp4");
    assert_eq!(media[0]["length"], 800_000);
    // A damaged record is in no list, and breaks none.
    blog.set("media/a.bin", vec![1, 2]).expect("a write");
    assert_eq!(names(&all("media")), ["films/b.mp4"]);
    blog.read("manifest?cursor=files:").expect(200);
}
