//! What lies beside a document (its card, its aliases) brought in line with the document, and
//! the document with the compiler and the settings of today.

use super::Failure;
use super::journal::{Left, Name, kind};
use super::stray::is_shared;
use crate::alias;
use crate::compile::Options;
use crate::document::Kind;
use crate::error::ReadError;
use crate::index::Placed;
use crate::post::{self, Card, Post, Stored};
use crate::record;
use crate::store::Store;

/// A document as it lies in the store, and what is wrong around it.
#[derive(Default)]
pub struct Examined {
    /// Where it belongs in the index; nowhere if it is gone or damaged.
    pub placed: Option<Placed>,
    /// All that its versions may have left.
    pub left: Left,
    /// Whether the record cannot be read.
    pub is_damaged: bool,
    /// Whether another compiler made it, or for other settings.
    pub is_stale: bool,
    /// Keys that are not there, or not as they ought to be, with the values they ought to have.
    pub missing: Vec<(String, Vec<u8>)>,
    /// Keys that are there and ought not to.
    pub surplus: Vec<String>,
    aliases: Vec<String>,
}

/// Mends some documents, of which former versions may have left more than the store tells.
pub(super) fn mend(
    store: &impl Store,
    documents: &[(&Name, &Left)],
    options: &Options,
) -> Result<Vec<Examined>, Failure> {
    let examined = examine(store, documents, options)?;
    let missing = examined.iter().flat_map(|one| one.missing.iter().cloned());
    let missing: Vec<_> = missing.collect();
    if !missing.is_empty() {
        store.set_many(&missing)?;
    }
    let mut gone = Vec::new();
    for ((name, _), one) in documents.iter().zip(&examined) {
        let former = one.left.aliases.iter();
        let former = former.filter(|path| !one.is_damaged && !one.aliases.contains(path));
        gone.extend(alias::owned(store, kind(name), &name.1, former)?);
        gone.extend(one.surplus.iter().cloned());
    }
    if !gone.is_empty() {
        store.delete_many(&gone)?;
    }
    Ok(examined)
}

/// Looks at some documents and at what lies beside them.
pub fn examine(
    store: &impl Store,
    documents: &[(&Name, &Left)],
    options: &Options,
) -> Result<Vec<Examined>, Failure> {
    let keys = documents
        .iter()
        .map(|(name, _)| post::key(kind(name), &name.1));
    let records = store.get_many(&keys.collect::<Vec<_>>())?;
    let mut examined = Vec::with_capacity(documents.len());
    let mut beside = Vec::new();
    for ((at, (name, left)), record) in documents.iter().enumerate().zip(records) {
        let mut one = Examined {
            left: (*left).clone(),
            ..Examined::default()
        };
        let wanted = one.read(name, record, options)?;
        beside.extend(wanted.into_iter().map(|(key, value)| (at, key, value)));
        examined.push(one);
    }
    let keys: Vec<String> = beside.iter().map(|(_, key, _)| key.clone()).collect();
    let found = if keys.is_empty() {
        Vec::new()
    } else {
        store.get_many(&keys)?
    };
    for ((at, key, wanted), found) in beside.into_iter().zip(found) {
        match wanted {
            // An alias that another document took over stays there.
            Some(value) if !is_same(&key, found.as_deref(), &value) && !is_shared(store, &key)? => {
                examined[at].missing.push((key, value));
            }
            None if found.is_some() => examined[at].surplus.push(key),
            _ => {}
        }
    }
    Ok(examined)
}

/// Whether a value says what it ought to; a card may say it in an older format.
fn is_same(key: &str, found: Option<&[u8]>, wanted: &[u8]) -> bool {
    let today = |found: &[u8]| {
        let card = record::decode::<Card>(post::CARD_VERSION, key, found).ok()?;
        Some(record::encode(post::CARD_VERSION, &card) == wanted)
    };
    let is_card = key.starts_with("card/");
    found.is_some_and(|found| found == wanted || (is_card && today(found) == Some(true)))
}

/// Keys beside a document with the values they ought to have, if any.
type Beside = Vec<(String, Option<Vec<u8>>)>;

impl Examined {
    fn read(
        &mut self,
        name: &Name,
        record: Option<Vec<u8>>,
        options: &Options,
    ) -> Result<Beside, ReadError> {
        let (kind, slug) = (kind(name), &name.1);
        let card_key = (kind == Kind::Post).then(|| post::card_key(slug));
        let Some(record) = record else {
            return Ok(card_key.map(|key| (key, None)).into_iter().collect());
        };
        let mut post = match self.decode(kind, slug, &record, options) {
            Err(ReadError::Damaged { .. }) => {
                self.is_damaged = true;
                return Ok(Vec::new());
            }
            read => read?,
        };
        let mut length = record.len();
        if self.is_stale {
            let record = post.encode(kind, options);
            length = record.len();
            self.missing.push((post::key(kind, slug), record));
        }
        self.placed = Some(post.placed(kind, length));
        self.aliases = std::mem::take(&mut post.document.aliases);
        let card = post.card();
        let card = card.map(|card| record::encode(post::CARD_VERSION, &card));
        let target = alias::target(kind, slug).into_bytes();
        let aliases = self.aliases.iter();
        Ok(card_key
            .map(|key| (key, card))
            .into_iter()
            .chain(aliases.map(|path| (alias::key(path), Some(target.clone()))))
            .collect())
    }

    /// The document, made anew if it is stale; its traces join what is left of it.
    fn decode(
        &mut self,
        kind: Kind,
        slug: &str,
        record: &[u8],
        options: &Options,
    ) -> Result<Post, ReadError> {
        let stored = Stored::parse(kind, slug, record)?;
        self.is_stale = !stored.is_current(options);
        self.left.join(Left {
            places: vec![stored.traces.place],
            aliases: stored.traces.aliases,
        });
        Post::decode(kind, slug, record, options)
    }
}
