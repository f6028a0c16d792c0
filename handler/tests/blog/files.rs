//! The files that documents come from, what is known of them, and guards on what is sent.

use crate::client::post;
use crate::sim_host::SimHost;
use handler::request::Method;
use serde_json::{Value, json};

const UNDATED: &str = "---\ntitle: C\n---\n";

fn batch(blog: &SimHost, batch: &Value) -> Vec<String> {
    let answer = blog.api(Method::Post, "batch", batch.to_string());
    let answer = answer.expect(200).json();
    let results = answer["results"].as_array().expect("results").iter();
    results
        .map(|result| result["status"].as_str().expect("a status").to_owned())
        .collect()
}

fn dated(name: &str, file: &str) -> Value {
    json!({ "put": [{ "kind": "post", "name": name, "file": file, "source": UNDATED }] })
}

#[test]
fn a_document_keeps_its_file_and_the_date_in_its_name() {
    let blog = SimHost::new();
    let file = "posts/2026/2026-05-03-c.md";
    assert_eq!(batch(&blog, &dated("2026-05-03-c", file)), ["created"]);
    assert_eq!(blog.read("posts/c").expect(200).header("mayfly-file"), file);
    let changed = "---\ntitle: Changed\n---\n";
    let put = blog.put("posts/c", changed).expect(200);
    let read = blog.read("posts/c").expect(200);
    assert_eq!((read.text(), read.header("mayfly-file")), (changed, file));
    assert_eq!(put.header("etag"), read.header("etag"));
    // Other settings, so it is compiled again.
    blog.put("site", "title = \"T\"\ntime_zone = \"Asia/Tokyo\"\n")
        .expect(200);
    assert_eq!(blog.reindex(), 2);
    assert_eq!(blog.findings(), [""; 0]);
    assert!(
        blog.get("/posts/c")
            .expect(200)
            .text()
            .contains("2026-05-03T00:00:00+09:00")
    );
}

#[test]
fn a_file_of_another_name_is_another_version() {
    let blog = SimHost::new();
    let (first, second) = ("posts/2026-05-03-c.md", "posts/2026-05-04-c.md");
    assert_eq!(batch(&blog, &dated("2026-05-03-c", first)), ["created"]);
    assert_eq!(batch(&blog, &dated("2026-05-03-c", first)), ["unchanged"]);
    assert_eq!(batch(&blog, &dated("2026-05-04-c", second)), ["updated"]);
    assert!(blog.get("/posts/c").text().contains("2026-05-04T00:00:00"));
    assert_eq!(blog.read("posts/c").header("mayfly-file"), second);
}

#[test]
fn edits_of_a_batch_are_guarded_each() {
    let blog = SimHost::new();
    let put = |title: &str, expected: &str| {
        let source = post(title, "2026-05-01", "");
        json!({ "put": [{ "kind": "post", "name": "a", "source": source, "expected": expected }] })
    };
    let delete = |expected: &str| json!({ "delete": [{ "kind": "post", "slug": "a", "expected": expected }] });
    let hash = |blog: &SimHost| {
        blog.read("posts/a")
            .header("etag")
            .trim_matches('"')
            .to_owned()
    };
    assert_eq!(batch(&blog, &put("A", "*")), ["conflict"]);
    assert_eq!(batch(&blog, &put("A", "none")), ["created"]);
    let first = hash(&blog);
    assert_eq!(batch(&blog, &put("B", "none")), ["conflict"]);
    assert_eq!(batch(&blog, &put("B", &first)), ["updated"]);
    // The same once more: only the answer was lost.
    assert_eq!(batch(&blog, &put("B", &first)), ["unchanged"]);
    assert_eq!(batch(&blog, &put("C", &first)), ["conflict"]);
    assert_eq!(batch(&blog, &delete(&first)), ["conflict"]);
    assert_eq!(batch(&blog, &delete(&hash(&blog))), ["deleted"]);
    assert_eq!(batch(&blog, &delete(&first)), ["missing"]);
    blog.api(Method::Post, "batch", put("C", "me").to_string())
        .expect(400);
}

