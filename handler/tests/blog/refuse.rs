//! What is refused, and what is endured: strangers, mistakes, damage, other versions.

use crate::client::{Answer, post};
use crate::sim_host::{SimHost, TOKEN};
use handler::request::Method;
use serde_json::json;

#[track_caller]
pub(crate) fn problem(answer: &Answer, status: u16, detail: &str) {
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert_eq!(answer.status, status, "{}", answer.text());
    let told = answer.json()["detail"]
        .as_str()
        .expect("a detail")
        .to_owned();
    assert!(told.contains(detail), "{told}");
}

#[test]
fn only_the_holder_of_a_long_token_publishes() {
    let mut blog = SimHost::new();
    for shown in [None, Some("Bearer wrong"), Some(TOKEN), Some("Bearer ")] {
        let headers: Vec<_> = shown
            .map(|shown| ("authorization", shown))
            .into_iter()
            .collect();
        let answer = blog.send(Method::Put, "/api/posts/a", &headers, b"");
        problem(&answer, 401, "Bearer TOKEN");
        assert_eq!(answer.header("www-authenticate"), "Bearer realm=\"mayfly\"");
    }
    for unsafe_token in [None, Some(""), Some("nineteen characters")] {
        blog.token = unsafe_token.map(str::to_owned);
        let bearer = format!("Bearer {}", unsafe_token.unwrap_or_default());
        let answer = blog.send(
            Method::Get,
            "/api/manifest",
            &[("authorization", &bearer)],
            b"",
        );
        problem(
            &answer,
            403,
            "set the variable admin_token to at least 20 characters",
        );
    }
    assert_eq!(blog.data().len(), 0);
}

#[test]
fn two_editors_do_not_overwrite_each_other_blindly() {
    let blog = SimHost::new();
    let first = blog.put("posts/a", post("A", "2026-05-01", "")).expect(201);
    let tag = first.header("etag").to_owned();
    assert_eq!(blog.read("posts/a").header("etag"), tag);
    let second = post("A2", "2026-05-01", "");
    blog.api_if(Method::Put, "posts/a", &second, Some(&tag))
        .expect(200);
    let late = blog.api_if(
        Method::Put,
        "posts/a",
        post("A3", "2026-05-01", ""),
        Some(&tag),
    );
    problem(&late, 412, "read it again");
    problem(
        &blog.api_if(Method::Delete, "posts/a", "", Some(&tag)),
        412,
        "read it again",
    );
    problem(
        &blog.api_if(Method::Put, "posts/new", &second, Some("*")),
        412,
        "read it again",
    );
    problem(
        &blog.api_if(Method::Put, "posts/a", &second, Some("\"me\"")),
        400,
        "ETag",
    );
    assert_eq!(blog.read("posts/a").text(), second);
    blog.api_if(Method::Delete, "posts/a", "", Some("*"))
        .expect(204);
}

#[test]
fn a_refused_file_tells_each_line_and_changes_nothing() {
    let blog = SimHost::new();
    let answer = blog.put("posts/a", "---\ntitel: A\ndate: 2026-13-01\n---\n");
    problem(&answer, 422, "line");
    let found = &answer.json()["problems"];
    let at = |n: usize| (found[n]["line"].clone(), found[n]["field"].clone());
    assert_eq!(at(0), (json!(1), json!("title")));
    assert_eq!(at(1), (json!(2), json!("titel")));
    assert_eq!(at(2), (json!(3), json!("date")));
    let answer = blog.put("posts/a", post("A", "2026-05-01", "template: none.html\n"));
    problem(&answer, 422, "add it as theme/none.html");
    assert_eq!(blog.data().len(), 0);
    problem(&blog.api(Method::Post, "batch", "{"), 400, "");
    problem(
        &blog.api(Method::Post, "batch", "{\"puts\": []}"),
        400,
        "unknown field `puts`",
    );
}

