//! One edit on its way through a batch, from the request to what became of it.

use super::Failure;
use super::edit::{Expected, Outcome, Status};
use super::journal::{Left, Name};
use crate::alias;
use crate::compile::Options;
use crate::document::Kind;
use crate::error::ReadError;
use crate::index::{self, Place, Placed};
use crate::post::{self, Card, Stored, Traces};
use crate::problem::Problem;
use crate::record;
use crate::store::Store;

/// How many records are read at once: together they stay far below an instance's memory.
pub(super) const READ_TOGETHER: usize = 16;

/// One edit on its way.
pub(super) struct Work {
    pub(super) kind: Kind,
    pub(super) slug: String,
    pub(super) expected: Option<Expected>,
    /// What shall stand there; `None` removes it.
    pub(super) new: Option<New>,
    /// What the former version left.
    old: Left,
    pub(super) outcome: Outcome,
}

/// A compiled document, ready to be written.
pub(super) struct New {
    pub(super) hash: u128,
    pub(super) record: Vec<u8>,
    pub(super) card: Option<Vec<u8>>,
    pub(super) aliases: Vec<String>,
    pub(super) placed: Placed,
}

impl Work {
    /// Work of which nothing is known but what was asked for.
    pub(super) fn new(kind: Kind, slug: &str, file: &str, expected: Option<Expected>) -> Self {
        Self {
            kind,
            slug: slug.to_owned(),
            expected,
            new: None,
            old: Left::default(),
            outcome: Outcome {
                file: file.to_owned(),
                slug: Some(slug.to_owned()),
                status: Status::Missing,
                hash: None,
                problems: Vec::new(),
            },
        }
    }

    /// Whether it changes anything.
    pub(super) fn is_open(&self) -> bool {
        matches!(
            self.outcome.status,
            Status::Created | Status::Updated | Status::Deleted
        )
    }

    /// Whether what was asked for is there afterwards.
    pub(super) fn stands(&self) -> bool {
        self.is_open() || self.outcome.status == Status::Unchanged
    }

    /// Whether a record, or none, is what was asked for.
    pub(super) fn is_done_by(&self, record: Option<&[u8]>) -> bool {
        let parse = |record| Stored::parse(self.kind, &self.slug, record);
        match (&self.new, record) {
            (None, None) => true,
            (Some(new), Some(record)) => {
                parse(record).is_ok_and(|stored| stored.hash() == new.hash)
            }
            _ => false,
        }
    }

    fn is_possible(&self) -> bool {
        self.outcome.status != Status::Refused && self.slug.len() <= post::MAX_SLUG_BYTES
    }

    pub(super) fn refuse(&mut self, problems: Vec<Problem>) {
        self.outcome.status = Status::Refused;
        self.outcome.problems = problems;
        self.new = None;
    }

    pub(super) fn name(&self) -> Name {
        (self.kind == Kind::Page, self.slug.clone())
    }

    pub(super) fn key(&self) -> String {
        post::key(self.kind, &self.slug)
    }

    /// What both versions may leave: whoever finishes this does not know how far it came.
    pub(super) fn left(&self) -> Left {
        let mut left = self.old.clone();
        if let Some(new) = &self.new {
            left.places.push(new.placed.place());
            left.aliases.extend(new.aliases.iter().cloned());
        }
        left
    }

    /// The keys of the new version with their values, which go from here to the store.
    pub(super) fn take_entries(&mut self) -> Vec<(String, Vec<u8>)> {
        let Some(new) = &mut self.new else {
            return Vec::new();
        };
        let record = std::mem::take(&mut new.record);
        let mut entries = vec![(post::key(self.kind, &self.slug), record)];
        let card = new.card.clone();
        entries.extend(card.map(|card| (post::card_key(&self.slug), card)));
        entries.extend(self.alias_entries());
        entries
    }

