//! Blogs made up from a seed, and the store and index they are put into.

use fastrand::Rng;
use handler::document::Tag;
use handler::index::{Change, Index, IndexEntry, IndexedPost, List, Mode};
use handler::store::{MemoryStore, Store};

pub(crate) const YEAR_SECONDS: i64 = 31_556_952;
/// The first second of 2005.
pub(crate) const START: i64 = 1_104_537_600;
pub(crate) const YEARS: i64 = 20;

/// A store and the index whose head was set last.
pub(crate) struct Blog {
    pub(crate) store: MemoryStore,
    pub(crate) index: Index,
    pub(crate) head_bytes: usize,
}

/// How many posts are put at once where a blog is made.
const BATCH: usize = 2_000;

impl Blog {
    pub(crate) fn empty() -> Self {
        Blog {
            store: MemoryStore::default(),
            index: Index::default(),
            head_bytes: 0,
        }
    }

    pub(crate) fn of(posts: impl IntoIterator<Item = IndexedPost>, now: i64) -> Self {
        let mut blog = Blog::empty();
        let mut changes = posts.into_iter().map(Change::put);
        loop {
            let batch: Vec<Change> = changes.by_ref().take(BATCH).collect();
            if batch.is_empty() {
                return blog;
            }
            blog.apply(&batch, now);
        }
    }

    pub(crate) fn apply(&mut self, changes: &[Change], now: i64) {
        let applied = self
            .index
            .apply(&self.store, changes, Mode::Publish, now, &mut || Ok(()))
            .expect("a write");
        assert!(!applied.is_surprised, "a leaf is not as head says");
        let head = applied.index.clone().into_record();
        self.store.set("head", head.clone()).expect("a set");
        self.head_bytes = head.len();
        self.index = Index::open(Some(head)).expect("the head that was written");
    }

    /// The keys of the index with their values, `head` left out.
    pub(crate) fn leaves(&self) -> Vec<(String, Vec<u8>)> {
        let mut keys = self.store.list_keys(None).expect("a list").keys;
        keys.retain(|key| key.starts_with("i/"));
        let values = self.store.get_many(&keys).expect("a read");
        let values = values.into_iter().map(|value| value.expect("a value"));
        keys.into_iter().zip(values).collect()
    }
}

/// A published post with tags.
pub(crate) fn post(slug: &str, date: i64, tags: &[usize]) -> IndexedPost {
    IndexedPost {
        entry: IndexEntry {
            slug: slug.to_owned().into(),
            title: format!("What we learned about {slug}").into(),
            list: List::Posts,
            date,
            offset_seconds: 0,
            year: year(date),
            updated: None,
            expires: None,
            lang: "en".into(),
            hash: date.unsigned_abs().into(),
            feed_bytes: 9_000,
        },
        tags: tags.iter().map(|tag| self::tag(*tag)).collect(),
    }
}

pub(crate) fn tag(number: usize) -> Tag {
    Tag {
        slug: format!("tag-{number}"),
        name: format!("Tag {number}"),
    }
}

/// The calendar year of an instant in UTC (H. Hinnant, "chrono-Compatible Low-Level Date
/// Algorithms").
pub(crate) fn year(date: i64) -> i16 {
    let days = date.div_euclid(86_400) + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let is_next = (5 * of_year + 2) / 153 >= 10;
    i16::try_from(year + era * 400 + i64::from(is_next)).expect("a year of our time")
}

/// The post `number` of `all`, at an even pace over twenty years, with three of 300 tags.
pub(crate) fn numbered(number: usize, all: usize) -> IndexedPost {
    let pace = YEARS * YEAR_SECONDS / all as i64;
    let mut rng = Rng::with_seed(number as u64);
    let slug = format!("{number:06}-the-title-of-a-post");
    post(&slug, START + number as i64 * pace, &zipf_tags(&mut rng, 3))
}

/// Different tags of 300, of which the first is drawn most often.
pub(crate) fn zipf_tags(rng: &mut Rng, count: usize) -> Vec<usize> {
    let mut tags = Vec::new();
    while tags.len() < count {
        let tag = 300_f64.powf(rng.f64()) as usize;
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    tags
}
