//! One canonical path for each page; former paths, and paths that are none.

use crate::client::post;
use crate::machine::{Machine, TOKEN};
use handler::request::Method;

#[track_caller]
fn leads(blog: &Machine, from: &str, to: &str) {
    assert_eq!(blog.get(from).expect(301).header("location"), to, "{from}");
}

#[test]
fn an_alias_may_have_capitals_escapes_and_any_normal_form() {
    let blog = Machine::new();
    let aliases = "aliases: [/2015/06/My-Post.html, '/Caf%C3%A9', \"/re\u{301}sume\u{301}\", /About-Me, /posts/Old-Name]\n";
    blog.put("posts/b1", post("B", "2026-01-01", aliases))
        .expect(201);
    for path in [
        "/2015/06/My-Post.html",
        "/2015/06/my-post.html",
        "/2015/06/My-Post.html/",
        "//2015/06/my%2Dpost.html",
        "/caf%C3%A9",
        "/Cafe%CC%81",
        "/r%C3%A9sum%C3%A9",
        "/about-me",
        "/About-Me",
        "/posts/Old-Name",
    ] {
        leads(&blog, path, "/posts/b1");
    }
}

#[test]
fn an_alias_that_no_visitor_reaches_is_refused() {
    let blog = Machine::new();
    for path in [
        "/media/x",
        "/theme/x",
        "/tags/x",
        "/Tags",
        "/archive/2015",
        "/api/posts",
        "/API",
        "/feed.xml",
        "/posts/x.md",
        "/index.html",
        "/page/2",
        "/robots.txt",
        "/sitemap-2.xml",
        "/style.x.css",
    ] {
        let source = post("A", "2026-01-01", &format!("aliases: [{path}]\n"));
        let answer = blog.put("posts/a", source).expect(422);
        assert_eq!(answer.json()["problems"][0]["field"], "aliases", "{path}");
    }
    let long = format!("aliases: [/{}]\n", "x".repeat(300));
    blog.put("posts/a", post("A", "2026-01-01", &long))
        .expect(422);
}

#[test]
fn a_page_that_another_address_hides_is_refused() {
    let blog = Machine::new();
    for slug in ["archive", "tags", "api"] {
        let answer = blog
            .put(&format!("pages/{slug}"), "---\ntitle: T\n---\n")
            .expect(422);
        assert_eq!(answer.json()["problems"][0]["field"], "slug", "{slug}");
        blog.put(&format!("posts/{slug}"), post("A", "2026-01-01", ""))
            .expect(201);
    }
}

#[test]
fn a_path_in_another_case_leads_to_a_page_that_is_there_and_nowhere_else() {
    let blog = Machine::new();
    blog.put("posts/a", post("A", "2026-05-01", "tags: [x]\n"))
        .expect(201);
    leads(&blog, "/Posts/A", "/posts/a");
    leads(&blog, "/posts/a/?x=1", "/posts/a?x=1");
    leads(&blog, "/Tags/X", "/tags/x");
    leads(&blog, "/archive/2026/page/1", "/archive/2026");
    blog.get("/Nothing").expect(404);
    blog.get("/Posts/Nothing").expect(404);
    blog.get("/posts/nothing/").expect(404);
}

#[test]
fn a_year_and_a_page_have_one_address() {
    let blog = Machine::new();
    blog.put("posts/a", post("A", "2026-05-01", "")).expect(201);
    blog.get("/archive/2026").expect(200);
    for path in [
        "/archive/+2026",
        "/archive/%2B2026",
        "/archive/02026",
        "/archive/0001",
        "/page/01",
        "/archive/-1",
    ] {
        blog.get(path).expect(404);
    }
}

#[test]
fn an_escape_is_two_digits() {
    let blog = Machine::new();
    for path in [
        "/posts/%+A",
        "/posts/%",
        "/posts/%4",
        "/posts/%g0",
        "/posts/%ff",
        "/posts/%00",
        "/posts/../x",
    ] {
        blog.get(path).expect(400);
    }
}

#[test]
fn the_interface_has_one_address_that_a_proxy_can_keep_in() {
    let blog = Machine::new();
    let bearer = format!("Bearer {TOKEN}");
    for path in [
        "/API/site",
        "//api/site",
        "/%61pi/site",
        "/Api/site",
        "/./api/site",
    ] {
        let answer = blog.send(Method::Get, path, &[("authorization", &bearer)], b"");
        assert!(
            matches!(answer.status, 400 | 404),
            "{path}: {}",
            answer.status
        );
        let answer = blog.send(
            Method::Put,
            path,
            &[("authorization", &bearer)],
            b"title = \"T\"",
        );
        assert!(
            matches!(answer.status, 400 | 405),
            "{path}: {}",
            answer.status
        );
    }
    blog.read("site").expect(200);
}

#[test]
fn a_file_from_a_mac_is_found_by_the_usual_form_of_its_name() {
    let blog = Machine::new();
    blog.put("media/e%CC%81.png", "picture").expect(200);
    assert_eq!(blog.get("/media/%C3%A9.png").expect(200).text(), "picture");
    leads(&blog, "/media/e%CC%81.png", "/media/%C3%A9.png");
    assert_eq!(blog.read("media").json()["items"][0]["name"], "\u{e9}.png");
    blog.put("media/Media/media/X.png", "picture").expect(200);
    blog.put("media/media/x.png", "picture").expect(200);
    let names = blog.read("media").json();
    let names: Vec<_> = names["items"]
        .as_array()
        .expect("items")
        .iter()
        .map(|item| item["name"].clone())
        .collect();
    assert_eq!(names, ["Media/media/X.png", "media/x.png", "\u{e9}.png"]);
}
