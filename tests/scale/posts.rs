//! A blog of any size, made from numbers, the same on every machine: posts of the sizes that
//! real blogs have (half of them under 4 KB, a tenth over 20 KB), over twenty years, under 300
//! tags, three tenths of them Chinese.
//!
//! Post 0 is the newest. What a post says depends on its number alone, so that blogs of
//! different sizes begin alike; only how far apart the posts lie depends on the size.

use super::moment::{self, DAY_SECONDS, Form, Written};
use super::{text, words};
use fastrand::Rng;
use std::fmt::Write;
use std::path::Path;

/// How many tags there are.
pub const TAGS: usize = 300;
/// The date of the newest post: the evening of 30 June 2025.
const LAST: i64 = 1_751_306_400;
/// Twenty years.
const SPAN_SECONDS: i64 = 20 * 31_556_952;
/// The newest posts are plain and dated to the second, so that the first pages of blogs of
/// all sizes are the same.
const PLAIN: usize = 64;

/// A blog of so many posts.
#[derive(Clone, Copy, Debug)]
pub struct Posts {
    pub count: usize,
}

/// A post; what its source says, and what can be known of it without reading that.
#[derive(Clone, Debug, PartialEq)]
pub struct Post {
    pub slug: String,
    pub title: String,
    pub is_chinese: bool,
    pub date: Written,
    pub fate: Fate,
    /// The numbers of its tags, in the author's order.
    pub tags: Vec<usize>,
    /// How long its file is, give or take a sentence.
    bytes: usize,
    rng: Rng,
}

/// What becomes of a post.
#[derive(Clone, Debug, PartialEq)]
pub enum Fate {
    Published,
    Draft,
    /// It is dated a century ahead.
    Scheduled,
    /// It was shown until a moment that is over.
    Expired(Written),
    /// It is shown until a moment in a century.
    Expiring(Written),
}

impl Posts {
    /// Post `number`, from 0, the newest.
    pub fn post(self, number: usize) -> Post {
        assert!(number < self.count);
        let mut rng = Rng::with_seed(number as u64);
        let is_chinese = rng.u8(..10) < 3;
        let title = words::title(&mut rng, is_chinese);
        let slug = match is_chinese && rng.bool() {
            true => format!("第{number}篇"),
            false => format!(
                "{}-{}-{number}",
                words::any(&mut rng, &words::NOUNS),
                words::any(&mut rng, &words::NOUNS)
            ),
        };
        let bytes = size(rng.f64());
        let tags = tags(&mut rng, number, is_chinese);
        let (form, fate) = match number < PLAIN {
            true => (Form::Second, Fate::Published),
            false => (Form::any(&mut rng), fate(&mut rng, self.moment(number))),
        };
        let unix = match fate {
            Fate::Scheduled => LAST + 5 * SPAN_SECONDS + rng.i64(0..SPAN_SECONDS),
            _ => self.moment(number),
        };
        let date = form.write(unix);
        Post {
            slug,
            title,
            is_chinese,
            date,
            fate,
            tags,
            bytes,
            rng,
        }
    }

    /// All posts, the newest first.
    pub fn iter(self) -> impl Iterator<Item = Post> {
        (0..self.count).map(move |number| self.post(number))
    }

