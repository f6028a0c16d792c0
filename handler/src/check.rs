//! A check of the whole store, step by step, each of a bounded size: first the keys, then the
//! places that the index names. Nothing is written.

mod files;

use crate::audit::{self, Doubt, Examined, Settings};
use crate::document::DocId;
use crate::error::ReadError;
use crate::host::Host;
use crate::index::{Index, IndexCursor, IndexedPost};
use crate::key::Key;
use crate::post::Footprint;
use crate::store::walk::{self, Position};
use crate::store::{Store, StoreError};
use crate::write::{self, WriteError};

/// Something that is not as it ought to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The key that it is about.
    pub key: String,
    pub problem: String,
    /// What to do about it.
    pub remedy: &'static str,
    /// The document that it is about: nothing is said of one that a publisher is about to change.
    about: Option<DocId>,
}

/// What one step found.
#[derive(Debug, Default)]
pub struct Step {
    pub findings: Vec<Finding>,
    /// How many documents a publisher has announced and not finished: nothing is said of them.
    pub unfinished: usize,
    /// How many keys or entries the step looked at.
    pub looked_at: usize,
    /// Where the next step begins; `None` after the last.
    pub cursor: Option<String>,
}

const REINDEX: &str = "run reindex";
const PUBLISH: &str = "publish it again";
const DEPLOY: &str = "deploy the newer component";
const RESTORE: &str = "restore the store from a backup, or export what can be read into a new one";

/// How many keys or entries one step looks at.
const KEYS_AT_ONCE: usize = 128;

/// How many documents are looked at together.
const DOCUMENTS_AT_ONCE: usize = 16;

/// How often a step is repeated because a publisher was at work meanwhile.
const MAX_ATTEMPTS: usize = 4;

/// Takes one step.
pub fn step(host: &impl Host, cursor: Option<&str>) -> Result<Step, WriteError> {
    let head_key = Key::Head.to_string();
    let mut attempts = 1;
    loop {
        let before = host.get(&head_key)?;
        let mut step = take(host, cursor, before.clone())?;
        let unfinished = write::unfinished(host)?;
        step.unfinished = unfinished.count();
        step.findings.retain(|finding| {
            let about = finding.about.as_ref();
            about.is_none_or(|id| !unfinished.contains(id))
        });
        let is_quiet = step.findings.is_empty() || host.get(&head_key)? == before;
        if is_quiet || attempts == MAX_ATTEMPTS {
            if cursor.is_none() && unfinished.is_abandoned {
                let problem = "a publisher stopped before its work was done";
                let remedy = "publish anything, or run reindex, and it is finished";
                step.find(&Key::Lock.to_string(), problem, remedy, None);
            }
            return Ok(step);
        }
        attempts += 1;
    }
}

fn take(host: &impl Host, cursor: Option<&str>, head: Option<Vec<u8>>) -> Result<Step, WriteError> {
    let index = match Index::open(head) {
        Ok(index) => index,
        Err(error) => return broken(&error),
    };
    match cursor.map(IndexCursor::parse) {
        Some(Some(cursor)) => entries(host, &index, &cursor),
        _ => keys(host, &index, &Position::parse(cursor.unwrap_or_default())),
    }
}

/// The only finding where the index cannot be read.
fn broken(error: &ReadError) -> Result<Step, WriteError> {
    let mut step = Step::default();
    match error {
        ReadError::Store(error) => return Err(error.clone().into()),
        ReadError::Damaged { key } => step.find(key, "missing or damaged", REINDEX, None),
        ReadError::Newer { key, .. } => step.find(key, &error.to_string(), DEPLOY, None),
        ReadError::IndexOutdated => {
            let problem = "the index has an earlier format, or is being rebuilt";
            step.find(&Key::Head.to_string(), problem, REINDEX, None);
        }
    }
    Ok(step)
}

/// Looks at some keys and at what belongs to them.
fn keys(host: &impl Host, index: &Index, position: &Position) -> Result<Step, WriteError> {
    let part = walk::part(host, position, KEYS_AT_ONCE, is_looked_at)?;
    let mut step = Step {
        looked_at: part.keys.len(),
        ..Step::default()
    };
    documents(host, index, &part.keys, &mut step)?;
    for (key, id) in orphans(host, &part.keys)? {
        step.find(&key, "no document refers to this key", REINDEX, Some(id));
    }
    let stopped = files::check(host, &part.keys, &mut step)?;
    let next = match stopped {
        Some(key) => Some(part.behind(&key)),
        None => part.next,
    };
    step.cursor = Some(match next {
        Some(next) => next.to_text(),
        None => IndexCursor::START.to_string(),
    });
    Ok(step)
}

fn is_looked_at(key: &str) -> bool {
    matches!(
        Key::parse(key),
        Some(
            Key::Document(_)
                | Key::Source(_)
                | Key::Card(_)
                | Key::FeedItem(_)
                | Key::Alias(_)
                | Key::Media(_)
                | Key::Theme(_)
                | Key::Site
        )
    )
}

