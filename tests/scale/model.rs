//! What a blog must show, by the simplest way to know it: a list that is filtered and sorted.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::posts::{Post, Posts};
use super::words;
use super::world::{Answer, World};

/// The posts that visitors see, the newest first.
pub struct Model(Vec<Post>);

/// How many posts a list shows, and how many titles a page of a year.
pub const PER_PAGE: usize = 10;
pub const TITLES_PER_PAGE: usize = 100;

impl Model {
    pub fn of(posts: Posts) -> Self {
        let mut visible: Vec<Post> = posts.iter().filter(Post::is_visible).collect();
        visible.sort_by(|one, other| {
            let key = |post: &Post| (Reverse(post.date.unix), post.slug.clone());
            key(one).cmp(&key(other))
        });
        Self(visible)
    }

    pub fn posts(&self) -> &[Post] {
        &self.0
    }

    pub fn of_tag(&self, tag: usize) -> Vec<&Post> {
        self.0
            .iter()
            .filter(|post| post.tags.contains(&tag))
            .collect()
    }

    pub fn of_year(&self, year: i64) -> Vec<&Post> {
        let of_year = |post: &&Post| post.year() == year;
        self.0.iter().filter(of_year).collect()
    }

    /// The years with their numbers of posts, the latest first.
    pub fn years(&self) -> Vec<(i64, usize)> {
        let mut years = BTreeMap::new();
        for post in &self.0 {
            *years.entry(Reverse(post.year())).or_insert(0) += 1;
        }
        years
            .into_iter()
            .map(|(year, count)| (year.0, count))
            .collect()
    }

    /// Compares lists, overviews and the sitemap with the blog.
    pub async fn check_lists(&self, world: &World) {
        let pages = self.0.len().div_ceil(PER_PAGE);
        let all: Vec<&Post> = self.0.iter().collect();
        for number in [1, 2, pages / 3, pages - 1, pages] {
            check_page(world, "", number, PER_PAGE, &all).await;
        }
        for tag in [0, 10, 91, 120, 299] {
            let path = format!("/tags/{}", slug_of_tag(tag));
            let of_tag = self.of_tag(tag);
            for number in [1, of_tag.len().div_ceil(PER_PAGE)] {
                check_page(world, &path, number, PER_PAGE, &of_tag).await;
            }
        }
        for (year, count) in self.years() {
            let path = format!("/archive/{year}");
            let last = count.div_ceil(TITLES_PER_PAGE);
            check_page(world, &path, last, TITLES_PER_PAGE, &self.of_year(year)).await;
        }
        self.check_numbers(world).await;
        self.check_sitemap(world).await;
    }

    async fn check_numbers(&self, world: &World) {
        let archive = world.get("/archive").await;
        for (year, count) in self.years() {
            let line = format!("<a href=\"/archive/{year}\">{year}</a> <span>{count} post");
            assert!(archive.text().contains(&line), "the archive lacks {line}");
        }
        let tags = world.get("/tags").await;
        for tag in 0..super::posts::TAGS {
            let (name, count) = (words::tag(tag), self.of_tag(tag).len());
            let line = format!(">{name}</a> <span>{count}</span>");
            assert!(
                count == 0 || tags.text().contains(&line),
                "the tags lack {line}"
            );
        }
    }

    async fn check_sitemap(&self, world: &World) {
        let index = world.get("/sitemap.xml").await;
        let files: Vec<String> = links(index.text(), "<loc>https://blog.example", "<")
            .filter(|path| path.starts_with("/sitemap-"))
            .collect();
        let mut texts = vec![index];
        for file in &files {
            texts.push(world.get(file).await);
        }
        let mut found = Vec::new();
        for text in &texts {
            found.extend(links(text.text(), "<loc>https://blog.example/posts/", "<"));
        }
        let unique: BTreeSet<&String> = found.iter().collect();
        assert_eq!(unique.len(), found.len(), "some posts are in it twice");
        let expected: BTreeSet<String> = self.0.iter().map(|post| encode(&post.slug)).collect();
        assert!(
            unique.into_iter().eq(&expected),
            "the sitemap names other posts"
        );
    }

    /// Looks at so many posts, evenly chosen: at what stands beside them, and at what their
    /// pages ask of the store. What they take too much of comes back.
    pub async fn check_posts(&self, world: &World, count: usize) -> Vec<String> {
        let mut broken = Vec::new();
        let (mut trips, mut bytes) = (0, 0);
        for number in 0..count {
            let at = number * (self.0.len() - 1) / (count - 1);
            let page = world.get(&path_of(&self.0[at])).await;
            self.check_neighbours(&page, at);
            let store = page.sample.store;
            trips = trips.max(store.store_round_trips);
            bytes = bytes.max(store.store_read_bytes);
            if store.store_round_trips > 2 || store.store_read_bytes > 256 << 10 {
                broken.push(format!("post {}: {store:?}", self.0[at].slug));
            }
        }
        println!(
            "{count} posts: at most {trips} round trips and {} KiB read",
            bytes.div_ceil(1024)
        );
        broken
    }

    fn check_neighbours(&self, page: &Answer, at: usize) {
        let beside = |mark: &str| links(page.text(), mark, "\"").next();
        let path = |at: Option<usize>| at.and_then(|at| self.0.get(at)).map(path_of);
        let newer = beside("<a rel=\"next\" href=\"");
        let older = beside("<a rel=\"prev\" class=\"older\" href=\"");
        assert_eq!(
            (newer, older),
            (path(at.checked_sub(1)), path(Some(at + 1))),
            "beside {}",
            self.0[at].slug
        );
    }
}

/// Compares a page of a list with the posts that the whole list has.
async fn check_page(world: &World, list: &str, number: usize, per_page: usize, posts: &[&Post]) {
    let path = match (list, number) {
        ("", 1) => "/".to_owned(),
        (list, 1) => list.to_owned(),
        (list, number) => format!("{list}/page/{number}"),
    };
    let page = world.get(&path).await;
    let main = page.text().split("<main").nth(1).unwrap_or_default();
    let found: Vec<String> = links(main, "<a href=\"/posts/", "\"").collect();
    let expected = posts.iter().skip((number - 1) * per_page).take(per_page);
    let expected: Vec<String> = expected.map(|post| encode(&post.slug)).collect();
    assert_eq!(found, expected, "{path}");
}

/// What stands in `text` between each `before` and the next `after`.
fn links<'a>(text: &'a str, before: &'a str, after: &'a str) -> impl Iterator<Item = String> + 'a {
    let parts = text.split(before).skip(1);
    parts.map(move |rest| rest.split(after).next().unwrap_or(rest).to_owned())
}

pub fn path_of(post: &Post) -> String {
    format!("/posts/{}", encode(&post.slug))
}

/// The slug of a tag, as it stands in an address.
pub fn slug_of_tag(tag: usize) -> String {
    encode(&words::tag(tag).replace(' ', "-"))
}

fn encode(slug: &str) -> String {
    let escape = |byte: u8| match byte {
        b'a'..=b'z' | b'0'..=b'9' | b'-' => (byte as char).to_string(),
        _ => format!("%{byte:02X}"),
    };
    slug.bytes().map(escape).collect()
}