    /// Writes the posts into a folder of content, with settings and a page.
    pub fn write(self, content: &Path) {
        let put = |path: &str, text: &str| {
            let path = content.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        put("site.toml", SITE);
        put(
            "pages/about.md",
            "---\ntitle: About\n---\nWho writes here.\n",
        );
        for post in self.iter() {
            put(&post.path(), &post.source());
        }
    }

    /// Blogs begin slowly: a seventh of all posts are of the last year.
    fn moment(self, number: usize) -> i64 {
        let past = (number as f64 / self.count as f64).powf(1.5);
        LAST - (SPAN_SECONDS as f64 * past) as i64
    }
}

const SITE: &str = "title = \"Twenty years\"\nurl = \"https://blog.example\"\n\
    description = \"All that was written here since 2005.\"\nauthor = \"A. Writer\"\n";

/// The size at which a share `part` of all posts is smaller, in bytes.
fn size(part: f64) -> usize {
    const POINTS: [(f64, f64); 5] = [
        (0.0, 400.0),
        (0.5, 4_096.0),
        (0.9, 20_480.0),
        (0.99, 50_000.0),
        (1.0, 100_000.0),
    ];
    let at = POINTS.partition_point(|(share, _)| *share <= part);
    let ((from, low), (to, high)) = (POINTS[at - 1], POINTS[at]);
    (low * (high / low).powf((part - from) / (to - from))) as usize
}

/// The tags of a post: few of them are on many posts. The newest hundred posts name all of
/// them, so that there are as many in a small blog as in a large one.
fn tags(rng: &mut Rng, number: usize, is_chinese: bool) -> Vec<usize> {
    let mut tags: Vec<usize> = (0..3)
        .map(|one| 3 * number + one)
        .filter(|tag| *tag < TAGS)
        .collect();
    for _ in 0..rng.usize(1..=4) {
        let (first, all) = match is_chinese {
            true => (0, words::CHINESE_TAGS),
            false => (words::CHINESE_TAGS, TAGS - words::CHINESE_TAGS),
        };
        let tag = first + (all as f64 + 1.0).powf(rng.f64()) as usize - 1;
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    tags
}

fn fate(rng: &mut Rng, date: i64) -> Fate {
    let until = |form: Form, unix| form.write(unix);
    match rng.u8(..100) {
        0 | 1 => Fate::Draft,
        2 => Fate::Scheduled,
        3 => Fate::Expired(until(Form::Minute, date + 30 * DAY_SECONDS)),
        4 => Fate::Expiring(until(Form::Day, LAST + 5 * SPAN_SECONDS)),
        _ => Fate::Published,
    }
}

impl Post {
    /// Whether visitors of these decades see it.
    pub fn is_visible(&self) -> bool {
        matches!(self.fate, Fate::Published | Fate::Expiring(_))
    }

    /// About how long its file is.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// The year of its date where it was written.
    pub fn year(&self) -> i64 {
        moment::year(self.date.unix + self.date.ahead)
    }

    /// Whether its date stands only in the name of its file.
    fn is_dated_by_name(&self) -> bool {
        self.date.text.len() == 10 && moment::year(self.date.unix) < 2015
    }

    /// Its file inside the content folder: at first all lay side by side, later by years.
    pub fn path(&self) -> String {
        let year = moment::year(self.date.unix);
        match year < 2015 {
            true => format!("posts/{}-{}.md", moment::day(self.date.unix), self.slug),
            false => format!("posts/{year}/{}.md", self.slug),
        }
    }

    /// Its file: front matter in YAML, some in TOML, and Markdown.
    pub fn source(&self) -> String {
        let mut rng = self.rng.clone();
        let is_toml = rng.u8(..5) == 0;
        let mut source = self.front(&mut rng, is_toml);
        text::write(&mut rng, &mut source, self.bytes, self.is_chinese);
        source.truncate(source.trim_end().len());
        source.push('\n');
        source
    }

    fn front(&self, rng: &mut Rng, is_toml: bool) -> String {
        let (fence, is) = if is_toml { ("+++", " =") } else { ("---", ":") };
        let mut front = format!("{fence}\ntitle{is} {:?}\n", self.title);
        let mut line = |name: &str, value: &dyn std::fmt::Display| {
            writeln!(front, "{name}{is} {value}").unwrap();
        };
        if !self.is_dated_by_name() {
            line("date", &self.date.moment(is_toml));
        }
        match &self.fate {
            Fate::Draft => line("draft", &true),
            Fate::Expired(until) | Fate::Expiring(until) => line("expires", &until.moment(is_toml)),
            Fate::Published | Fate::Scheduled => {}
        }
        if self.is_chinese {
            line("lang", &"\"zh\"");
        }
        if rng.u8(..10) == 0 {
            line(
                "description",
                &"\"In one sentence: what came of it, and what did not.\"",
            );
        }
        if rng.u8(..20) == 0 {
            line(
                "aliases",
                &format_args!("[\"/archives/{}.html\"]", self.slug),
            );
        }
        let names: Vec<String> = self
            .tags
            .iter()
            .map(|tag| format!("{:?}", words::tag(*tag)))
            .collect();
        if is_toml || rng.bool() {
            line("tags", &format_args!("[{}]", names.join(", ")));
        } else {
            front.push_str("tags:\n");
            front.extend(names.iter().map(|name| format!("  - {name}\n")));
        }
        front.push_str(fence);
        front.push_str("\n\n");
        front
    }
}

impl Written {
    /// As the front matter has it: TOML wants text or its own form of dates.
    fn moment(&self, is_toml: bool) -> String {
        match is_toml {
            true => format!("{:?}", self.text),
            false => self.text.clone(),
        }
    }
}