#[test]
fn bad_settings_and_templates_are_refused_with_their_lines() {
    let blog = SimHost::new();
    let answer = blog.put("site", "title = \"T\"\ntime_zone = \"Asia/Tokio\"\n");
    problem(&answer, 422, "Asia/Tokyo");
    assert_eq!(answer.json()["problems"][0]["line"], 2);
    let answer = blog.put("theme/post.html", "<p>\n{% if %}\n");
    problem(&answer, 422, "");
    assert_eq!(answer.json()["problems"][0]["line"], 2);
    problem(
        &blog.put("theme/post.html", "x".repeat(129 * 1024)),
        413,
        "128 KiB",
    );
    blog.put("theme/a.html", "x".repeat(70 * 1024)).expect(200);
    problem(
        &blog.put("theme/post.html", "x".repeat(70 * 1024)),
        422,
        "128 KiB",
    );
    assert_eq!(blog.get("/").expect(200).text().matches("<h1").count(), 1);
}

#[test]
fn a_template_of_the_authors_takes_the_place_of_the_built_in_one() {
    let blog = SimHost::new();
    blog.put("posts/a", post("A", "2026-05-01", "")).expect(201);
    blog.put("theme/post.html", "<main>{{ post.title | upper }}</main>")
        .expect(200);
    assert_eq!(blog.get("/posts/a").expect(200).text(), "<main>A</main>");
    let refused = blog.put("theme/post.html", "{{ post.title.nothing.at.all }}");
    problem(&refused, 422, "undefined value");
    assert_eq!(blog.get("/posts/a").expect(200).text(), "<main>A</main>");
    blog.delete("theme/post.html").expect(204);
    assert!(
        blog.get("/posts/a")
            .expect(200)
            .text()
            .contains("<p>The text of A.</p>")
    );
}

#[test]
fn a_damaged_record_takes_nothing_else_with_it() {
    let blog = SimHost::new();
    for slug in ["a", "b", "c"] {
        blog.put(
            &format!("posts/{slug}"),
            post(slug, "2026-05-01", "tags: [x]\n"),
        )
        .expect(201);
    }
    for key in ["post/b", "src/post/b", "feed/b"] {
        blog.poke(key, Some(vec![2, 2, 3]));
    }
    blog.poke("card/c", Some(vec![]));
    blog.get("/posts/b").expect(500);
    assert_eq!(blog.posts_on("/"), ["a", "b"]);
    assert_eq!(blog.posts_on("/tags/x"), ["a", "b"]);
    let feed = blog.get("/feed.xml").expect(200);
    assert!(feed.text().contains("/posts/a") && !feed.text().contains("/posts/b"));
    problem(
        &blog.read("posts/b"),
        500,
        "src/post/b is damaged: publish it again",
    );
    // Published again, elsewhere: no trace of the damaged one remains.
    blog.put("posts/b", post("b", "2025-01-01", "")).expect(200);
    assert_eq!(blog.posts_on("/archive/2025"), ["b"]);
    assert_eq!(blog.posts_on("/archive/2026"), ["a", "c"]);
    assert_eq!(blog.posts_on("/tags/x"), ["a"]);
}

