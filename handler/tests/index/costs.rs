//! What the index costs the store, at a size where a cost that grows would show.

use crate::blog::{Blog, START, YEAR_SECONDS, YEARS, numbered, post, tag, zipf_tags};
use fastrand::Rng;
use handler::index::Change;
use std::ops::ControlFlow;

const NOW: i64 = START + YEARS * YEAR_SECONDS;
const POSTS: usize = 10_000;

fn blog(posts: usize) -> Blog {
    Blog::of((0..posts).map(|number| numbered(number, posts)), NOW)
}

/// Round trips and bytes of `read`, which comes after the head was read.
#[track_caller]
fn check<T>(blog: &Blog, round_trips: usize, most_bytes: usize, read: impl FnOnce(&Blog) -> T) {
    blog.store.take_costs();
    read(blog);
    let costs = blog.store.take_costs();
    assert!(
        costs.round_trips <= round_trips && costs.bytes_read <= most_bytes,
        "{costs:?}, where {round_trips} round trips and {most_bytes} bytes are allowed"
    );
}

#[test]
fn a_list_page_reads_a_leaf_or_two_however_far_back() {
    let blog = blog(POSTS);
    for number in [1, 2, 500, 1_000] {
        check(&blog, 1, 64 << 10, |blog| {
            let page = blog
                .index
                .page(&blog.store, number, 10, NOW)
                .expect("a read");
            assert_eq!(page.expect("a page").entries.len(), 10);
        });
    }
    check(&blog, 2, 96 << 10, |blog| {
        let page = blog
            .index
            .tag_table()
            .page(&blog.store, &tag(1).slug, 5, 10, NOW)
            .expect("a read");
        assert_eq!(page.expect("a page").posts.entries.len(), 10);
    });
}

#[test]
fn the_neighbours_of_any_post_take_one_round_trip() {
    let blog = blog(2_000);
    for number in 1..1_999 {
        let entry = numbered(number, 2_000).entry;
        check(&blog, 1, 96 << 10, |blog| {
            let found = blog
                .index
                .surroundings(entry.date, &entry.slug, NOW)
                .neighbours(&blog.store);
            let found = found.expect("a read");
            let newer = found.newer.expect("a newer post").date;
            let older = found.older.expect("an older post").date;
            let pace = entry.date - older;
            assert_eq!((newer, older), (entry.date + pace, entry.date - pace));
            assert_eq!(pace, YEARS * YEAR_SECONDS / 2_000);
        });
    }
}

#[test]
fn an_archive_reads_only_the_head_and_a_tag_cloud_only_the_table() {
    let blog = blog(POSTS);
    check(&blog, 0, 0, |blog| {
        let years = blog.index.years(NOW);
        assert_eq!(years.iter().map(|(_, count)| count).sum::<usize>(), POSTS);
    });
    check(&blog, 2, 96 << 10, |blog| {
        let tags = blog
            .index
            .tag_table()
            .counts(&blog.store, NOW)
            .expect("a read");
        assert_eq!(tags.iter().map(|tag| tag.count).sum::<usize>(), 3 * POSTS);
    });
}

#[test]
fn a_sitemap_file_takes_six_round_trips_and_a_mebibyte() {
    let blog = blog(POSTS);
    assert!(blog.index.sitemap_files() <= 4);
    for number in 1..=blog.index.sitemap_files() {
        check(&blog, 6, 1 << 20, |blog| {
            let file = blog.index.sitemap(number, NOW).expect("a file");
            let flow = file.each(&blog.store, |_| ControlFlow::Continue(()));
            assert!(flow.expect("a read").is_continue());
        });
    }
}

#[test]
fn a_sitemap_that_nobody_waits_for_is_not_read_on() {
    let blog = blog(POSTS);
    check(&blog, 1, 1 << 20, |blog| {
        let file = blog.index.sitemap(1, NOW).expect("a file");
        let mut visited = 0;
        let flow = file.each(&blog.store, |_| {
            visited += 1;
            ControlFlow::Break(())
        });
        assert!(flow.expect("a read").is_break());
        assert_eq!(visited, 1);
    });
}

#[test]
fn publishing_one_post_writes_at_most_8_leaves_and_the_head() {
    let mut blog = blog(POSTS);
    let mut rng = Rng::with_seed(7);
    let mut keys = Vec::new();
    for number in 0..500 {
        let count = rng.usize(1..=10);
        let date = if number % 2 == 0 {
            NOW + number
        } else {
            START + rng.i64(0..YEARS * YEAR_SECONDS)
        };
        let slug = format!("new-{number}");
        let placed = post(&slug, date, &zipf_tags(&mut rng, count));
        blog.store.take_costs();
        blog.apply(&[Change::put(placed)], NOW + number);
        keys.push(blog.store.take_costs().keys_written);
    }
    let most = keys.iter().max().copied();
    assert!(most <= Some(9), "{most:?} keys were written at once");
}

#[test]
fn the_head_is_small_and_nodes_fit_the_stores() {
    let blog = blog(POSTS);
    assert!(
        blog.head_bytes < 12 << 10,
        "the head has {} bytes",
        blog.head_bytes
    );
    for (key, value) in blog.leaves() {
        assert!(value.len() <= 64 << 10, "{key} has {} bytes", value.len());
    }
}

#[test]
fn long_titles_make_more_leaves_and_no_longer_ones() {
    let long = (0..300).map(|number| {
        let mut placed = numbered(number, POSTS);
        placed.entry.title = "long ".repeat(200).into();
        placed
    });
    let blog = Blog::of(long, NOW);
    check(&blog, 1, 33 << 10, |blog| {
        let page = blog.index.page(&blog.store, 1, 10, NOW).expect("a read");
        assert_eq!(page.expect("a page").total, 300);
    });
}

#[test]
fn what_is_written_twice_costs_nothing() {
    let mut blog = blog(POSTS);
    let change = Change::put(post("new", NOW, &[1, 2, 3]));
    blog.apply(std::slice::from_ref(&change), NOW);
    blog.store.take_costs();
    blog.apply(&[change], NOW);
    // The head alone.
    assert_eq!(blog.store.take_costs().keys_written, 1);
}

#[test]
fn many_posts_of_one_second_are_cut_too() {
    let posts = (0..5_000).map(|number| post(&format!("{number:05}"), START, &[1]));
    let blog = Blog::of(posts, NOW);
    for (key, value) in blog.leaves() {
        assert!(value.len() <= 64 << 10, "{key} has {} bytes", value.len());
    }
    for number in [1, 250, 500] {
        check(&blog, 1, 96 << 10, |blog| {
            let page = blog.index.page(&blog.store, number, 10, NOW);
            let page = page.expect("a read").expect("a page");
            let first = format!("{:05}", (number - 1) * 10);
            assert_eq!((&*page.entries[0].slug, page.total), (&*first, 5_000));
        });
    }
}
