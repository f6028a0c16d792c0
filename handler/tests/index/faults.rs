//! What a reader sees when time passes, when nodes are missing, and when bytes are not ours.

use crate::blog::{Blog, START, YEAR_SECONDS, numbered, post, tag};
use handler::index::{Change, Index, IndexError};
use handler::store::{KeyPage, Store};

const NOW: i64 = START + YEAR_SECONDS;

#[test]
fn posts_come_due_and_expire_to_the_second_without_a_write() {
    let mut blog = Blog::empty();
    let old = (0..1_000).map(|number| post(&format!("old-{number}"), START + number, &[1]));
    let due = (0..100).map(|day| post(&format!("due-{day}"), NOW + day * 100, &[1, 2]));
    let mut changes: Vec<_> = old.chain(due).map(Change::put).collect();
    let mut brief = post("brief", START + 500, &[1]);
    brief.listed.expires = Some(NOW + 150);
    changes.push(Change::put(brief));
    blog.apply(&changes, NOW - 1);
    for (t, due, brief) in [
        (NOW - 1, 0, 1),
        (NOW, 1, 1),
        (NOW + 149, 2, 1),
        (NOW + 150, 2, 0),
        (NOW + 5_099, 51, 0),
        (NOW + 9_900, 100, 0),
    ] {
        let total = 1_000 + due + brief;
        for number in [1, total / 10] {
            let page = blog.index.page(&blog.store, number, 10, t).expect("a read");
            let page = page.expect("a page");
            assert_eq!(
                (page.total, page.entries.len()),
                (total, 10),
                "page {number} at {t}"
            );
        }
        let page = blog
            .index
            .tag_table()
            .page(&blog.store, &tag(2).slug, 1, 10, t)
            .expect("a read");
        assert_eq!(page.map_or(0, |found| found.page.total), due);
        let tags = blog
            .index
            .tag_table()
            .counts(&blog.store, t)
            .expect("a read");
        assert_eq!(tags[0].count, total);
        let years = blog.index.years(&blog.store, t).expect("a read");
        assert_eq!(years.iter().map(|(_, count)| count).sum::<usize>(), total);
    }
}

#[test]
fn the_newest_visible_post_has_no_newer_neighbour_until_one_comes_due() {
    let mut blog = Blog::empty();
    let changes = [
        Change::put(post("old", NOW + 1, &[])),
        Change::put(post("due", NOW + 10, &[])),
    ];
    blog.apply(&changes, NOW);
    for (t, expected) in [(NOW + 9, None), (NOW + 10, Some("due"))] {
        let found = blog
            .index
            .surroundings(NOW + 1, "old", t)
            .neighbours(&blog.store)
            .expect("a read");
        assert_eq!(found.newer.as_ref().map(|post| &*post.slug), expected);
        assert_eq!(found.older, None);
    }
}

#[test]
fn a_missing_or_changed_node_is_named() {
    let blog = Blog::rebuilt([post("one", START, &[1])], NOW);
    for name in blog.index.reachable(&blog.store).expect("a read") {
        let whole = blog
            .store
            .get(&name.key())
            .expect("a read")
            .expect("a node");
        let mut changed = whole.clone();
        changed[0] ^= 1;
        for fault in [None, Some(changed)] {
            match fault {
                Some(bytes) => blog.store.set(&name.key(), bytes),
                None => blog.store.delete_many(&[name.key()]),
            }
            .expect("a write");
            let page = blog.index.page(&blog.store, 1, 10, NOW).map(drop);
            let tag = blog
                .index
                .tag_table()
                .page(&blog.store, "tag-1", 1, 10, NOW)
                .map(drop);
            let node = name.key();
            assert_eq!(page.and(tag), Err(IndexError::Damaged { node }));
        }
        blog.store.set(&name.key(), whole).expect("a write");
    }
}

#[test]
fn nodes_that_are_not_reachable_are_not_missed() {
    let t = START + 30 * YEAR_SECONDS;
    let blog = Blog::rebuilt((0..9_000).map(|number| numbered(number, 9_000)), t);
    let KeyPage { keys, .. } = blog.store.list_keys(None).expect("a list");
    let needed: Vec<String> = {
        let names = blog.index.reachable(&blog.store).expect("a read");
        names.into_iter().map(|name| name.key()).collect()
    };
    let unused = |key: &String| key.starts_with("i/") && !needed.contains(key);
    let garbage: Vec<String> = keys.into_iter().filter(unused).collect();
    assert!(
        garbage.len() > 20,
        "only {} nodes were replaced",
        garbage.len()
    );
    blog.store.delete_many(&garbage).expect("a write");
    for tag in blog
        .index
        .tag_table()
        .counts(&blog.store, t)
        .expect("the table")
    {
        let page = blog
            .index
            .tag_table()
            .page(&blog.store, &tag.tag.slug, 1, 9_000, t);
        let page = page.expect("all leaves").expect("a tag with posts").page;
        assert_eq!(page.entries.len(), tag.count);
    }
    let page = blog
        .index
        .page(&blog.store, 1, 9_000, t)
        .expect("all leaves");
    assert!(page.is_some());
}

#[test]
fn a_head_that_is_cut_changed_or_newer_is_refused() {
    let blog = Blog::rebuilt([post("one", START, &[])], NOW);
    let head = blog.store.get("head").expect("a read").expect("a head");
    let damaged = IndexError::Damaged {
        node: "head".to_owned(),
    };
    let open = |bytes: &[u8]| Index::open(bytes).map(drop);
    for length in 0..head.len() {
        assert_eq!(
            open(&head[..length]),
            Err(damaged.clone()),
            "{length} bytes"
        );
    }
    for at in 1..head.len() {
        let mut changed = head.clone();
        changed[at] ^= 1;
        assert_eq!(open(&changed), Err(damaged.clone()), "byte {at}");
    }
    let mut older = head.clone();
    older[0] = 1;
    assert_eq!(open(&older), Ok(()));
    let mut newer = head.clone();
    newer[0] = 3;
    assert_eq!(open(&newer), Err(IndexError::Newer { found: 3, known: 2 }));
    assert_eq!(
        IndexError::Newer { found: 3, known: 2 }.to_string(),
        "the index has format 3 and this build reads 2: deploy the newer build, or run reindex"
    );
}
