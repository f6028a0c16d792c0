//! One blog whose host and publishers are killed again and again, with all that is known of it.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::thread;

use fastrand::Rng;

use super::blog::{Blog, client, post};
use super::client::{Client, TOKEN};
use super::edit::{Edit, body, send_all};
use super::moment::Moment;
use super::program::Server;
use super::reader::Reader;

/// What some lanes came to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    pub kills: u32,
    /// Kills that left a publisher's work unfinished.
    pub struck: u32,
    /// Pages that readers got.
    pub pages: u64,
}

struct Lane {
    blog: Blog,
    random: Rng,
    server: Option<Server>,
    reader: Reader,
    posts: BTreeMap<String, Known>,
    version: u32,
}

/// What may stand in the store; `None` is a post that was deleted.
#[derive(Default)]
struct Known {
    acknowledged: Option<String>,
    /// What was sent and not answered.
    sent: Vec<Option<String>>,
}

/// Who is killed.
#[derive(Clone, Copy, Debug)]
enum Victim {
    /// A host that others publish through.
    Host,
    /// A host, while a publisher beside it works on the same file.
    HostBeside,
    /// A publisher that works on the file itself.
    Publisher,
    /// A publisher that sends to the host.
    Remote,
}

/// Posts that are always there, for the reader, and posts that come and go.
const LASTING: usize = 12;
const PASSING: usize = 4;

/// Runs a lane for each seed, side by side, each with so many kills.
pub fn run(seeds: Range<u64>, kills: u32) -> Tally {
    // The component is compiled once, before many hosts want it at the same time.
    drop(Blog::new().serve());
    thread::scope(|scope| {
        let lanes: Vec<_> = seeds
            .map(|seed| scope.spawn(move || Lane::new(seed).run(seed, kills)))
            .collect();
        let tallies = lanes.into_iter().map(|lane| lane.join().expect("a lane"));
        tallies.fold(Tally::default(), |sum, one| Tally {
            kills: sum.kills + one.kills,
            struck: sum.struck + one.struck,
            pages: sum.pages + one.pages,
        })
    })
}

impl Lane {
    fn new(seed: u64) -> Self {
        let blog = Blog::new();
        let server = blog.serve();
        let lasting: Vec<String> = (0..LASTING).map(|n| format!("p{n}")).collect();
        let mut lane = Self {
            blog,
            random: Rng::with_seed(seed),
            server: Some(server),
            reader: Reader::start(lasting.clone()),
            posts: BTreeMap::new(),
            version: 0,
        };
        let puts: Vec<_> = lasting.iter().map(|slug| lane.edit(slug)).collect();
        lane.send(&puts);
        lane.reader.turn_to(Some(&lane.host()));
        lane
    }

    fn run(mut self, seed: u64, kills: u32) -> Tally {
        let mut tally = Tally::default();
        for kill in 0..kills {
            let victims = [
                Victim::Host,
                Victim::HostBeside,
                Victim::Publisher,
                Victim::Remote,
            ];
            // Each lane begins with another one.
            let victim = victims[(seed as usize + kill as usize) % victims.len()];
            let moment = Moment::draw(&mut self.random);
            let when = format!("seed {seed}, kill {kill}: {victim:?} at {moment:?}");
            self.kill(victim, &moment);
            self.nothing_is_lost(&when);
            tally.kills += 1;
            tally.struck += u32::from(self.tells_what_is_unfinished(&when));
            self.recovers(&when);
        }
        tally.pages = self.reader.end();
        tally
    }

    fn kill(&mut self, victim: Victim, moment: &Moment) {
        let log = self.log();
        match victim {
            Victim::Host => {
                let batches: Vec<_> = (0..6).map(|_| self.batch()).collect();
                let host = self.host();
                let answers = thread::scope(|scope| {
                    let sending = scope.spawn(|| send_all(&host, &batches));
                    moment.wait(&log);
                    self.kill_host();
                    sending.join().expect("an end")
                });
                for (batch, answer) in batches.iter().zip(answers) {
                    self.note(batch, answer);
                }
                self.start_host();
            }
            Victim::HostBeside => {
                let (edits, publisher) = self.publish(&[]);
                moment.wait(&log);
                self.kill_host();
                self.start_host();
                let output = publisher.wait_with_output().unwrap();
                assert!(output.status.success(), "{output:?}");
                self.note(&edits, true);
            }
            Victim::Publisher | Victim::Remote => {
                let url = format!("http://{}", self.host().address);
                let (edits, mut publisher) = match victim {
                    Victim::Remote => self.publish(&["--to", &url]),
                    _ => self.publish(&[]),
                };
                moment.wait(&log);
                publisher.kill().unwrap();
                let is_acknowledged = publisher.wait().unwrap().success();
                self.note(&edits, is_acknowledged);
            }
        }
    }

