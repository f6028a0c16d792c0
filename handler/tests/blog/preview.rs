//! Links that show a post before its time, to whoever was given one.

use crate::client::post;
use crate::machine::Machine;
use handler::request::Method;

fn link(blog: &Machine, slug: &str, wish: &str) -> String {
    let signed = blog
        .api(Method::Post, &format!("preview/{slug}"), wish)
        .expect(200)
        .json();
    let url = signed["url"].as_str().expect("a link").to_owned();
    url.strip_prefix("http://127.0.0.1:3000")
        .expect("the site's address")
        .to_owned()
}

#[test]
fn a_signed_link_shows_a_draft_until_its_end_and_to_no_cache() {
    let blog = Machine::new();
    blog.put("posts/d", "---\ntitle: D\ndraft: true\n---\nunder way\n")
        .expect(201);
    let link = link(&blog, "d", "{\"days\": 2}");
    let page = blog.get(&link).expect(200);
    assert!(page.text().contains("<p>under way</p>"));
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(page.header("x-robots-tag"), "noindex");
    assert_eq!(page.header("etag"), "");
    blog.get("/posts/d").expect(404);
    blog.pass(2 * 86_400 - 1);
    blog.get(&link).expect(200);
    blog.pass(1);
    blog.get(&link).expect(404);
}

#[test]
fn a_scheduled_and_an_expired_post_are_shown_too() {
    let blog = Machine::new();
    blog.put("posts/s", post("S", "2027-01-01", "")).expect(201);
    blog.put("posts/e", post("E", "2026-01-01", "expires: 2026-02-01\n"))
        .expect(201);
    for (slug, otherwise) in [("s", 404), ("e", 410)] {
        blog.get(&format!("/posts/{slug}")).expect(otherwise);
        blog.get(&link(&blog, slug, "")).expect(200);
    }
}

#[test]
fn a_link_for_another_post_time_or_token_shows_nothing() {
    let mut blog = Machine::new();
    for slug in ["d", "e"] {
        blog.put(
            &format!("posts/{slug}"),
            "---\ntitle: D\ndraft: true\n---\n",
        )
        .expect(201);
    }
    let link = link(&blog, "d", "");
    blog.get(&link).expect(200);
    blog.get(&link.replace("/d?", "/e?")).expect(404);
    let (path, query) = link.split_once('=').expect("a query");
    let (until, signature) = query.split_once('.').expect("a signature");
    let later = until.parse::<i64>().expect("a time") + 1;
    blog.get(&format!("{path}={later}.{signature}")).expect(404);
    for wrong in [
        "",
        ".",
        "1.",
        "9999999999.00",
        "9999999999.zz",
        &signature[2..],
        "+.+",
    ] {
        blog.get(&format!("{path}={wrong}")).expect(404);
    }
    blog.get(&link[..link.len() - 2]).expect(404);
    blog.token = Some("another token of enough characters".to_owned());
    blog.get(&link).expect(404);
    blog.token = None;
    blog.get(&link).expect(404);
}

#[test]
fn only_posts_can_be_previewed_and_only_for_a_year() {
    let blog = Machine::new();
    blog.api(Method::Post, "preview/none", "").expect(404);
    blog.put("posts/d", "---\ntitle: D\ndraft: true\n---\n")
        .expect(201);
    for (wish, status) in [
        ("{\"days\": 0}", 422),
        ("{\"days\": 366}", 422),
        ("{\"day\": 1}", 400),
        ("x", 400),
    ] {
        blog.api(Method::Post, "preview/d", wish).expect(status);
    }
    // A page that everyone may see looks at no signature, and asks for no token.
    blog.put("posts/p", post("P", "2026-05-01", "")).expect(201);
    blog.variables_read.set(0);
    blog.get("/posts/p?preview=1.aa").expect(200);
    blog.get("/posts/d").expect(404);
    assert_eq!(blog.variables_read.get(), 0);
}

#[test]
fn a_link_has_one_form_and_is_never_sent_elsewhere() {
    let blog = Machine::new();
    blog.put("posts/d", "---\ntitle: D\ndraft: true\n---\n")
        .expect(201);
    let link = link(&blog, "d", "");
    let (path, preview) = link.split_once("?preview=").expect("a preview");
    let (until, signature) = preview.split_once('.').expect("a signature");
    let upper = signature.to_uppercase();
    blog.get(&link).expect(200);
    for other in [
        format!("/posts/D?preview={preview}"),
        format!("/posts/d/?preview={preview}"),
        format!("/Posts/d?x=1&preview={preview}"),
        format!("{path}?preview={until}.{upper}"),
        format!("{path}?preview=%2B{until}.{signature}"),
        format!("{path}?preview=0{until}.{signature}"),
        format!("{path}?preview={until}.{signature}00"),
    ] {
        let answer = blog.get(&other).expect(404);
        assert_eq!(answer.header("location"), "", "{other}");
        assert_eq!(answer.header("cache-control"), "no-store", "{other}");
    }
}
