//! The index against a list that is filtered and sorted again for each question.

use crate::blog::{Blog, START, YEAR_SECONDS, post, tag, zipf_tags};
use fastrand::Rng;
use handler::index::{Change, IndexEntry, IndexedPost, List};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// Every entry, by slug.
#[derive(Default)]
struct Model(BTreeMap<String, IndexedPost>);

impl Model {
    fn visible(&self, t: i64) -> Vec<&IndexedPost> {
        let shown = |entry: &IndexEntry<'_>| {
            entry.list == List::Posts && entry.date <= t && entry.expires.is_none_or(|end| end > t)
        };
        let all = self.0.values().filter(|placed| shown(&placed.entry));
        let mut visible: Vec<&IndexedPost> = all.collect();
        visible.sort_by_key(|placed| (Reverse(placed.entry.date), placed.entry.slug.clone()));
        visible
    }
}

fn slugs<'a>(posts: impl IntoIterator<Item = &'a IndexedPost>) -> Vec<String> {
    posts
        .into_iter()
        .map(|post| post.entry.slug.to_string())
        .collect()
}

/// An entry that may be scheduled or expiring, share its second with others, or be a draft.
fn any(rng: &mut Rng, slug: &str, now: i64) -> IndexedPost {
    let date = match rng.u8(..4) {
        0 => START + rng.i64(0..9) * YEAR_SECONDS,
        1 => now + rng.i64(0..2_000),
        _ => START + rng.i64(0..9 * YEAR_SECONDS),
    };
    let count = rng.usize(..4);
    let mut placed = post(slug, date, &zipf_tags(rng, count));
    placed.entry.expires = (rng.u8(..5) == 0).then(|| now + rng.i64(-1_000..2_000));
    placed.entry.list = match rng.u8(..10) {
        0 => List::Drafts,
        1 => List::Pages,
        _ => List::Posts,
    };
    placed
}

/// Some entries new, some replaced, some removed, some removed that are not there.
fn changes(rng: &mut Rng, model: &mut Model, count: usize, now: i64) -> Vec<Change> {
    let mut changes = Vec::new();
    for _ in 0..count {
        let slug = format!("post-{}", rng.usize(..3_000));
        let old = model.0.get(&slug).map(IndexedPost::position);
        let old = old.into_iter().collect();
        let new = (rng.u8(..4) > 0).then(|| any(rng, &slug, now));
        match &new {
            Some(placed) => model.0.insert(slug.clone(), placed.clone()),
            None => model.0.remove(&slug),
        };
        changes.push(Change { slug, old, new });
    }
    changes
}

fn check_pages(blog: &Blog, model: &Model, t: i64) {
    let visible = model.visible(t);
    let pages = visible.len().div_ceil(10).max(1);
    for number in [1, 2, pages / 2 + 1, pages] {
        let page = blog.index.page(&blog.store, number, 10, t).expect("a read");
        let Some(page) = page else {
            assert!(number > pages);
            continue;
        };
        let expected = slugs(visible.iter().copied().skip((number - 1) * 10).take(10));
        let found: Vec<_> = page
            .entries
            .iter()
            .map(|post| post.slug.to_string())
            .collect();
        assert_eq!(found, expected, "page {number} at {t}");
        assert_eq!((page.total, page.pages), (visible.len(), pages));
    }
    let beyond = blog
        .index
        .page(&blog.store, pages + 1, 10, t)
        .expect("a read");
    assert_eq!(beyond, None);
}

fn check_tags(blog: &Blog, model: &Model, t: i64) {
    let mut expected: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for placed in model.visible(t) {
        for tag in &placed.tags {
            let posts = expected.entry(tag.slug.clone()).or_default();
            posts.push(placed.entry.slug.to_string());
        }
    }
    let tags = blog
        .index
        .tag_table()
        .counts(&blog.store, t)
        .expect("a read");
    let found = tags.into_iter().map(|tag| (tag.tag.slug, tag.count));
    let counts = expected
        .iter()
        .map(|(tag, posts)| (tag.clone(), posts.len()));
    assert_eq!(found.collect::<Vec<_>>(), counts.collect::<Vec<_>>());
    for number in [1, 2, 40, 299] {
        let tag = tag(number);
        let found = blog
            .index
            .tag_table()
            .page(&blog.store, &tag.slug, 1, 1_000, t)
            .expect("a read");
        let posts = found.map(|found| {
            assert_eq!(found.tag, tag);
            let entries = found.posts.entries.into_iter();
            entries
                .map(|post| post.slug.to_string())
                .collect::<Vec<_>>()
        });
        assert_eq!(posts, expected.get(&tag.slug).cloned());
    }
}

