//! Publishers side by side, one store call at a time, in orders drawn from a seed. A call takes
//! some milliseconds. With some seeds a publisher stalls, anywhere, for longer than the lock's
//! timing allows.

use crate::client::post;
use crate::sim_host::{SimHost, Turns, World};
use fastrand::Rng;
use handler::request::Method;
use std::cell::Cell;
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

/// Lets one of several threads do one thing at a time.
struct Turnstile {
    world: Arc<World>,
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    rng: Rng,
    /// How often on average, in turns, someone stalls.
    stalls_every: Option<u32>,
    /// When each thread goes on; `None` once it has ended.
    awake_at: Vec<Option<i64>>,
    /// Whose turn it is.
    next: usize,
}

impl Turnstile {
    fn new(world: &Arc<World>, threads: usize, seed: u64, stalls_every: Option<u32>) -> Arc<Self> {
        let mut rng = Rng::with_seed(seed);
        Arc::new(Self {
            world: world.clone(),
            state: Mutex::new(State {
                next: rng.usize(..threads),
                awake_at: vec![Some(0); threads],
                stalls_every,
                rng,
            }),
            changed: Condvar::new(),
        })
    }

    /// Ends the turn of a thread, which goes on at some time or never.
    fn pass(&self, state: &mut State, me: usize, ms: Option<i64>) {
        self.world.tick(state.rng.i64(1..8));
        let stalls = state
            .stalls_every
            .is_some_and(|every| state.rng.u32(..every) == 0);
        let stall = if stalls { state.rng.i64(50..20_000) } else { 0 };
        state.awake_at[me] = ms.map(|ms| self.world.now_ms() + ms + stall);
        let Some(first) = state.awake_at.iter().flatten().min().copied() else {
            return;
        };
        self.world.tick((first - self.world.now_ms()).max(0));
        let now = self.world.now_ms();
        let awake = |at: &Option<i64>| at.is_some_and(|at| at <= now);
        let ready: Vec<usize> = (0..state.awake_at.len())
            .filter(|who| awake(&state.awake_at[*who]))
            .collect();
        state.next = ready[state.rng.usize(..ready.len())];
        self.changed.notify_all();
    }
}

/// One thread's way through.
struct Turn {
    turnstile: Arc<Turnstile>,
    me: usize,
    has_begun: Cell<bool>,
}

impl Turns for Turn {
    fn wait(&self, ms: i64) {
        let mut state = self.turnstile.state.lock().expect("no panic");
        // A thread that begins has no turn to end.
        if self.has_begun.replace(true) {
            self.turnstile.pass(&mut state, self.me, Some(ms));
        }
        while state.next != self.me {
            state = self.turnstile.changed.wait(state).expect("no panic");
        }
    }
}

/// A thread that ends, by a panic too, lets the others go on.
impl Drop for Turn {
    fn drop(&mut self) {
        let mut state = self.turnstile.state.lock().expect("no panic");
        while state.next != self.me {
            state = self.turnstile.changed.wait(state).expect("no panic");
        }
        self.turnstile.pass(&mut state, self.me, None);
    }
}

/// What one publisher does on its machine.
type Publisher = Box<dyn FnOnce(&SimHost) + Send>;

/// Runs publishers side by side in one world.
fn side_by_side(
    world: &Arc<World>,
    seed: u64,
    stalls_every: Option<u32>,
    publishers: Vec<Publisher>,
) {
    let turnstile = Turnstile::new(world, publishers.len(), seed, stalls_every);
    thread::scope(|scope| {
        for (me, publish) in publishers.into_iter().enumerate() {
            let turnstile = turnstile.clone();
            scope.spawn(move || {
                let mut machine = SimHost::on(world.clone());
                machine.turns = Some(Box::new(Turn {
                    turnstile,
                    me,
                    has_begun: Cell::new(false),
                }));
                publish(&machine);
            });
        }
    });
}

/// Sends until it is taken: a publisher is told to try again.
#[track_caller]
fn put(blog: &SimHost, path: &str, body: &str) {
    for _ in 0..20 {
        let answer = blog.put(path, body);
        if answer.status != 503 {
            assert!(matches!(answer.status, 200 | 201), "{}", answer.text());
            return;
        }
        assert!(
            answer.text().contains("other publishers are at work"),
            "{}",
            answer.text()
        );
    }
    panic!("{path} was never taken");
}

fn different_posts(seed: u64, stalls_every: Option<u32>) {
    let blog = SimHost::new();
    blog.put("posts/both", post("First", "2026-01-01", "tags: [t]\n"))
        .expect(201);
    let publisher = |who: char| -> Box<dyn FnOnce(&SimHost) + Send> {
        Box::new(move |blog: &SimHost| {
            for n in 1..=3 {
                let date = format!("2026-0{n}-1{n}");
                put(
                    blog,
                    &format!("posts/{who}{n}"),
                    &post("Own", &date, &format!("tags: [t, {who}]\n")),
                );
                // The one that is not the first time moves it.
                let title = format!("{who}{n}");
                put(
                    blog,
                    "posts/both",
                    &post(
                        &title,
                        &format!("2025-0{n}-02"),
                        &format!("tags: [{who}]\n"),
                    ),
                );
            }
            blog.delete(&format!("posts/{who}2"));
        })
    };
    side_by_side(
        &blog.world,
        seed,
        stalls_every,
        vec![publisher('a'), publisher('b')],
    );
    let when = format!("seed {seed}, stalls every {stalls_every:?}");
    blog.pass(9);
    assert_eq!(blog.findings(), [""; 0], "{when}");
    let mut all = blog.posts_on("/");
    all.sort();
    assert_eq!(all, ["a1", "a3", "b1", "b3", "both"], "{when}");
    let both = blog.read("posts/both").expect(200);
    assert!(
        both.text().contains("title: a") || both.text().contains("title: b"),
        "{when}"
    );
}

