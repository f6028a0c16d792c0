//! The kinds of pages that a blog has, each with an example, and what one may ask of the store.

use super::model::{Model, PER_PAGE, TITLES_PER_PAGE, path_of, slug_of_tag};
use super::posts::Post;

/// A kind of page.
pub struct Kind {
    pub name: &'static str,
    /// The example: of any size of blog its content is much the same.
    pub path: String,
    /// Round trips to the store at most.
    pub round_trips: u32,
    /// Bytes read from the store at most.
    pub read_bytes: u64,
}

const ORDINARY: (u32, u64) = (4, 256 << 10);
const POST: (u32, u64) = (2, 256 << 10);
const LONG: (u32, u64) = (8, 1 << 20);

/// A tag that many posts have.
const TAG: usize = 90;
/// The titles on the newest year's page of a blog of a hundred posts.
const TITLES: usize = 8;

/// An example of each kind.
pub fn kinds(model: &Model) -> Vec<Kind> {
    let posts = model.posts();
    let deep = posts.len().div_ceil(PER_PAGE) / 2;
    let tag = slug_of_tag(TAG);
    let deep_tag = (model.of_tag(TAG).len().div_ceil(PER_PAGE) / 2).max(2);
    let files = posts.len() > 4_100;
    let examples = [
        ("home", "/".to_owned(), ORDINARY),
        ("page in the middle", format!("/page/{deep}"), ORDINARY),
        ("newest post", path_of(&posts[0]), POST),
        ("post in the middle", path_of(middling(posts)), POST),
        ("page", "/about".to_owned(), ORDINARY),
        ("tag", format!("/tags/{tag}"), ORDINARY),
        (
            "tag, page in the middle",
            format!("/tags/{tag}/page/{deep_tag}"),
            ORDINARY,
        ),
        ("tags", "/tags".to_owned(), ORDINARY),
        ("archive", "/archive".to_owned(), ORDINARY),
        ("year", year(model), ORDINARY),
        ("feed.xml", "/feed.xml".to_owned(), LONG),
        ("rss.xml", "/rss.xml".to_owned(), LONG),
        ("feed.json", "/feed.json".to_owned(), LONG),
        ("sitemap", "/sitemap.xml".to_owned(), LONG),
        (
            "file of the sitemap",
            if files {
                "/sitemap-1.xml"
            } else {
                "/sitemap.xml"
            }
            .to_owned(),
            LONG,
        ),
        ("no such post", "/posts/nothing".to_owned(), ORDINARY),
        ("no such page", "/nothing".to_owned(), ORDINARY),
    ];
    let kind = |(name, path, (round_trips, read_bytes))| Kind {
        name,
        path,
        round_trips,
        read_bytes,
    };
    examples.into_iter().map(kind).collect()
}

/// The post nearest to the median size among those in the middle of the blog.
fn middling(posts: &[Post]) -> &Post {
    let middle = &posts[posts.len() / 4..posts.len() * 3 / 4];
    let english = middle.iter().filter(|post| !post.is_chinese);
    english
        .min_by_key(|post| post.bytes().abs_diff(4096))
        .unwrap()
}

/// The last page of the year that ends with about as many titles as a small blog has in one.
fn year(model: &Model) -> String {
    let last = |count: usize| (count - 1) % TITLES_PER_PAGE + 1;
    let years = model.years();
    let (year, count) = years
        .iter()
        .min_by_key(|(_, count)| last(*count).abs_diff(TITLES))
        .unwrap();
    match count.div_ceil(TITLES_PER_PAGE) {
        1 => format!("/archive/{year}"),
        number => format!("/archive/{year}/page/{number}"),
    }
}
