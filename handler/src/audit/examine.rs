//! Documents, and what lies beside them: page, card, feed item, aliases.

use super::orphans::is_shared;
use crate::compile::Options;
use crate::document::{DocId, Document, Kind};
use crate::error::ReadError;
use crate::feed_item::{self, FeedItem};
use crate::index::IndexedPost;
use crate::key::Key;
use crate::post::{self, Footprint, NewDocument, PageRecord, SourceRecord};
use crate::record;
use crate::site::Site;
use crate::store::Store;

/// What documents are to be made for.
pub struct Settings {
    pub options: Options,
    pub fingerprint: u64,
    pub site_url: String,
}

/// A document as it lies in the store, and what is wrong around it.
#[derive(Default)]
pub struct Examined {
    /// What the index has to say of it; nothing if it is gone or damaged.
    pub indexed: Option<IndexedPost>,
    /// Wherever one of its versions may stand.
    pub footprint: Footprint,
    pub is_damaged: bool,
    /// Why nothing can be said of it: a newer version wrote it, or something beside it.
    pub newer: Option<ReadError>,
    /// Whether another compiler made its page, or for other settings, or of another source.
    pub is_stale: bool,
    /// Keys that are missing, or not as they ought to be, with the values they ought to have.
    pub wrong: Vec<(String, Vec<u8>)>,
    /// Keys that are there and ought not to.
    pub surplus: Vec<String>,
    /// The aliases that it has now.
    pub aliases: Vec<String>,
    /// How many bytes were read for it.
    pub bytes: usize,
}

impl Settings {
    /// The settings under the site's key.
    pub fn read(store: &impl Store) -> Result<Self, ReadError> {
        let site = Site::decode(store.get(&Key::Site.to_string())?.as_deref())?;
        Ok(Self {
            options: site.compile_options(),
            fingerprint: site.compile_fingerprint,
            site_url: site.settings.url,
        })
    }
}

/// Looks at some documents, of which former versions may stand in more places than the store
/// tells, and at what lies beside them. Two round trips, and one more for aliases.
pub fn examine(
    store: &impl Store,
    documents: &[(&DocId, &Footprint)],
    settings: &Settings,
) -> Result<Vec<Examined>, ReadError> {
    let keys: Vec<String> = documents
        .iter()
        .flat_map(|(id, _)| post::keys_of(id))
        .collect();
    let mut values = keys.iter().cloned().zip(store.get_many(&keys)?);
    let mut examined = Vec::with_capacity(documents.len());
    for (id, footprint) in documents {
        let own = values.by_ref().take(post::keys_of(id).len()).collect();
        let mut one = Examined {
            footprint: (*footprint).clone(),
            ..Examined::default()
        };
        match one.look(id, own, settings) {
            Err(error @ ReadError::Newer { .. }) => examined.push(Examined {
                newer: Some(error),
                ..Examined::default()
            }),
            looked => {
                looked?;
                examined.push(one);
            }
        }
    }
    check_aliases(store, documents, &mut examined)?;
    Ok(examined)
}

/// The keys of one document with their values.
type Found = Vec<(String, Option<Vec<u8>>)>;

impl Examined {
    fn look(&mut self, id: &DocId, found: Found, settings: &Settings) -> Result<(), ReadError> {
        self.bytes = found
            .iter()
            .flat_map(|(_, value)| value)
            .map(Vec::len)
            .sum();
        for (at, version) in [(2, post::CARD_VERSION), (3, feed_item::VERSION)] {
            if let Some((key, Some(record))) = found.get(at) {
                record::check_version(version, key, record)?;
            }
        }
        let source = decode_source(&found)?;
        let page = found[1]
            .1
            .as_deref()
            .map(|record| PageRecord::parse(id, record));
        let page = match page {
            Some(Err(ReadError::Damaged { .. })) => {
                self.is_damaged = true;
                None
            }
            page => page.transpose()?,
        };
        if let Some(page) = &page {
            self.footprint.join(page.footprint()?);
        }
        let source = match source {
            Source::Whole(source) => source,
            Source::Damaged => {
                self.is_damaged = true;
                return Ok(());
            }
            Source::Missing => match page.as_ref().and_then(PageRecord::embedded_source) {
                Some(source) => source,
                None => {
                    self.is_damaged |= page.is_some();
                    self.want(found, &[]);
                    return Ok(());
                }
            },
        };
        // A damaged page is made again from its source.
        self.is_damaged = false;
        let former = page.as_ref().and_then(PageRecord::former_document);
        let current = page
            .filter(|page| page.is_current(settings.fingerprint) && page.hash() == source.hash());
        match current.map(|page| page.document()).transpose()? {
            Some(document) => self.compare(id, &document, source, found, settings),
            None => {
                self.is_stale = true;
                self.renew(id, source, found, former, settings)
            }
        }
    }

