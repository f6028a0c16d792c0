//! What lies beside documents (page, card, feed item, aliases) brought in line with them, and the
//! documents with the compiler and the settings of today.

use super::aliases;
use super::{WriteError, ordered};
use crate::audit::{self, Examined, Settings};
use crate::document::DocId;
use crate::host::Host;
use crate::index::{Change, IndexedPost};
use crate::post::Footprint;
use crate::store::Store;

/// How many documents are looked at together: their values are in memory at once.
pub(super) const DOCUMENTS_AT_ONCE: usize = 8;

/// Repairs documents, of which former versions may stand in more places than the store tells;
/// what the index has to learn of them.
pub(super) fn repair(
    host: &impl Host,
    documents: &[(&DocId, &Footprint)],
) -> Result<Vec<Change>, WriteError> {
    if documents.is_empty() {
        return Ok(Vec::new());
    }
    let settings = Settings::read(host)?;
    let mut changes = Vec::with_capacity(documents.len());
    for documents in documents.chunks(DOCUMENTS_AT_ONCE) {
        let mut examined = audit::examine(host, documents, &settings)?;
        if let Some(error) = examined.iter_mut().find_map(|one| one.newer.take()) {
            return Err(error.into());
        }
        write(host, documents, &examined)?;
        for ((id, _), one) in documents.iter().zip(examined) {
            changes.push(change(id, one.footprint, one.indexed));
        }
    }
    Ok(changes)
}

/// Writes what is wrong, and deletes what ought not to be there.
pub(super) fn write(
    store: &impl Store,
    documents: &[(&DocId, &Footprint)],
    examined: &[Examined],
) -> Result<(), WriteError> {
    let wrong = examined.iter().flat_map(|one| one.wrong.iter().cloned());
    ordered::set(store, wrong.collect())?;
    let mut obsolete = Vec::new();
    for ((id, _), one) in documents.iter().zip(examined) {
        let former = one.footprint.aliases.iter();
        let former = former.filter(|path| !one.is_damaged && !one.aliases.contains(path));
        obsolete.extend(aliases::own(store, id, former)?);
        obsolete.extend(one.surplus.iter().cloned());
    }
    ordered::delete(store, obsolete)
}

/// A document leaves all places but the one where it belongs.
pub(super) fn change(id: &DocId, footprint: Footprint, new: Option<IndexedPost>) -> Change {
    let now = new.as_ref().map(IndexedPost::position);
    let mut old = footprint.positions;
    old.retain(|position| Some(position) != now.as_ref());
    Change {
        slug: id.slug.clone(),
        old,
        new,
    }
}