/// What hangs on a value that cannot be read is told with that value.
fn orphans(store: &impl Store, keys: &[String]) -> Result<Vec<(String, DocId)>, ReadError> {
    match audit::orphans(store, keys) {
        Err(ReadError::Store(_)) if keys.len() > 1 => {
            let each = keys
                .iter()
                .map(|key| orphans(store, std::slice::from_ref(key)));
            Ok(each.filter_map(Result::ok).flatten().collect())
        }
        found => found,
    }
}

/// Looks at the documents among the keys, and at what the index says of them.
fn documents(
    store: &impl Store,
    index: &Index,
    keys: &[String],
    step: &mut Step,
) -> Result<(), WriteError> {
    let settings = Settings::read(store)?;
    let mut current: Vec<(DocId, IndexedPost)> = Vec::new();
    let documents: Vec<DocId> = audit::documents(store, keys)?
        .into_iter()
        .map(|(_, id)| id)
        .collect();
    for ids in documents.chunks(DOCUMENTS_AT_ONCE) {
        for (id, one) in ids.iter().zip(examine(store, ids, &settings, step)?) {
            tell(id, &one, step);
            let indexed = one.indexed.filter(|_| !one.is_stale);
            current.extend(indexed.map(|indexed| (id.clone(), indexed)));
        }
    }
    let (ids, indexed): (Vec<DocId>, Vec<IndexedPost>) = current.into_iter().unzip();
    match index.lacking(store, &indexed) {
        Ok(lacking) => {
            for id in lacking.into_iter().map(|at| &ids[at]) {
                let problem = "the index does not list it as it is";
                step.find(&page_key(id), problem, REINDEX, Some(id.clone()));
            }
        }
        Err(error) => step.findings.extend(broken(&error)?.findings),
    }
    Ok(())
}

/// Examines some documents; those that the store cannot read are told and left out.
fn examine(
    store: &impl Store,
    ids: &[DocId],
    settings: &Settings,
    step: &mut Step,
) -> Result<Vec<Examined>, WriteError> {
    let nothing = Footprint::default();
    let documents: Vec<_> = ids.iter().map(|id| (id, &nothing)).collect();
    let (error, remedy) = match audit::examine(store, &documents, settings) {
        Ok(examined) => return Ok(examined),
        Err(error @ ReadError::Store(_)) => (error, RESTORE),
        Err(error) => (error, PUBLISH),
    };
    if let [id] = ids {
        step.find(&page_key(id), &error.to_string(), remedy, None);
        return Ok(vec![Examined::default()]);
    }
    let mut all = Vec::with_capacity(ids.len());
    for id in ids {
        all.extend(examine(store, std::slice::from_ref(id), settings, step)?);
    }
    Ok(all)
}

fn tell(id: &DocId, examined: &Examined, step: &mut Step) {
    let own = page_key(id);
    let about = || Some(id.clone());
    if let Some(error) = &examined.newer {
        let key = match error {
            ReadError::Newer { key, .. } => key,
            _ => &own,
        };
        step.find(key, &error.to_string(), DEPLOY, None);
        return;
    }
    if examined.is_damaged {
        step.find(&own, "damaged", PUBLISH, about());
        return;
    }
    if examined.is_stale {
        let problem = "compiled by another version, or for other settings: \
             it is compiled again for every request until you reindex";
        step.find(&own, problem, REINDEX, about());
        return;
    }
    for (key, _) in &examined.wrong {
        step.find(
            key,
            "differs from what its document requires",
            REINDEX,
            about(),
        );
    }
    for key in &examined.surplus {
        step.find(key, "its document does not require it", REINDEX, about());
    }
}

fn page_key(id: &DocId) -> String {
    Key::Document(id.clone()).into()
}

/// Looks at some places that the index names.
fn entries(host: &impl Host, index: &Index, cursor: &IndexCursor) -> Result<Step, WriteError> {
    let (doubts, looked_at, next) = match audit::doubts(host, index, cursor, KEYS_AT_ONCE) {
        Ok(found) => found,
        Err(error) => return broken(&error),
    };
    let mut step = Step {
        looked_at,
        cursor: next.map(|next| next.to_string()),
        ..Step::default()
    };
    for Doubt { id, position } in doubts {
        let problem = match position.tags.first() {
            Some(tag) => {
                format!("the index lists it under the tag {tag:?}, which it does not have")
            }
            None => "the index lists it without a matching document".to_owned(),
        };
        step.find(&page_key(&id), &problem, REINDEX, Some(id));
    }
    Ok(step)
}

impl Step {
    fn find(&mut self, key: &str, problem: &str, remedy: &'static str, about: Option<DocId>) {
        self.findings.push(Finding {
            key: key.to_owned(),
            problem: problem.to_owned(),
            remedy,
            about,
        });
    }

    /// The finding of a value that the store cannot read.
    fn find_unreadable(&mut self, key: &str, error: &StoreError) {
        self.find(key, &error.to_string(), RESTORE, None);
    }
}