#[test]
fn what_a_newer_version_wrote_is_told_and_never_overwritten() {
    let blog = SimHost::new();
    blog.put("posts/a", post("A", "2026-05-01", "")).expect(201);
    blog.put("media/m.txt", "m").expect(200);
    let whole = blog.data();
    let newer = |key: &str| {
        let mut value = whole[key].clone();
        value[0] += 1;
        blog.poke(key, Some(value));
    };
    let told = |answer: &Answer| problem(answer, 500, "deploy the newer");
    newer("post/a");
    newer("src/post/a");
    told(&blog.read("posts/a"));
    told(&blog.put("posts/a", post("B", "2026-05-01", "")));
    told(&blog.delete("posts/a"));
    blog.get("/posts/a").expect(500);
    blog.get("/").expect(200);
    assert!(
        blog.log
            .borrow()
            .iter()
            .any(|line| line.contains("deploy the newer component"))
    );
    for key in ["post/a", "src/post/a"] {
        blog.poke(key, Some(whole[key].clone()));
    }
    newer("head");
    told(&blog.put("posts/b", post("B", "2026-05-01", "")));
    // Half done, and not to be mistaken for done.
    blog.pass(9);
    told(&blog.put("posts/b", post("B", "2026-05-01", "")));
    blog.poke("head", Some(whole["head"].clone()));
    blog.pass(9);
    blog.put("posts/b", post("B", "2026-05-01", "")).expect(200);
    assert_eq!(blog.posts_on("/"), ["a", "b"]);
    newer("lock");
    told(&blog.put("posts/c", post("C", "2026-05-01", "")));
}

#[test]
fn files_templates_and_settings_are_guarded_too() {
    let blog = SimHost::new();
    for (path, one, two) in [
        ("media/m.txt", "one", "two"),
        ("theme/extra.css", "one", "two"),
        ("theme/style.css", "one", "two"),
        ("theme/post.html", "one", "two"),
        ("site", "title = \"One\"\n", "title = \"Two\"\n"),
    ] {
        problem(
            &blog.api_if(Method::Put, path, one, Some("*")),
            412,
            "read it again",
        );
        let tag = blog.put(path, one).expect(200).header("etag").to_owned();
        assert_eq!(blog.read(path).expect(200).header("etag"), tag, "{path}");
        blog.api_if(Method::Put, path, two, Some(&tag)).expect(200);
        problem(
            &blog.api_if(Method::Put, path, one, Some(&tag)),
            412,
            "read it again",
        );
        assert_eq!(blog.read(path).text(), two);
        if path != "site" {
            problem(
                &blog.api_if(Method::Delete, path, "", Some(&tag)),
                412,
                "read it again",
            );
            assert_eq!(blog.read(path).text(), two);
            blog.api_if(Method::Delete, path, "", Some("*")).expect(204);
            blog.read(path).expect(404);
        }
    }
}

#[test]
fn a_path_of_the_interface_may_be_escaped_in_any_way_but_not_broken() {
    let blog = SimHost::new();
    blog.put("media/a%2cb%2Ec", "file").expect(200);
    assert_eq!(blog.get("/media/a,b.c").expect(200).text(), "file");
    for broken in ["media/%zz", "media/%00", "posts/..", "media/a%2fb"] {
        problem(&blog.put(broken, "file"), 400, "broken escapes");
    }
    let long = format!("posts/{}", "a".repeat(300));
    problem(&blog.read(&long), 404, "nothing at");
    problem(&blog.put(&long, post("A", "2026-05-01", "")), 422, "");
    let delete = json!({ "delete": [{ "kind": "post", "slug": "a".repeat(300) }] });
    let answer = blog
        .api(Method::Post, "batch", delete.to_string())
        .expect(200);
    assert_eq!(answer.json()["results"][0]["status"], "missing");
    problem(
        &blog.put(&long.replace("posts", "media"), "file"),
        422,
        "240 bytes",
    );
}

#[test]
fn a_wrong_token_is_logged_once_and_a_missing_one_never() {
    let blog = SimHost::new();
    blog.send(Method::Put, "/api/posts/a", &[], b"").expect(401);
    assert_eq!(*blog.log.borrow(), [""; 0]);
    let wrong = [("authorization", "Bearer a token of somebody else")];
    blog.send(Method::Put, "/api/posts/a", &wrong, b"")
        .expect(401);
    assert_eq!(
        *blog.log.borrow(),
        ["refused a request to /api/posts/a: its token is not the admin token"]
    );
}

#[test]
fn a_problem_says_what_kind_it_is() {
    let blog = SimHost::new();
    let answer = blog.read("posts/none").expect(404);
    assert_eq!(answer.json()["type"], "about:blank");
}
