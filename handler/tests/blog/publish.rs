//! Publishing: what comes in by the interface is what visitors find.

use crate::client::post;
use crate::sim_host::SimHost;
use handler::request::Method;
use serde_json::{Value, json};

#[track_caller]
fn statuses(answer: &Value) -> Vec<&str> {
    let results = answer["results"].as_array().expect("results");
    results
        .iter()
        .map(|result| result["status"].as_str().expect("a word"))
        .collect()
}

#[test]
fn a_post_is_found_wherever_it_belongs_and_comes_back_byte_by_byte() {
    let blog = SimHost::new();
    let source = post("Hello", "2026-05-01", "tags: [One Tag]\n");
    let answer = blog.put("posts/hello", &source).expect(201);
    assert_eq!(answer.json()["status"], "created");
    assert_eq!(answer.json()["slug"], "hello");
    assert_eq!(blog.read("posts/hello").expect(200).text(), source);
    for path in ["/", "/tags/one-tag", "/archive/2026"] {
        assert_eq!(blog.posts_on(path), ["hello"], "{path}");
    }
    let page = blog.get("/posts/hello").expect(200);
    assert!(page.text().contains("<p>The text of Hello.</p>"));
    for path in ["/feed.xml", "/rss.xml", "/feed.json", "/sitemap.xml"] {
        assert!(
            blog.get(path).expect(200).text().contains("/posts/hello"),
            "{path}"
        );
    }
    assert_eq!(blog.get("/posts/hello.md").expect(200).text(), source);
}

#[test]
fn a_changed_date_and_changed_tags_move_a_post() {
    let blog = SimHost::new();
    blog.put("posts/a", post("A", "2026-05-01", "tags: [x, y]\n"))
        .expect(201);
    blog.put("posts/b", post("B", "2026-04-01", "tags: [y]\n"))
        .expect(201);
    assert_eq!(blog.posts_on("/"), ["a", "b"]);
    let answer = blog
        .put("posts/a", post("A", "2025-03-01", "tags: [z, y]\n"))
        .expect(200);
    assert_eq!(answer.json()["status"], "updated");
    assert_eq!(blog.posts_on("/"), ["b", "a"]);
    assert_eq!(blog.posts_on("/tags/y"), ["b", "a"]);
    assert_eq!(blog.posts_on("/tags/z"), ["a"]);
    blog.get("/tags/x").expect(404);
    assert_eq!(blog.posts_on("/archive/2026"), ["b"]);
    assert_eq!(blog.posts_on("/archive/2025"), ["a"]);
}

#[test]
fn what_is_sent_again_is_unchanged_and_writes_nothing() {
    let blog = SimHost::new();
    let source = post("A", "2026-05-01", "");
    blog.put("posts/a", &source).expect(201);
    blog.touched.take();
    let again = blog.put("posts/a", &source).expect(200);
    assert_eq!(again.json()["status"], "unchanged");
    assert_eq!(blog.touched.take().len(), 0);
}

#[test]
fn one_post_writes_at_most_16_keys_and_a_get_reads_no_variable() {
    let blog = SimHost::new();
    let tags: Vec<String> = (0..10).map(|tag| format!("tag-{tag}")).collect();
    for n in 0..30 {
        let tags = format!("tags: [{}]\n", tags.join(", "));
        blog.touched.take();
        blog.put(&format!("posts/{n}"), post("A", "2026-05-01", &tags))
            .expect(201);
        let touched = blog.touched.take();
        assert!(touched.len() <= 16, "{touched:?}");
    }
    blog.variables_read.set(0);
    blog.round_trips.set(0);
    blog.get("/posts/7").expect(200);
    assert_eq!((blog.round_trips.get(), blog.variables_read.get()), (2, 0));
}

