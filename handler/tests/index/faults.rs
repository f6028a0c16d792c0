//! What a reader sees when time passes, when nodes are missing, and when bytes are not ours.

use crate::blog::{Blog, START, YEAR_SECONDS, numbered, post, tag};
use handler::error::ReadError;
use handler::index::{Change, Index};
use handler::store::Store;

const NOW: i64 = START + YEAR_SECONDS;

#[test]
fn posts_come_due_and_expire_to_the_second_without_a_write() {
    let mut blog = Blog::empty();
    let old = (0..1_000).map(|number| post(&format!("old-{number}"), START + number, &[1]));
    let due = (0..100).map(|day| post(&format!("due-{day}"), NOW + day * 100, &[1, 2]));
    let mut changes: Vec<_> = old.chain(due).map(Change::put).collect();
    let mut brief = post("brief", START + 500, &[1]);
    brief.entry.expires = Some(NOW + 150);
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
        assert_eq!(page.map_or(0, |found| found.posts.total), due);
        let tags = blog
            .index
            .tag_table()
            .counts(&blog.store, t)
            .expect("a read");
        assert_eq!(tags[0].count, total);
        let years = blog.index.years(t);
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
fn a_missing_or_changed_leaf_is_named() {
    let posts = (0..20).map(|number| post(&format!("post-{number}"), START + number, &[1]));
    let blog = Blog::of(posts, NOW);
    let leaves = blog.leaves();
    assert_eq!(leaves.len(), 3, "a month, the table, posts under a tag");
    for (key, whole) in leaves {
        let mut changed = whole.clone();
        let last = changed.len() - 1;
        changed[last] ^= 1;
        for fault in [None, Some(changed), Some(Vec::new())] {
            match fault {
                Some(bytes) => blog.store.set(&key, bytes),
                None => blog.store.delete_many(std::slice::from_ref(&key)),
            }
            .expect("a write");
            let page = blog.index.page(&blog.store, 1, 10, NOW).map(drop);
            let table = blog.index.tag_table();
            let tag = table.page(&blog.store, "tag-1", 1, 10, NOW).map(drop);
            assert_eq!(page.and(tag), Err(ReadError::damaged(&key)));
        }
        blog.store.set(&key, whole).expect("a write");
    }
}

#[test]
fn leaves_that_head_does_not_name_are_not_missed() {
    let t = START + 30 * YEAR_SECONDS;
    let mut blog = Blog::empty();
    for number in 0..3_000 {
        blog.apply(&[Change::put(numbered(number, 60_000))], t);
    }
    let named = blog.index.leaf_keys(&blog.store).expect("a read");
    let leaves = blog.leaves().into_iter().map(|(key, _)| key);
    let garbage: Vec<String> = leaves.filter(|key| !named.contains(key)).collect();
    assert!(garbage.len() > 5, "only {} leaves were cut", garbage.len());
    blog.store.delete_many(&garbage).expect("a write");
    let tags = blog.index.tag_table().counts(&blog.store, t);
    for tag in tags.expect("the table") {
        let table = blog.index.tag_table();
        let page = table.page(&blog.store, &tag.tag.slug, 1, 9_000, t);
        let page = page.expect("all leaves").expect("a tag with posts").posts;
        assert_eq!(page.entries.len(), tag.count);
    }
    let page = blog.index.page(&blog.store, 1, 9_000, t);
    let page = page.expect("all leaves").expect("a page");
    assert_eq!(page.entries.len(), 3_000);
}

#[test]
fn a_head_that_is_cut_changed_newer_or_older_is_refused() {
    let blog = Blog::of([post("one", START, &[])], NOW);
    let head = blog.store.get("head").expect("a read").expect("a head");
    let damaged = ReadError::damaged("head");
    let open = |bytes: &[u8]| Index::open(Some(bytes.to_vec())).map(drop);
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
    let mut newer = head.clone();
    newer[0] = 5;
    let newer = open(&newer).expect_err("a newer index");
    assert_eq!(
        newer.to_string(),
        "head has format 5 and this component reads formats up to 4: deploy the newer component"
    );
    // As formats 1 and 2 were written: version, checksum, content.
    let content = b"a tree of nodes";
    let sum = xxhash_rust::xxh3::xxh3_64(content).to_be_bytes();
    let older = [&[2], &sum[..], content].concat();
    assert_eq!(open(&older), Err(ReadError::IndexOutdated));
    assert_eq!(open(&older[..20]), Err(damaged));
    let mut of_format_3 = head.clone();
    of_format_3[0] = 3;
    assert_eq!(open(&of_format_3), Err(ReadError::IndexOutdated));
}
