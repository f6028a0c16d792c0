//! The made-up blog is like a real one, and the same each time.

use std::collections::BTreeSet;

use super::posts::{Fate, Post, Posts, TAGS};

/// The share of `posts` for which something holds, in percent.
fn percent(posts: &[Post], holds: impl Fn(&Post) -> bool) -> f64 {
    let held = posts.iter().filter(|post| holds(post)).count();
    held as f64 / posts.len() as f64 * 100.0
}

#[track_caller]
fn is_about(found: f64, expected: f64, tolerance: f64) {
    let off = (found - expected).abs();
    assert!(off <= tolerance, "{found}, where {expected} is expected");
}

#[test]
fn sizes_are_those_of_a_real_blog() {
    let mut sizes: Vec<usize> = Posts { count: 10_000 }
        .iter()
        .map(|post| post.source().len())
        .collect();
    sizes.sort_unstable();
    is_about(sizes[5_000] as f64, 4_096.0, 250.0);
    let large = sizes.iter().filter(|size| **size > 20 * 1024).count();
    is_about(large as f64 / 100.0, 10.0, 1.0);
    assert!(
        sizes[0] >= 200 && sizes[9_999] > 50_000 && sizes[9_999] < 160_000,
        "{} to {}",
        sizes[0],
        sizes[9_999]
    );
}

#[test]
fn languages_years_tags_and_fates_are_mixed() {
    for count in [10_000, 100_000] {
        let posts: Vec<Post> = Posts { count }.iter().collect();
        is_about(percent(&posts, |post| post.is_chinese), 30.0, 1.5);
        is_about(percent(&posts, |post| post.fate == Fate::Draft), 2.0, 0.5);
        is_about(
            percent(&posts, |post| post.fate == Fate::Scheduled),
            1.0,
            0.4,
        );
        is_about(
            percent(&posts, |post| matches!(post.fate, Fate::Expired(_))),
            1.0,
            0.4,
        );
        is_about(
            percent(&posts, |post| matches!(post.fate, Fate::Expiring(_))),
            1.0,
            0.4,
        );
        let slugs: BTreeSet<&str> = posts.iter().map(|post| post.slug.as_str()).collect();
        assert_eq!(slugs.len(), count);
        let tags: BTreeSet<usize> = posts.iter().flat_map(|post| post.tags.clone()).collect();
        assert_eq!(tags.len(), TAGS);
        let dates = posts
            .iter()
            .filter(|post| post.is_visible())
            .map(|post| post.date.unix);
        let (first, last) = (dates.clone().min().unwrap(), dates.max().unwrap());
        is_about((last - first) as f64 / 31_556_952.0, 20.0, 0.1);
    }
}

#[test]
fn blogs_of_all_sizes_begin_alike_and_name_all_tags() {
    let [small, large] = [100, 100_000].map(|count| Posts { count });
    for number in 0..20 {
        let (one, other) = (small.post(number), large.post(number));
        let body = |post: &Post| {
            let source = post.source();
            let front = source.find(&post.date.text).unwrap() + post.date.text.len();
            source[front..].to_owned()
        };
        assert_eq!((body(&one), &one.title), (body(&other), &other.title));
        assert_eq!(one, small.post(number));
    }
    let tags: BTreeSet<usize> = small.iter().flat_map(|post| post.tags).collect();
    assert_eq!(tags.len(), TAGS);
}
