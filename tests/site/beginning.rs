//! `new`: the file of a new post, which is published as it is.

use std::fs;

use super::publishing::{check, site};

#[test]
fn a_new_post_is_published_as_it_is() {
    let site = site();
    let titles = [
        (
            "What's \"new\": 2026?",
            "content/posts/what-s-new-2026.md",
            "/posts/what-s-new-2026",
        ),
        (
            "一个请求的一生",
            "content/posts/一个请求的一生.md",
            "/posts/%E4%B8%80%E4%B8%AA%E8%AF%B7%E6%B1%82%E7%9A%84%E4%B8%80%E7%94%9F",
        ),
        (
            "Été: 《蜉蝣》",
            "content/posts/été-蜉蝣.md",
            "/posts/%C3%A9t%C3%A9-%E8%9C%89%E8%9D%A3",
        ),
    ];
    for (title, path, _) in titles {
        check(&site.run(&["new", title]), 0, path, &[]);
    }
    check(
        &site.run(&["publish"]),
        0,
        "published 4 posts, 1 page, 1 media (0 unchanged, 0 refused)",
        &[],
    );
    let server = site.serve(&[]);
    for (title, _, address) in titles {
        let page = server.get(address);
        let shown = title.split(['\'', '"']).next_back().unwrap();
        assert_eq!(page.status, 200, "{address}");
        assert!(page.text().contains(shown), "{title}");
    }
    check(
        &site.run(&["check"]),
        0,
        "checked 4 posts, 1 page, 1 media: 0 errors, 0 warnings",
        &[],
    );
}

#[test]
fn nothing_is_overwritten() {
    let site = site();
    let first = ["content/posts/2024-02-03-first.md has the slug \"first\" already"];
    check(&site.run(&["new", "First"]), 1, "", &first);
    site.write("content/posts/here.md", b"\xff");
    check(
        &site.run(&["new", "Here"]),
        1,
        "",
        &["content/posts/here.md is there already"],
    );
    assert_eq!(
        fs::read(site.folder.join("content/posts/here.md")).unwrap(),
        b"\xff"
    );
    check(
        &site.run(&["new", "?!"]),
        1,
        "",
        &["has no letter or digit"],
    );
    check(
        &site.run(&["new", "X", "nowhere"]),
        1,
        "",
        &["cannot read the folder nowhere"],
    );
    assert!(!site.folder.join("nowhere").exists());
}
