//! Whether the store is in order: the index and the posts name each other, every card and
//! alias is there and none too many, every file is whole. It goes step by step, each of a
//! bounded size, and changes nothing.

mod documents;
mod entries;
mod files;

use crate::host::Host;
use crate::index::{self, Index, IndexError};
use crate::site::{self, Site};
use crate::store::walk::{self, Position};
use crate::write::{self, Failure, Name};
use xxhash_rust::xxh3::xxh3_64;

/// Something that is not as it ought to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The key that it is about.
    pub key: String,
    /// What is wrong.
    pub problem: String,
    /// What to do about it.
    pub remedy: &'static str,
    about: About,
}

/// What a finding is about: nothing is said of what a publisher is about to change.
#[derive(Debug, Clone, PartialEq, Eq)]
enum About {
    /// A document, or what lies beside it.
    Document(Name),
    /// All documents together.
    Documents,
    /// Something that publishing leaves alone.
    Other,
}

/// What one step found.
#[derive(Debug, Default)]
pub struct Step {
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// How many documents a publisher has announced and not finished: nothing is said of them.
    pub unfinished: usize,
    /// How many keys or entries the step looked at.
    pub looked_at: usize,
    /// Where the next step begins; `None` after the last.
    pub cursor: Option<String>,
}

/// The remedies.
const REINDEX: &str = "run reindex";
const PUBLISH: &str = "publish it again";
const DEPLOY: &str = "deploy the newer component";
const RESTORE: &str = "restore the store from a backup, or export what can be read into a new one";

/// How many keys one step looks at.
const KEYS: usize = 128;

/// How often a step is repeated because a publisher was at work meanwhile.
const ATTEMPTS: usize = 4;

/// Takes one step.
pub fn step(host: &impl Host, cursor: Option<&str>) -> Result<Step, Failure> {
    let mut attempts = 1;
    loop {
        let before = host.get(index::HEAD_KEY)?;
        let mut step = take(host, cursor, before.as_deref())?;
        let pending = write::pending(host)?;
        step.unfinished = pending.count();
        let findings = &mut step.findings;
        findings.retain(|finding| match &finding.about {
            About::Document(name) => !pending.names(name),
            About::Documents => step.unfinished == 0,
            About::Other => true,
        });
        let is_quiet = findings.is_empty() || host.get(index::HEAD_KEY)? == before;
        if is_quiet || attempts == ATTEMPTS {
            if cursor.is_none() && pending.is_abandoned {
                step.findings.push(Finding {
                    key: write::lock::KEY.to_owned(),
                    problem: "a publisher ended before its work was done".to_owned(),
                    remedy: "publish anything, and it will be finished",
                    about: About::Other,
                });
            }
            return Ok(step);
        }
        attempts += 1;
    }
}

fn take(host: &impl Host, cursor: Option<&str>, head: Option<&[u8]>) -> Result<Step, Failure> {
    let index = match Index::of(head) {
        Ok(index) => index,
        Err(error) => return Ok(broken(&error)),
    };
    match cursor.and_then(|cursor| cursor.strip_prefix(entries::PREFIX)) {
        Some(cursor) => entries::step(host, &index, Some(cursor).filter(|at| !at.is_empty())),
        None => keys(host, &index, head, cursor.unwrap_or_default()),
    }
}

/// What the walk over the keys has counted so far; travels in the cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Tally {
    /// Which head the index had when the walk began; [`UNCOUNTED`] once a document was seen
    /// that cannot be counted.
    head: u64,
    documents: usize,
    tags: usize,
}

const UNCOUNTED: u64 = 0;

/// Looks at some keys and at what belongs to them.
fn keys(
    host: &impl Host,
    index: &Index,
    head: Option<&[u8]>,
    cursor: &str,
) -> Result<Step, Failure> {
    let now = xxh3_64(head.unwrap_or_default());
    let (mut tally, position) = parse(cursor).unwrap_or((
        Tally {
            head: now,
            documents: 0,
            tags: 0,
        },
        Position::default(),
    ));
    let site = Site::decode(host.get(site::KEY)?.as_deref())?;
    let part = walk::part(host, &position, KEYS, is_looked_at)?;
    let mut step = Step {
        looked_at: part.keys.len(),
        ..Step::default()
    };
    let options = site.compile_options();
    documents::check(host, index, &options, &part.keys, &mut tally, &mut step)?;
    for (key, name) in strays(host, &part.keys)? {
        let about = About::Document(name);
        step.find(&key, "left over from another time", REINDEX, about);
    }
    let stopped = files::check(host, &part.keys, &mut step)?;
    let next = match stopped {
        Some(key) => Some(part.behind(&key)),
        None => part.next,
    };
    step.cursor = match next {
        Some(next) => Some(format!(
            "{:x}:{}:{}:{}",
            tally.head,
            tally.documents,
            tally.tags,
            next.to_text()
        )),
        None => entries::needed(host, index, &tally, now, &mut step),
    };
    Ok(step)
}

/// The strays among the keys. What hangs on a record that cannot be read is none: that is told
/// with the record.
fn strays(host: &impl Host, keys: &[String]) -> Result<Vec<(String, Name)>, Failure> {
    match write::strays(host, keys) {
        Err(Failure::Store(_)) if keys.len() > 1 => {
            let each = keys
                .iter()
                .map(|key| strays(host, std::slice::from_ref(key)));
            Ok(each.filter_map(Result::ok).flatten().collect())
        }
        found => found,
    }
}

fn parse(cursor: &str) -> Option<(Tally, Position)> {
    let mut parts = cursor.splitn(4, ':');
    let tally = Tally {
        head: u64::from_str_radix(parts.next()?, 16).ok()?,
        documents: parts.next()?.parse().ok()?,
        tags: parts.next()?.parse().ok()?,
    };
    Some((tally, Position::parse(parts.next()?)))
}

fn is_looked_at(key: &str) -> bool {
    const KINDS: [&str; 7] = [
        "post/", "page/", "card/", "alias/", "alias#", "media/", "theme/",
    ];
    KINDS.iter().any(|kind| key.starts_with(kind))
}

impl Step {
    fn find(&mut self, key: &str, problem: &str, remedy: &'static str, about: About) {
        self.findings.push(Finding {
            key: key.to_owned(),
            problem: problem.to_owned(),
            remedy,
            about,
        });
    }
}

/// The finding of an index that cannot be read.
fn broken(error: &IndexError) -> Step {
    let mut step = Step::default();
    match error {
        IndexError::Damaged { node } => {
            step.find(node, "missing or damaged", REINDEX, About::Other);
        }
        other => step.find(index::HEAD_KEY, &other.to_string(), REINDEX, About::Other),
    }
    step
}
