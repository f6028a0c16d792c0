//! What HTTP asks of every answer: entity tags, ranges, methods, headers that keep a page safe.

use crate::client::{Answer, post};
use crate::machine::{Machine, TOKEN};
use handler::request::{Method, Request};
use std::ops::ControlFlow;

const FILE: &str = "/media/ten.txt";

fn blog() -> Machine {
    let blog = Machine::new();
    blog.put("media/ten.txt", "0123456789").expect(200);
    blog
}

fn ranged(blog: &Machine, range: &str) -> Answer {
    blog.send(Method::Get, FILE, &[("range", range)], b"")
}

#[test]
fn a_range_is_read_as_the_standard_says() {
    let blog = blog();
    for (range, part) in [
        ("bytes=2-4", "234"),
        ("bytes=7-", "789"),
        ("bytes=-2", "89"),
        ("bytes=-20", "0123456789"),
        ("bytes=2-999999999999999999999999", "23456789"),
    ] {
        assert_eq!(ranged(&blog, range).expect(206).text(), part, "{range}");
    }
    for whole in [
        "bytes=+5-",
        "bytes=5-+7",
        "bytes=4-2",
        "bytes=a-",
        "bytes=-",
        "lines=1-2",
        "bytes=0-1,4-5",
    ] {
        assert_eq!(
            ranged(&blog, whole).expect(200).text(),
            "0123456789",
            "{whole}"
        );
    }
    for none in ["bytes=10-", "bytes=-0", "bytes=999999999999999999999999-"] {
        let refused = ranged(&blog, none).expect(416);
        assert_eq!(refused.header("content-range"), "bytes */10", "{none}");
        assert_eq!(refused.header("cache-control"), "no-store", "{none}");
    }
    let head = blog.send(Method::Head, FILE, &[("range", "bytes=2-4")], b"");
    head.expect(200);
}

#[test]
fn an_empty_file_has_no_range() {
    let blog = Machine::new();
    blog.put("media/empty.txt", "").expect(200);
    for range in ["bytes=-1", "bytes=0-", "bytes=-0"] {
        let answer = blog.send(Method::Get, "/media/empty.txt", &[("range", range)], b"");
        assert_eq!(
            answer.expect(416).header("content-range"),
            "bytes */0",
            "{range}"
        );
    }
}

#[test]
fn a_client_that_holds_the_file_is_not_sent_it_again() {
    let blog = blog();
    let first = blog.get(FILE).expect(200);
    let (tag, date) = (first.header("etag"), first.header("last-modified"));
    let digits = tag.trim_matches('"');
    let again = |name, value: &str| blog.send(Method::Get, FILE, &[(name, value)], b"").status;
    for held in [
        tag.to_owned(),
        format!("W/{tag}"),
        format!("\"x\", {tag}"),
        "*".to_owned(),
        format!("\"{digits}-gzip\""),
        format!("\"{digits}--gzip\""),
        format!("W/\"{digits};gzip\""),
        format!("\"{digits}-br\""),
    ] {
        assert_eq!(again("if-none-match", &held), 304, "{held}");
    }
    for other in [
        format!("\"{digits}x\""),
        format!("\"{digits}-other\""),
        "\"\"".to_owned(),
    ] {
        assert_eq!(again("if-none-match", &other), 200, "{other}");
    }
    assert_eq!(again("if-modified-since", date), 304);
    assert_eq!(
        again("if-modified-since", "Thu, 01 Jan 1970 00:00:00 GMT"),
        200
    );
    // The tag says more than the date, and both are asked before a range.
    let both = [("if-none-match", "\"x\""), ("if-modified-since", date)];
    blog.send(Method::Get, FILE, &both, b"").expect(200);
    let both = [("if-none-match", tag), ("range", "bytes=2-4")];
    blog.send(Method::Get, FILE, &both, b"").expect(304);
}

#[test]
fn a_page_of_an_earlier_moment_is_not_fresh_by_its_date() {
    let blog = Machine::new();
    blog.put("posts/a", post("A", "2026-05-01", "")).expect(201);
    let page = blog.get("/").expect(200);
    let held = [("if-modified-since", page.header("last-modified"))];
    blog.send(Method::Get, "/", &held, b"").expect(200);
}

