//! Bodies of requests: when they are read, how large they may be, what becomes of those that do
//! not come.

use crate::machine::{Machine, TOKEN};
use crate::refuse::problem;
use handler::body::BodyError;
use handler::request::Method;
use serde_json::json;

#[test]
fn nobody_is_waited_for_before_their_token_and_method_are_known() {
    let blog = Machine::new();
    let bearer = format!("Bearer {TOKEN}");
    let holder = [("authorization", bearer.as_str())];
    let wrong = [("authorization", "Bearer a token of somebody else")];
    for (method, path, headers, status) in [
        (Method::Post, "/x", &holder[..], 405),
        (Method::Put, "/posts/a", &[], 405),
        (Method::Put, "/api/media/a", &[], 401),
        (Method::Post, "/api/batch", &wrong, 401),
        (Method::Put, "/api/batch", &holder, 405),
        (Method::Put, "/api/none", &holder, 404),
        (Method::Put, "/api/%zz", &holder, 400),
    ] {
        blog.send(method, path, headers, b"body").expect(status);
        assert_eq!(blog.bodies_read.get(), 0, "{path}");
    }
    let guarded = [holder[0], ("if-match", "\"no tag\"")];
    blog.send(Method::Put, "/api/posts/a", &guarded, b"body")
        .expect(400);
    assert_eq!(blog.bodies_read.get(), 0);
}

#[test]
fn a_body_that_does_not_come_is_the_fault_of_who_sends_it() {
    for (error, status, detail) in [
        (BodyError::Incomplete, 400, "ended before it was complete"),
        (BodyError::TooSlow, 408, "came too slowly"),
        (BodyError::TooLarge { limit: 8 << 20 }, 413, "8192 KiB"),
    ] {
        for (method, path) in [
            (Method::Put, "posts/a"),
            (Method::Put, "media/a.jpg"),
            (Method::Put, "site"),
            (Method::Post, "batch"),
            (Method::Post, "preview/a"),
        ] {
            let mut blog = Machine::new();
            blog.body_error = Some(error);
            problem(&blog.api(method, path, ""), status, detail);
        }
    }
}

#[test]
fn each_address_has_a_largest_body() {
    let blog = Machine::new();
    for (method, path, kib) in [
        (Method::Put, "posts/a", 160),
        (Method::Put, "pages/a", 160),
        (Method::Put, "site", 64),
        (Method::Put, "theme/post.html", 128),
        (Method::Put, "theme/style.css", 8192),
        (Method::Put, "media/a.jpg", 8192),
        (Method::Post, "batch", 4096),
        (Method::Post, "preview/a", 4),
    ] {
        let body = vec![b'x'; kib * 1024 + 1];
        problem(&blog.api(method, path, body), 413, &format!("{kib} KiB"));
    }
    blog.put("media/a.jpg", vec![b'x'; 8192 * 1024]).expect(200);
}

#[test]
fn a_batch_has_a_largest_size() {
    let blog = Machine::new();
    let delete: Vec<_> = (0..10_000)
        .map(|n| json!({ "kind": "post", "slug": format!("s{n}") }))
        .collect();
    let answer = blog.api(
        Method::Post,
        "batch",
        json!({ "delete": delete }).to_string(),
    );
    let detail = answer.expect(413).json()["detail"].to_string();
    assert!(detail.contains("at most 1000"), "{detail}");
    let source = "x".repeat(9_000_000);
    let put = json!({ "put": [{ "kind": "post", "name": "a", "source": source }] });
    let answer = blog.api(Method::Post, "batch", put.to_string());
    let detail = answer.expect(413).json()["detail"].to_string();
    assert!(detail.contains("at most 4096 KiB"), "{detail}");
}
