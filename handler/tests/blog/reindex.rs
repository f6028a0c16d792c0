//! A reindex goes step by step, and nobody has to wait for it.

use crate::client::post;
use crate::machine::Machine;
use handler::request::Method;

#[test]
fn a_reindex_makes_all_posts_anew_for_other_settings() {
    let blog = Machine::furnished();
    blog.put("posts/local", post("Local", "2026-05-01 00:30", ""))
        .expect(201);
    blog.put("site", "time_zone = \"Asia/Tokyo\"\n").expect(200);
    assert_eq!(blog.findings().len(), 13);
    // 13 documents, as many entries, and ten posts under two tags each.
    assert_eq!(blog.reindex(), 46);
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
fn many(posts: usize) -> Machine {
    let blog = Machine::new();
    for n in 0..posts {
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
    let blog = many(450);
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
                .contains(if steps == 0 { "1 / 45" } else { "1 / 46" }),
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
    let before = many(250);
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
        blog.reindex();
        assert_eq!(blog.findings(), [""; 0], "after {keys} keys");
        assert_eq!(blog.posts_on("/")[0], "next");
    }
}

#[test]
fn an_index_of_an_earlier_format_says_in_the_theme_when_to_come_back() {
    let blog = Machine::furnished();
    blog.put("site", "title = \"Own Title\"\nlang = \"zh\"\n")
        .expect(200);
    // As formats 1 and 2 were written: version, checksum, content.
    let content = b"a tree of nodes";
    let sum = xxhash_rust::xxh3::xxh3_64(content).to_be_bytes();
    blog.poke("head", Some([&[2], &sum[..], content].concat()));
    for path in [
        "/",
        "/tags",
        "/tags/x",
        "/archive",
        "/feed.xml",
        "/sitemap.xml",
    ] {
        let page = blog.get(path).expect(503);
        assert_eq!(page.header("retry-after"), "60", "{path}");
        assert_eq!(page.header("cache-control"), "no-store", "{path}");
        assert!(page.text().contains("Own Title"), "{path}");
        assert!(page.text().contains("lang=\"zh\""), "{path}");
        assert!(!page.text().contains("reindex"), "{path}");
    }
    // What needs no index is there.
    blog.get("/posts/p5").expect(200);
    blog.get("/about").expect(200);
    blog.reindex();
    blog.get("/").expect(200);
    assert_eq!(blog.findings(), [""; 0]);
}