    /// A document whose page is as it ought to be.
    fn compare(
        &mut self,
        id: &DocId,
        document: &Document,
        source: SourceRecord<'static>,
        found: Found,
        settings: &Settings,
    ) -> Result<(), ReadError> {
        if found[0].1.is_none() || !is_feed_item(id, document, &found) {
            let former = Some(document.clone());
            return self.renew(id, source, found, former, settings);
        }
        self.indexed = Some(post::indexed(id, document, source.hash()));
        self.aliases.clone_from(&document.aliases);
        let mut wanted: Vec<(String, Vec<u8>)> = found[..2]
            .iter()
            .filter_map(|(key, value)| Some((key.clone(), value.clone()?)))
            .collect();
        if let Some(card) = post::card(id, document) {
            let card = record::encode(post::CARD_VERSION, &card);
            wanted.push((Key::Card(id.slug.clone()).into(), card));
        }
        // Whether there is a feed item was looked at; what it says follows from the source.
        let feed_item = found
            .get(3)
            .filter(|_| !document.draft && document.date.is_some());
        wanted.extend(feed_item.and_then(|(key, value)| Some((key.clone(), value.clone()?))));
        self.want(found, &wanted);
        Ok(())
    }

    /// A document of which something has to be made again.
    fn renew(
        &mut self,
        id: &DocId,
        mut source: SourceRecord<'static>,
        found: Found,
        former: Option<Document>,
        settings: &Settings,
    ) -> Result<(), ReadError> {
        if id.kind == Kind::Post && source.feed_id.is_empty() {
            source.feed_id = format!("{}{}", settings.site_url, id.url());
        }
        let new = NewDocument::recompile(id, source, &settings.options, former)?;
        self.indexed = Some(new.indexed());
        self.aliases.clone_from(&new.document.aliases);
        self.want(found, &new.entries());
        Ok(())
    }

    /// Compares what was found with what ought to be there.
    fn want(&mut self, found: Found, wanted: &[(String, Vec<u8>)]) {
        for (key, value) in found {
            match (value, wanted.iter().find(|(wanted, _)| *wanted == key)) {
                (Some(value), Some((_, wanted))) if value == *wanted => {}
                (_, Some(wanted)) => self.wrong.push(wanted.clone()),
                (Some(_), None) => self.surplus.push(key),
                (None, None) => {}
            }
        }
    }
}

enum Source {
    Whole(SourceRecord<'static>),
    Damaged,
    Missing,
}

fn decode_source(found: &Found) -> Result<Source, ReadError> {
    let (key, record) = &found[0];
    match record
        .as_ref()
        .map(|record| SourceRecord::decode(key, record))
    {
        None => Ok(Source::Missing),
        Some(Ok(source)) => Ok(Source::Whole(source)),
        Some(Err(ReadError::Damaged { .. })) => Ok(Source::Damaged),
        Some(Err(error)) => Err(error),
    }
}

/// Whether the feed item is there where the document requires one, and is of this version of it.
fn is_feed_item(id: &DocId, document: &Document, found: &Found) -> bool {
    let is_wanted = id.kind == Kind::Post && !document.draft && document.date.is_some();
    let Some((key, value)) = found.get(3).filter(|_| is_wanted) else {
        return true;
    };
    let item = value
        .as_ref()
        .and_then(|value| FeedItem::decode(key, value).ok());
    item.is_some_and(|item| {
        item.title == document.title && Some(item.date) == document.date && !item.id.is_empty()
    })
}

/// Adds the aliases that do not lead to their document, unless another one has them, too.
fn check_aliases(
    store: &impl Store,
    documents: &[(&DocId, &Footprint)],
    examined: &mut [Examined],
) -> Result<(), ReadError> {
    let mut keys: Vec<String> = Vec::new();
    let mut wanted: Vec<(usize, String)> = Vec::new();
    for (at, (one, (id, _))) in examined.iter().zip(documents).enumerate() {
        for path in &one.aliases {
            keys.push(Key::alias(path).into());
            wanted.push((at, id.url()));
        }
    }
    if keys.is_empty() {
        return Ok(());
    }
    for ((key, (at, target)), found) in keys.iter().zip(wanted).zip(store.get_many(&keys)?) {
        let target = target.into_bytes();
        if found.as_ref() != Some(&target) && !(found.is_some() && is_shared(store, key)?) {
            examined[at].wrong.push((key.clone(), target));
        }
    }
    Ok(())
}
