//! Blogs made up from a seed, and the store and index they are put into.

use fastrand::Rng;
use handler::index::{Applied, Change, Index, Kind, Listed, Placed, Tag};
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

impl Blog {
    pub(crate) fn empty() -> Self {
        Blog {
            store: MemoryStore::default(),
            index: Index::empty(),
            head_bytes: 0,
        }
    }

    pub(crate) fn rebuilt(posts: impl IntoIterator<Item = Placed>, now: i64) -> Self {
        let mut blog = Blog::empty();
        let applied = Index::rebuild(&blog.store, posts, now).expect("a rebuild");
        blog.set_head(&applied);
        blog
    }

    pub(crate) fn apply(&mut self, changes: &[Change], now: i64) -> Applied {
        let applied = self
            .index
            .apply(&self.store, changes, now)
            .expect("a write");
        self.set_head(&applied);
        applied
    }

    fn set_head(&mut self, applied: &Applied) {
        self.store.set("head", applied.head.clone()).expect("a set");
        self.index = Index::open(&applied.head).expect("the head that was written");
        self.head_bytes = applied.head.len();
    }
}

/// A published post with tags.
pub(crate) fn post(slug: &str, date: i64, tags: &[usize]) -> Placed {
    Placed {
        listed: Listed {
            slug: slug.to_owned().into(),
            title: format!("What we learned about {slug}").into(),
            kind: Kind::Post,
            date,
            offset_seconds: 0,
            year: year(date),
            updated: None,
            expires: None,
            lang: "en".into(),
            hash: date.unsigned_abs().into(),
            bytes: 9_000,
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

fn year(date: i64) -> i16 {
    i16::try_from(2005 + (date - START).div_euclid(YEAR_SECONDS)).expect("a year of our time")
}

/// The post `number` of `all`, at an even pace over twenty years, with three of 300 tags.
pub(crate) fn numbered(number: usize, all: usize) -> Placed {
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