#[test]
fn outlines_tell_where_links_lead_from_and_what_they_may_lead_to() {
    let blog = SimHost::new();
    let source = "---\ntitle: A\ndate: 2026-05-01\n---\n## One\n\n[b](/posts/b#x)\n\n\
        <a href=\"/c\">c</a> and <img src='/media/d.png'></b>\n\n![](/media/e.png)\n";
    blog.put("posts/a", source).expect(201);
    for n in 0..70 {
        let slug = format!("pages/p{n:02}");
        blog.put(&slug, "---\ntitle: P\n---\n").expect(201);
    }
    let first = blog.read("outlines").expect(200).json();
    let link = |target: &str, line: u32| json!({ "target": target, "line": line });
    let mut outline = first["items"][0].clone();
    outline["hash"] = json!(null);
    assert_eq!(
        outline,
        json!({
            "kind": "post", "slug": "a", "path": "/posts/a", "file": "posts/a.md",
            "hash": null, "state": "published", "anchors": ["one"],
            "links": [
                link("/posts/b#x", 7), link("/c", 9), link("/media/d.png", 9),
                link("/media/e.png", 11)
            ],
            "images_without_alt": [link("/media/d.png", 9), link("/media/e.png", 11)],
            "warnings": [{
                "line": 9, "field": null,
                "message": "`</b>` ends no element of this block, so it is left out; remove it",
            }],
        })
    );
    let cursor = first["cursor"].as_str().expect("a cursor");
    let rest = blog.read(&format!(
        "outlines?cursor={}",
        crate::client::encode(cursor)
    ));
    let rest = rest.expect(200).json();
    assert_eq!(rest["items"].as_array().map(Vec::len), Some(7));
    assert_eq!(rest["items"][6]["path"], "/p69");
}

#[test]
fn a_store_that_answers_in_any_order_and_each_key_once_is_read_right() {
    let mut blog = SimHost::furnished();
    blog.reads_like_spin = true;
    let source = |title: &str, n: usize| {
        let more = format!("tags: [one, two]\naliases: [/x{n}, /y{n}]\n");
        post(title, &format!("2026-03-{:02}", n + 1), &more)
    };
    for n in 0..10 {
        blog.put(&format!("posts/two{n}"), source("Two", n))
            .expect(201);
    }
    blog.put("posts/two4", source("Changed", 4)).expect(200);
    for n in 0..9 {
        blog.delete(&format!("posts/two{n}")).expect(204);
    }
    assert_eq!(blog.posts_on("/tags/two"), ["two9"]);
    assert_eq!(blog.findings(), [""; 0]);
}

#[test]
fn many_files_are_deleted_at_once_and_only_as_they_were() {
    let blog = SimHost::new();
    let tag = blog
        .put("media/a.txt", "one")
        .expect(200)
        .header("etag")
        .trim_matches('"')
        .to_owned();
    for name in ["b.txt", "c.txt"] {
        blog.put(&format!("media/{name}"), "two").expect(200);
    }
    let delete = json!({ "delete_media": [
        { "name": "a.txt", "expected": tag },
        { "name": "b.txt", "expected": tag },
        { "name": "c.txt" },
        { "name": "d.txt", "expected": tag },
    ] });
    let answer = blog.api(Method::Post, "batch", delete.to_string());
    let results = answer.expect(200).json()["results"].clone();
    let statuses: Vec<_> = (0..4).map(|n| results[n]["status"].as_str()).collect();
    let expected = ["deleted", "conflict", "deleted", "missing"].map(Some);
    assert_eq!(statuses, expected);
    blog.read("media/a.txt").expect(404);
    blog.read("media/b.txt").expect(200);
    blog.read("media/c.txt").expect(404);
}
