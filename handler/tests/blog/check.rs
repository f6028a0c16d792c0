//! A check tells what is not in order, and what to do about it; what a reindex is to mend, it
//! mends.

use crate::client::post;
use crate::machine::Machine;

#[track_caller]
fn check(harm: impl Fn(&Machine), findings: &[&str], remedy: &str) {
    let blog = Machine::furnished();
    assert_eq!(blog.findings(), [""; 0]);
    harm(&blog);
    let expected: Vec<String> = findings
        .iter()
        .map(|finding| format!("{finding}: {remedy}"))
        .collect();
    assert_eq!(blog.findings(), expected);
    if remedy == "run reindex" {
        blog.reindex();
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
        &["card/p3: differs from what its document requires"],
        "run reindex",
    );
    check(
        drop_key("alias/old/3"),
        &["alias/old/3: differs from what its document requires"],
        "run reindex",
    );
    check(
        drop_key("head"),
        &[
            "page/about: the index does not list it as it is",
            "post/d: the index does not list it as it is",
            "post/p0: the index does not list it as it is",
            "post/p1: the index does not list it as it is",
            "post/p2: the index does not list it as it is",
            "post/p3: the index does not list it as it is",
            "post/p4: the index does not list it as it is",
            "post/p5: the index does not list it as it is",
            "post/p6: the index does not list it as it is",
            "post/p7: the index does not list it as it is",
            "post/p8: the index does not list it as it is",
            "post/p9: the index does not list it as it is",
        ],
        "run reindex",
    );
    check(
        |blog| blog.poke("src/post/p4", Some(vec![2, 1])),
        &["post/p4: damaged"],
        "publish it again",
    );
    let stale = "compiled by another version, or for other settings: it is compiled again for every request until you reindex";
    check(
        |blog| blog.poke("post/p4", Some(vec![1])),
        &[&format!("post/p4: {stale}")],
        "run reindex",
    );
    check(
        drop_key("feed/p3"),
        &["feed/p3: differs from what its document requires"],
        "run reindex",
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
    check(
        |blog| {
            blog.put("theme/style.css", "p {}").expect(200);
            let data = blog.data();
            let part = data.iter().find(|(_, value)| value.as_slice() == b"p {}");
            blog.poke(part.expect("a part").0, None);
        },
        &["site: a part is missing or damaged"],
        "publish it again",
    );
}

#[test]
fn what_is_left_over_is_told_and_wiped() {
    check(
        |blog| blog.poke("card/gone", Some(vec![1])),
        &["card/gone: no document refers to this key"],
        "run reindex",
    );
    check(
        |blog| blog.poke("alias/x", Some(b"/posts/p1".to_vec())),
        &["alias/x: no document refers to this key"],
        "run reindex",
    );
    check(
        |blog| blog.poke("alias/x", Some(b"/posts/nobody".to_vec())),
        &["alias/x: no document refers to this key"],
        "run reindex",
    );
    check(
        |blog| {
            for key in [
                "post/p0",
                "src/post/p0",
                "card/p0",
                "feed/p0",
                "alias/old/0",
            ] {
                blog.poke(key, None);
            }
        },
        &[
            "post/p0: the index lists it without a matching document",
            "post/p0: the index lists it under the tag \"t0\", which it does not have",
            "post/p0: the index lists it under the tag \"x\", which it does not have",
        ],
        "run reindex",
    );
}

#[test]
fn a_missing_leaf_of_the_index_is_told_and_made_again() {
    let leaves: Vec<String> = Machine::furnished()
        .data()
        .into_keys()
        .filter(|key| key.starts_with("i/"))
        .collect();
    let mut broken = 0;
    for leaf in leaves {
        let blog = Machine::furnished();
        blog.poke(&leaf, None);
        let findings = blog.findings();
        if findings.is_empty() {
            continue;
        }
        broken += 1;
        assert!(
            findings.contains(&format!("{leaf}: missing or damaged: run reindex")),
            "{findings:?}"
        );
        blog.put("posts/p0", post("New", "2026-02-01", ""));
        blog.pass(9);
        blog.reindex();
        assert_eq!(blog.findings(), [""; 0]);
        assert_eq!(blog.posts_on("/").len(), 10);
    }
    assert!(broken >= 4, "only {broken} leaves were missed");
}

#[test]
fn an_unfinished_publisher_is_told() {
    let blog = Machine::furnished();
    blog.failing(3, false)
        .put("posts/late", post("Late", "2026-03-01", ""))
        .expect(503);
    blog.pass(9);
    let told = "lock: a publisher stopped before its work was done: publish anything, or run reindex, and it is finished";
    assert_eq!(blog.findings(), [told]);
    blog.put("posts/next", post("Next", "2026-03-02", ""))
        .expect(201);
    assert_eq!(blog.findings(), [""; 0]);
    assert_eq!(blog.posts_on("/")[..2], ["next", "late"]);
}

#[test]
fn what_a_publisher_has_not_finished_is_counted_and_not_called_damage() {
    let blog = Machine::furnished();
    let unfinished = || blog.read("check").expect(200).json()["unfinished"].clone();
    assert_eq!(unfinished(), 0);
    // The post is written, the index does not know of it; the publisher may yet be alive.
    blog.failing(3, false)
        .put("posts/late", post("Late", "2026-03-01", "tags: [x]\n"))
        .expect(503);
    assert_eq!((blog.findings(), unfinished()), (Vec::new(), 1.into()));
    blog.pass(9);
    blog.put("posts/next", post("Next", "2026-03-02", ""))
        .expect(201);
    assert_eq!((blog.findings(), unfinished()), (Vec::new(), 0.into()));
}

#[test]
fn a_changed_byte_is_damage_wherever_it_is() {
    let blog = Machine::furnished();
    let whole = blog.data();
    for key in [
        "post/p1",
        "src/post/p1",
        "page/about",
        "card/p1",
        "feed/p1",
        "media/a.bin",
    ] {
        let record = &whole[key];
        // The first byte is the version, which is read before anything else.
        for at in (1..record.len()).step_by(5) {
            let mut changed = record.clone();
            changed[at] ^= 4;
            blog.poke(key, Some(changed));
            assert!(!blog.findings().is_empty(), "byte {at} of {key}");
        }
        blog.poke(key, Some(record.clone()));
    }
}