#[test]
fn a_deleted_post_leaves_nothing_behind() {
    let blog = SimHost::new();
    blog.put(
        "posts/a",
        post("A", "2026-05-01", "tags: [x]\naliases: [/old]\n"),
    )
    .expect(201);
    assert_eq!(blog.get("/old").expect(301).header("location"), "/posts/a");
    blog.delete("posts/a").expect(204);
    blog.delete("posts/a").expect(404);
    blog.read("posts/a").expect(404);
    for path in ["/posts/a", "/old", "/tags/x", "/archive/2026"] {
        blog.get(path).expect(404);
    }
    assert_eq!(blog.posts_on("/"), [""; 0]);
    let left: Vec<String> = blog
        .data()
        .into_keys()
        .filter(|key| !key.starts_with("i/"))
        .collect();
    assert_eq!(left, ["head", "lock", "recent"]);
}

#[test]
fn an_alias_ends_with_the_version_that_names_it_unless_another_post_took_it() {
    let blog = SimHost::new();
    blog.put(
        "posts/a",
        post("A", "2026-05-01", "aliases: [/one, /two]\n"),
    )
    .expect(201);
    let taken = blog.put("posts/b", post("B", "2026-05-02", "aliases: [/two]\n"));
    let message = "the alias /two already leads to posts/a: remove it from one of them";
    assert!(taken.expect(422).text().contains(message));
    blog.put("posts/a", post("A", "2026-05-01", "aliases: [/three]\n"))
        .expect(200);
    blog.get("/two").expect(404);
    blog.put("posts/b", post("B", "2026-05-02", "aliases: [/two]\n"))
        .expect(201);
    blog.get("/one").expect(404);
    assert_eq!(blog.get("/two").expect(301).header("location"), "/posts/b");
    assert_eq!(
        blog.get("/three").expect(301).header("location"),
        "/posts/a"
    );
}

#[test]
fn a_draft_becomes_a_post_and_a_scheduled_one_comes_due_by_itself() {
    let blog = SimHost::new();
    blog.put("posts/d", "---\ntitle: D\ndraft: true\n---\ntext\n")
        .expect(201);
    blog.get("/posts/d").expect(404);
    blog.get("/posts/d.md").expect(404);
    blog.put("posts/d", post("D", "2026-05-01", "")).expect(200);
    assert_eq!(blog.posts_on("/"), ["d"]);
    blog.put(
        "posts/soon",
        post(
            "Soon",
            "2026-06-01T13:00:00Z",
            "expires: 2026-06-01T14:00:00Z\n",
        ),
    )
    .expect(201);
    blog.get("/posts/soon").expect(404);
    blog.pass(3600);
    blog.get("/posts/soon").expect(200);
    assert_eq!(blog.posts_on("/"), ["soon", "d"]);
    blog.pass(3600);
    blog.get("/posts/soon").expect(410);
    assert_eq!(blog.posts_on("/"), ["d"]);
}

#[test]
fn a_page_stands_outside_the_stream() {
    let blog = SimHost::new();
    blog.put(
        "pages/about",
        "---\ntitle: About\naliases: [/who]\n---\nus\n",
    )
    .expect(201);
    assert!(blog.get("/about").expect(200).text().contains("<p>us</p>"));
    assert_eq!(blog.get("/who").expect(301).header("location"), "/about");
    assert_eq!(blog.posts_on("/"), [""; 0]);
    blog.delete("pages/about").expect(204);
    blog.get("/about").expect(404);
}