#[test]
fn pages_load_nothing_from_elsewhere_and_uploads_run_no_script() {
    let blog = blog();
    blog.put("posts/a", post("A", "2026-05-01", "")).expect(201);
    for path in ["/", "/posts/a", "/nothing"] {
        let page = blog.get(path);
        let policy = page.header("content-security-policy");
        assert!(policy.contains("default-src 'none'"), "{path}: {policy}");
        assert!(
            policy.contains("frame-ancestors 'none'"),
            "{path}: {policy}"
        );
        assert!(policy.contains("style-src 'self'"), "{path}: {policy}");
    }
    for name in [
        "media/x.svg",
        "media/x.html",
        "media/favicon.svg",
        "theme/x.svg",
    ] {
        blog.put(name, "<svg onload='alert(1)'/>").expect(200);
        let file = blog.get(&format!("/{name}")).expect(200);
        let policy = file.header("content-security-policy");
        assert!(
            policy.starts_with("sandbox; default-src 'none'"),
            "{name}: {policy}"
        );
    }
    let icon = blog.get("/favicon.svg").expect(200);
    assert!(
        icon.header("content-security-policy")
            .starts_with("sandbox;")
    );
    // Browsers show these by viewers of their own, which a sandbox would not let start.
    for name in ["media/x.pdf", "media/x.mp4"] {
        blog.put(name, "film").expect(200);
        let file = blog.get(&format!("/{name}")).expect(200);
        assert_eq!(file.header("content-security-policy"), "", "{name}");
    }
}

#[test]
fn a_method_that_an_address_does_not_know_is_told_the_ones_it_knows() {
    let blog = Machine::new();
    let answer = blog.send(Method::Options, "/posts/a", &[], b"").expect(204);
    assert_eq!(answer.header("allow"), "GET, HEAD, OPTIONS");
    assert_eq!(answer.header("content-type"), "");
    for method in [Method::Post, Method::Put, Method::Delete, Method::Other] {
        let answer = blog.send(method, "/", &[], b"").expect(405);
        assert_eq!(answer.header("allow"), "GET, HEAD, OPTIONS");
    }
    blog.put("media/a.txt", "a").expect(200);
    let gone = blog.delete("media/a.txt").expect(204);
    assert_eq!(gone.header("content-type"), "");
}

#[test]
fn the_scheme_of_a_token_has_no_case() {
    let blog = Machine::new();
    for scheme in ["Bearer", "bearer", "BEARER"] {
        let shown = format!("{scheme} {TOKEN}");
        blog.send(Method::Get, "/api/site", &[("authorization", &shown)], b"")
            .expect(200);
    }
}

#[test]
fn nothing_more_is_read_for_a_client_that_has_gone() {
    let blog = Machine::new();
    blog.put("media/film.mp4", vec![7; 4 << 20]).expect(200);
    let request = Request {
        path: "/media/film.mp4".to_owned(),
        ..Request::default()
    };
    let response = handler::respond(&blog, &request);
    assert_eq!(response.body.length(), Some(4 << 20));
    let before = blog.round_trips.get();
    let mut pieces = 0;
    let sent = response.body.send(&blog, &mut |_piece| {
        pieces += 1;
        ControlFlow::Break(())
    });
    sent.expect("no failure");
    assert_eq!((pieces, blog.round_trips.get() - before), (1, 1));
}

#[test]
fn no_more_of_a_sitemap_is_made_for_a_client_that_has_gone() {
    let blog = Machine::new();
    for n in 0..300 {
        let source = post("A", "2026-05-01", "");
        blog.put(&format!("posts/p{n}"), source).expect(201);
    }
    let request = Request {
        path: "/sitemap.xml".to_owned(),
        ..Request::default()
    };
    let pieces_until = |gone: usize| {
        let mut pieces = 0;
        let response = handler::respond(&blog, &request);
        assert_eq!(response.body.length(), None);
        let sent = response.body.send(&blog, &mut |_piece| {
            pieces += 1;
            if pieces == gone {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        sent.expect("no failure");
        pieces
    };
    assert!(pieces_until(usize::MAX) > 2);
    assert_eq!(pieces_until(1), 1);
    assert_eq!(pieces_until(2), 2);
}

#[test]
fn a_site_may_have_a_policy_of_its_own_for_pages() {
    let blog = blog();
    let policy = "default-src 'self'; img-src https:";
    let more = format!("title = \"T\"\ncontent_security_policy = \"{policy}\"\n");
    let usual = blog.get("/").header("etag").to_owned();
    blog.put("site", more).expect(200);
    blog.put("media/x.svg", "<svg/>").expect(200);
    for path in ["/", "/tags", "/nothing"] {
        let page = blog.get(path);
        assert_eq!(page.header("content-security-policy"), policy, "{path}");
    }
    let again = blog.send(Method::Get, "/", &[("if-none-match", &usual)], b"");
    let again = again.expect(200);
    let tag = again.header("etag");
    let held = blog.send(Method::Get, "/", &[("if-none-match", tag)], b"");
    assert_eq!(held.expect(304).header("content-security-policy"), policy);
    // What was uploaded is none of the site's pages.
    let file = blog.get("/media/x.svg").expect(200);
    assert!(
        file.header("content-security-policy")
            .starts_with("sandbox;")
    );
    blog.put("site", "title = \"T\"\n").expect(200);
    let page = blog.get("/").expect(200);
    assert!(
        page.header("content-security-policy")
            .contains("frame-ancestors")
    );
}