    /// The keys of the aliases with their values.
    pub(super) fn alias_entries(&self) -> Vec<(String, Vec<u8>)> {
        let target = alias::target(self.kind, &self.slug).into_bytes();
        let aliases = self.new.iter().flat_map(|new| &new.aliases);
        aliases
            .map(|path| (alias::key(path), target.clone()))
            .collect()
    }

    /// The keys that the former version wrote and the new one does not.
    pub(super) fn leftovers(&self, store: &impl Store) -> Result<Vec<String>, Failure> {
        let kept: &[String] = self.new.as_ref().map_or(&[], |new| &new.aliases);
        let former = self.old.aliases.iter();
        let dropped = former.filter(|path| !kept.contains(path));
        let mut gone = alias::owned(store, self.kind, &self.slug, dropped)?;
        if self.new.as_ref().is_none_or(|new| new.card.is_none()) && self.kind == Kind::Post {
            gone.push(post::card_key(&self.slug));
        }
        if self.new.is_none() {
            gone.push(post::key(self.kind, &self.slug));
        }
        Ok(gone)
    }
}

/// Looks at what stands in the store, and decides what becomes of each edit.
pub(super) fn compare(
    store: &impl Store,
    options: &Options,
    work: &mut [Work],
) -> Result<(), Failure> {
    // What is refused may have a name that no store takes for a key.
    let mut work: Vec<&mut Work> = work.iter_mut().filter(|work| work.is_possible()).collect();
    for some in work.chunks_mut(READ_TOGETHER) {
        let keys: Vec<String> = some.iter().map(|work| work.key()).collect();
        for (work, record) in some.iter_mut().zip(store.get_many(&keys)?) {
            decide(store, work, record.as_deref(), options)?;
        }
    }
    Ok(())
}

fn decide(
    store: &impl Store,
    work: &mut Work,
    record: Option<&[u8]>,
    options: &Options,
) -> Result<(), Failure> {
    let stored = match record.map(|record| Stored::parse(work.kind, &work.slug, record)) {
        // What is damaged is replaced by what is whole.
        Some(Err(ReadError::Damaged { .. })) => None,
        other => other.transpose()?,
    };
    let found = stored.as_ref().map(Stored::hash);
    let new = work.new.as_ref().map(|new| new.hash);
    let is_expected = |expected: Expected| expected.holds(found, new);
    let is_current = stored
        .as_ref()
        .is_some_and(|stored| stored.is_current(options));
    work.outcome.status = match &work.new {
        _ if !work.expected.is_none_or(is_expected) => Status::Conflict,
        Some(new) if is_current && found == Some(new.hash) => Status::Unchanged,
        Some(_) if record.is_some() => Status::Updated,
        Some(_) => Status::Created,
        None if record.is_some() => Status::Deleted,
        None => Status::Missing,
    };
    work.old = match stored {
        Some(stored) => of_traces(stored.traces),
        None if record.is_some() => of_card(store, work)?,
        None => Left::default(),
    };
    Ok(())
}

fn of_traces(traces: Traces) -> Left {
    Left {
        places: vec![traces.place],
        aliases: traces.aliases,
    }
}

/// What a damaged document left: its card still tells where a post stands.
fn of_card(store: &impl Store, work: &Work) -> Result<Left, Failure> {
    let at = |kind, date, tags| Place { kind, date, tags };
    let places = match work.kind {
        Kind::Page => vec![at(index::Kind::Page, 0, Vec::new())],
        Kind::Post => {
            let key = post::card_key(&work.slug);
            let card = store.get(&key)?;
            let card =
                card.and_then(|card| record::decode::<Card>(post::CARD_VERSION, &key, &card).ok());
            let mut places = vec![at(index::Kind::Draft, 0, Vec::new())];
            places.extend(card.map(|card| {
                let tags = card.tags.into_iter().map(|tag| tag.slug).collect();
                at(index::Kind::Post, card.date.unix, tags)
            }));
            places
        }
    };
    Ok(Left {
        places,
        aliases: Vec::new(),
    })
}