    /// Every post is one that was acknowledged, or sent since, byte for byte.
    fn nothing_is_lost(&self, when: &str) {
        for (slug, known) in &self.posts {
            let found = self.host().source(&format!("posts/{slug}"));
            let is_known = found == known.acknowledged || known.sent.contains(&found);
            assert!(is_known, "{when}: {slug} is {found:?}");
        }
    }

    /// The check says no wrong word between the kill and the next publisher; whether it says
    /// that something is unfinished.
    fn tells_what_is_unfinished(&self, when: &str) -> bool {
        let (findings, unfinished) = self.host().check();
        for finding in &findings {
            let told = "lock: a publisher stopped before its work was done";
            assert_eq!(finding, told, "{when}");
        }
        unfinished > 0
    }

    /// The next publisher leaves everything in order.
    fn recovers(&mut self, when: &str) {
        let edits = vec![self.edit("p0")];
        self.send(&edits);
        assert_eq!(self.host().check(), (Vec::new(), 0), "{when}");
        self.nothing_is_lost(when);
        let host = self.host();
        for (slug, known) in &mut self.posts {
            known.acknowledged = host.source(&format!("posts/{slug}"));
            known.sent.clear();
        }
    }

    fn kill_host(&mut self) {
        self.reader.turn_to(None);
        // A server that is dropped is killed.
        self.server = None;
    }

    fn start_host(&mut self) {
        self.server = Some(self.blog.serve());
        self.reader.turn_to(Some(&self.host()));
    }

    fn host(&self) -> Client {
        client(self.server.as_ref().expect("a host"))
    }

    fn log(&self) -> PathBuf {
        self.blog.site.folder.join("disk/x.db-wal")
    }

    /// A new version of a post.
    fn edit(&mut self, slug: &str) -> Edit {
        self.version += 1;
        let source = post(slug, self.version, &mut self.random);
        (slug.to_owned(), Some(source))
    }

    /// Edits of some posts, each of another one.
    fn batch(&mut self) -> Vec<Edit> {
        let mut slugs: Vec<String> = (0..LASTING).map(|n| format!("p{n}")).collect();
        slugs.extend((0..PASSING).map(|n| format!("d{n}")));
        self.random.shuffle(&mut slugs);
        slugs.truncate(self.random.usize(1..10));
        let edits = slugs.iter().map(|slug| match self.random.bool() {
            true if slug.starts_with('d') => (slug.clone(), None),
            _ => self.edit(slug),
        });
        edits.collect()
    }

    /// Starts a publisher of new versions of some posts.
    fn publish(&mut self, to: &[&str]) -> (Vec<Edit>, Child) {
        let mut edits = self.batch();
        edits.retain(|(_, source)| source.is_some());
        let posts = self.blog.site.folder.join("content/posts");
        let _ = std::fs::remove_dir_all(&posts);
        std::fs::create_dir_all(&posts).unwrap();
        for (slug, source) in &edits {
            let path = format!("content/posts/{slug}.md");
            self.blog
                .site
                .write(&path, source.as_deref().unwrap_or_default());
        }
        let mut command = match to.is_empty() {
            true => self.blog.mayfly(&["publish", "content"]),
            false => self.blog.site.mayfly(&["publish", "content"]),
        };
        let command = command
            .args(to)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        if !to.is_empty() {
            command.env("MAYFLY_TOKEN", TOKEN);
        }
        (edits, command.spawn().unwrap())
    }

    /// Sends a batch that must be carried out.
    #[track_caller]
    fn send(&mut self, edits: &[Edit]) {
        let reply = self.host().persist("POST", "batch", body(edits));
        assert_eq!(reply.status, 200, "{}", reply.text());
        self.note(edits, true);
    }

    fn note(&mut self, edits: &[Edit], is_acknowledged: bool) {
        for (slug, source) in edits {
            let known = self.posts.entry(slug.clone()).or_default();
            match is_acknowledged {
                true => {
                    known.acknowledged.clone_from(source);
                    known.sent.clear();
                }
                false => known.sent.push(source.clone()),
            }
        }
    }
}