#[test]
fn two_publishers_lose_nothing_in_any_order() {
    for seed in 0..300 {
        different_posts(seed, None);
    }
}

#[test]
fn a_publisher_who_stalls_anywhere_loses_nothing_and_undoes_nothing() {
    // The last ones are rare: they tell whether what was finished of late lies in two keys.
    for seed in (0..600).chain([912, 1472, 1489, 1853, 3649]) {
        different_posts(seed, Some([12, 30, 60, 120][seed as usize % 4]));
    }
}

#[test]
fn of_two_editors_of_one_version_exactly_one_is_taken() {
    for seed in 0..200 {
        let blog = SimHost::new();
        let tag = blog
            .put("posts/p", post("Old", "2026-01-01", ""))
            .expect(201)
            .header("etag")
            .to_owned();
        let taken = Arc::new(Mutex::new(Vec::new()));
        let editor = |title: &'static str| -> Box<dyn FnOnce(&SimHost) + Send> {
            let (tag, taken) = (tag.clone(), taken.clone());
            Box::new(move |blog: &SimHost| {
                let source = post(title, "2026-01-02", "");
                let answer = blog.api_if(Method::Put, "posts/p", &source, Some(&tag));
                assert!(matches!(answer.status, 200 | 412), "{}", answer.text());
                if answer.status == 200 {
                    taken.lock().expect("no panic").push(source);
                }
            })
        };
        side_by_side(&blog.world, seed, None, vec![editor("One"), editor("Two")]);
        let taken = taken.lock().expect("no panic");
        assert_eq!(taken.len(), 1, "seed {seed}");
        assert_eq!(blog.read("posts/p").text(), taken[0], "seed {seed}");
        assert_eq!(blog.findings(), [""; 0], "seed {seed}");
    }
}

/// Fetches the style sheet that the front page names.
fn style(blog: &SimHost) -> Option<(String, Vec<u8>)> {
    let page = blog.get("/").expect(200);
    let name = page.text().split("href=\"/style.").nth(1).expect("a style");
    let path = format!("/style.{}", name.split('"').next().expect("an end"));
    let sheet = blog.get(&path);
    // Another one may have taken its place since the page was read.
    (sheet.status == 200).then_some((path, sheet.body))
}

#[test]
fn of_two_style_sheets_each_name_shows_one() {
    let sheets = ["one", "two", "three", "four"].map(|text| format!("/* {text} */"));
    for seed in 0..200 {
        let blog = SimHost::new();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let publisher = |sheets: &[String]| -> Box<dyn FnOnce(&SimHost) + Send> {
            let sheets = sheets.to_vec();
            Box::new(move |blog: &SimHost| {
                for sheet in &sheets {
                    put(blog, "theme/style.css", sheet);
                }
            })
        };
        let reader = {
            let seen = seen.clone();
            Box::new(move |blog: &SimHost| {
                for _ in 0..30 {
                    seen.lock().expect("no panic").extend(style(blog));
                }
            })
        };
        side_by_side(
            &blog.world,
            seed,
            None,
            vec![publisher(&sheets[..2]), publisher(&sheets[2..]), reader],
        );
        blog.pass(9);
        assert_eq!(blog.findings(), [""; 0], "seed {seed}");
        let (path, last) = style(&blog).expect("the one that stands");
        assert_eq!(blog.read("theme/style.css").expect(200).body, last);
        let mut seen = seen.lock().expect("no panic").clone();
        seen.push((path, last));
        for (path, sheet) in &seen {
            let other = seen
                .iter()
                .find(|other| other.0 == *path && other.1 != *sheet);
            assert_eq!(other, None, "seed {seed}: {path}");
        }
    }
}

#[test]
fn a_file_that_comes_back_while_its_parts_are_collected_is_whole() {
    let file = vec![7; 900_000];
    for seed in 0..200 {
        let blog = SimHost::new();
        blog.put("media/a.bin", &file).expect(200);
        blog.delete("media/a.bin").expect(204);
        blog.pass(61);
        blog.api(Method::Post, "gc", "").expect(200);
        blog.pass(601);
        let (again, collect) = (file.clone(), Method::Post);
        side_by_side(
            &blog.world,
            seed,
            None,
            vec![
                Box::new(move |blog| {
                    // The later it begins, the further the other one has come.
                    for _ in 0..seed % 40 {
                        blog.read("media/b.bin").expect(404);
                    }
                    blog.put("media/b.bin", &again).expect(200);
                }),
                Box::new(move |blog| drop(blog.api(collect, "gc", "").expect(200))),
            ],
        );
        assert_eq!(blog.findings(), [""; 0], "seed {seed}");
        assert_eq!(
            blog.get("/media/b.bin").expect(200).body,
            file,
            "seed {seed}"
        );
    }
}