fn check_neighbours(rng: &mut Rng, blog: &Blog, model: &Model, t: i64) {
    let visible = model.visible(t);
    let Some(at) = rng.choice(0..visible.len()) else {
        return;
    };
    let post = &visible[at].entry;
    let found = blog
        .index
        .surroundings(post.date, &post.slug, t)
        .neighbours(&blog.store)
        .expect("a read");
    let newer = at.checked_sub(1).map(|at| visible[at].entry.clone());
    let older = visible.get(at + 1).map(|placed| placed.entry.clone());
    assert_eq!(
        (found.newer, found.older),
        (newer, older),
        "beside {}",
        post.slug
    );
}

fn check_years(blog: &Blog, model: &Model, t: i64) {
    let visible = model.visible(t);
    let mut expected: BTreeMap<Reverse<i16>, Vec<&IndexedPost>> = BTreeMap::new();
    for placed in &visible {
        expected
            .entry(Reverse(placed.entry.year))
            .or_default()
            .push(placed);
    }
    let counts: Vec<_> = expected
        .iter()
        .map(|(year, posts)| (year.0, posts.len()))
        .collect();
    assert_eq!(blog.index.years(t), counts);
    for (year, posts) in expected {
        let page = blog
            .index
            .year_page(&blog.store, year.0, 1, 10, t)
            .expect("a read");
        let page = page.expect("a year with posts");
        let found: Vec<_> = page
            .entries
            .iter()
            .map(|post| post.slug.to_string())
            .collect();
        assert_eq!(found, slugs(posts.into_iter().take(10)));
    }
}

fn check_whole(blog: &Blog, model: &Model, t: i64) {
    let mut found = Vec::new();
    let mut cursor = None;
    loop {
        let part = blog
            .index
            .listing(&blog.store, cursor.as_ref(), 99)
            .expect("a read");
        found.extend(part.entries);
        cursor = part.next;
        if cursor.is_none() {
            break;
        }
    }
    found.sort_by(|one, other| one.slug.cmp(&other.slug));
    let expected: Vec<_> = model
        .0
        .values()
        .map(|placed| placed.entry.clone())
        .collect();
    assert_eq!(found, expected);
    let mut posts = Vec::new();
    for file in 1..=blog.index.sitemap_files() {
        let file = blog.index.sitemap(file, t).expect("a file");
        let visit = |post: &IndexEntry<'_>| {
            posts.push((Reverse(post.date), post.slug.to_string()));
            ControlFlow::Continue(())
        };
        let flow = file.each(&blog.store, visit).expect("a read");
        assert!(flow.is_continue());
    }
    posts.sort();
    let posts: Vec<_> = posts.into_iter().map(|(_, slug)| slug).collect();
    assert_eq!(posts, slugs(model.visible(t)));
    let pages = blog
        .index
        .pages_list(&blog.store, i64::MAX - 1)
        .expect("a read");
    let expected = model
        .0
        .values()
        .filter(|placed| placed.entry.list == List::Pages && placed.entry.expires.is_none());
    let pages: Vec<_> = pages.iter().map(|page| page.slug.to_string()).collect();
    assert_eq!(pages, slugs(expected));
}

fn check_all(rng: &mut Rng, blog: &Blog, model: &Model, t: i64) {
    check_pages(blog, model, t);
    check_tags(blog, model, t);
    check_neighbours(rng, blog, model, t);
    check_years(blog, model, t);
    check_whole(blog, model, t);
}

/// What holds however much came due and expired since the last write.
fn check_later(rng: &mut Rng, blog: &Blog, model: &Model, t: i64) {
    let page = blog
        .index
        .page(&blog.store, 1, 10, t)
        .expect("a read")
        .expect("a page");
    let found = page.entries.iter().map(|post| post.slug.to_string());
    let expected = slugs(model.visible(t).into_iter().take(10));
    assert_eq!(found.collect::<Vec<_>>(), expected, "at {t}");
    check_neighbours(rng, blog, model, t);
}

#[test]
fn answers_are_those_of_a_sorted_list() {
    for seed in 0..4 {
        let mut rng = Rng::with_seed(seed);
        let (mut blog, mut model) = (Blog::empty(), Model::default());
        let mut now = START + 9 * YEAR_SECONDS;
        for _ in 0..40 {
            let count = *rng.choice(&[1, 1, 3, 40, 300]).expect("a choice");
            let changes = changes(&mut rng, &mut model, count, now);
            blog.apply(&changes, now);
            check_all(&mut rng, &blog, &model, now);
            let later = now + rng.i64(0..2_000);
            check_later(&mut rng, &blog, &model, later);
            now += rng.i64(0..300);
        }
    }
}