#[test]
fn a_batch_puts_and_deletes_with_one_move_of_the_index() {
    let blog = SimHost::new();
    blog.put("posts/gone", post("G", "2026-01-01", ""))
        .expect(201);
    let batch = json!({
        "put": [
            { "kind": "post", "name": "2026-05-03-c", "file": "posts/2026-05-03-c.md", "source": "---\ntitle: C\n---\n" },
            { "kind": "post", "name": "c", "file": "posts/c.md", "source": post("C", "2026-05-04", "") },
            { "kind": "page", "name": "c", "file": "pages/c.md", "source": "---\ntitle: C\n---\n" },
            { "kind": "post", "name": "bad", "file": "posts/bad.md", "source": "---\ntitle: Bad\ndate: soon\n---\n" },
        ],
        "delete": [{ "kind": "post", "slug": "gone" }, { "kind": "post", "slug": "never" }],
    });
    let answer = blog
        .api(Method::Post, "batch", batch.to_string())
        .expect(200)
        .json();
    assert_eq!(
        statuses(&answer),
        [
            "created", "refused", "created", "refused", "deleted", "missing"
        ]
    );
    let problem = |n: usize| &answer["results"][n]["problems"][0];
    assert_eq!(problem(1)["field"], "slug");
    assert_eq!(
        problem(1)["message"],
        "the slug \"c\" is taken by posts/2026-05-03-c.md: give one of them another"
    );
    assert_eq!(
        (&problem(3)["line"], &problem(3)["field"]),
        (&json!(3), &json!("date"))
    );
    assert_eq!(blog.posts_on("/"), ["c"]);
}

#[test]
fn another_time_zone_is_heeded_at_once_and_asks_to_publish_again() {
    let blog = SimHost::new();
    let site = |zone: &str| format!("title = \"T\"\ntime_zone = \"{zone}\"\n");
    assert_eq!(
        blog.put("site", site("UTC")).expect(200).json()["recompile"],
        false
    );
    blog.put("posts/a", post("A", "2026-05-01 00:30", ""))
        .expect(201);
    let date = |blog: &SimHost| {
        let page = blog.get("/posts/a").expect(200);
        let (_, rest) = page.text().split_once("datetime=\"").expect("a date");
        rest.split('"').next().expect("its end").to_owned()
    };
    assert_eq!(date(&blog), "2026-05-01T00:30:00+00:00");
    assert_eq!(
        blog.put("site", site("Asia/Tokyo")).expect(200).json()["recompile"],
        true
    );
    assert_eq!(date(&blog), "2026-05-01T00:30:00+09:00");
    let again = blog
        .put("posts/a", post("A", "2026-05-01 00:30", ""))
        .expect(200);
    assert_eq!(again.json()["status"], "updated");
    assert_eq!(blog.posts_on("/"), ["a"]);
    assert_eq!(blog.read("site").expect(200).text(), site("Asia/Tokyo"));
}

#[test]
fn an_uploaded_file_is_served_in_whole_and_in_part() {
    let blog = SimHost::new();
    let film: Vec<u8> = (0..900_000_u32).map(|n| (n / 7 % 251) as u8).collect();
    blog.put("media/films/one.mp4", &film).expect(200);
    assert_eq!(blog.get("/media/films/one.mp4").expect(200).body, film);
    let part = blog.send(
        Method::Get,
        "/media/films/one.mp4",
        &[("range", "bytes=393215-786432")],
        b"",
    );
    assert_eq!(part.expect(206).body, &film[393_215..=786_432]);
    blog.delete("media/films/one.mp4").expect(204);
    blog.get("/media/films/one.mp4").expect(404);
}

#[test]
fn a_source_that_names_another_slug_than_its_address_is_refused() {
    let blog = SimHost::new();
    let source = post("Foo", "2026-05-01", "slug: bar\n");
    let answer = blog.put("posts/foo", &source).expect(422);
    let problem = &answer.json()["problems"][0];
    assert_eq!(problem["field"], "slug");
    assert_eq!(
        problem["message"],
        "the front matter names the slug \"bar\": send it to /api/posts/bar, or leave the field out"
    );
    assert_eq!(blog.data().len(), 0);
    blog.put("posts/bar", &source).expect(201);
}

#[test]
fn what_is_not_there_cannot_be_removed() {
    let blog = SimHost::new();
    for path in [
        "posts/a",
        "pages/a",
        "media/a.txt",
        "theme/a.css",
        "theme/style.css",
        "theme/a.html",
    ] {
        blog.delete(path).expect(404);
        blog.api_if(Method::Delete, path, "", Some("*")).expect(404);
    }
}
