//! A batch of edits, carried out under one lock with one move of the index.

use super::WriteError;
use super::commit::{self, Known};
use super::edit::{Edit, Outcome, Status};
use super::lock::{self, Lock};
use super::log::Log;
use super::pending::{Context, PendingEdit, RECORDS_AT_ONCE, compare, prepare};
use crate::host::Host;
use crate::index::{Index, IndexedPost};
use crate::key::Key;
use crate::post::PageRecord;
use crate::site::Site;
use crate::store::Store;

/// How many bytes are written at once.
const WRITE_BYTES: usize = 1 << 20;

/// Carries out the edits; an outcome for each, in their order. Whatever comes back as created,
/// updated or deleted is in the store and in the index.
pub fn apply(host: &impl Host, edits: &[Edit<'_>]) -> Result<Vec<Outcome>, WriteError> {
    let site_key = Key::Site.to_string();
    loop {
        let site = Site::decode(host.get(&site_key)?.as_deref())?;
        let options = site.compile_options();
        let context = Context {
            site_url: &site.settings.url,
            fingerprint: site.compile_fingerprint,
            now: host.now(),
        };
        let mut pending = prepare(&site, &options, edits);
        // Most of what is sent again is unchanged, and needs no lock.
        compare(host, &context, &mut pending)?;
        if !pending.iter().any(PendingEdit::changes_something) && is_complete(host, &pending)? {
            return Ok(outcomes(pending));
        }
        let mut lock = commit::acquire_and_recover(host, &log_of(&pending))?;
        let now = Site::decode(host.get(&site_key)?.as_deref())?;
        if now.encode() != site.encode() {
            // Compiled for settings, or for templates, of a moment ago.
            lock.release()?;
            continue;
        }
        compare(host, &context, &mut pending)?;
        reopen_unlisted(host, &mut pending)?;
        if !pending.iter().any(PendingEdit::changes_something) {
            lock.release()?;
            return Ok(outcomes(pending));
        }
        lock.log_intent(&log_of(&pending))?;
        write(host, &mut lock, &pending)?;
        let known: Known = changing(&pending)
            .map(|edit| (edit.id.clone(), edit.new.as_ref().map(|new| new.indexed())))
            .collect();
        commit::commit(host, lock, known, || confirm(host, &mut pending))?;
        return Ok(outcomes(pending));
    }
}

/// Tells the editors whose guarded edits another one overwrote: a store that stalls can let two
/// of them find the same version, and only one of their own may be taken for the next.
fn confirm(host: &impl Host, pending: &mut [PendingEdit]) -> Result<(), WriteError> {
    let guarded = pending
        .iter_mut()
        .filter(|edit| edit.changes_something() && edit.expected.is_some());
    let mut guarded: Vec<&mut PendingEdit> = guarded.collect();
    for edits in guarded.chunks_mut(RECORDS_AT_ONCE) {
        let keys: Vec<String> = edits.iter().map(|edit| edit.page_key()).collect();
        for (edit, record) in edits.iter_mut().zip(host.get_many(&keys)?) {
            let found = match &record {
                Some(record) => PageRecord::parse(&edit.id, record)
                    .ok()
                    .map(|page| page.hash()),
                None => None,
            };
            if found != edit.new.as_ref().map(|new| new.source.hash()) {
                edit.outcome.status = Status::Conflict;
            }
        }
    }
    Ok(())
}

/// Whether nothing is left to do for what seems unchanged: a publisher who has not finished, or
/// never will, may have written it.
fn is_complete(host: &impl Host, pending: &[PendingEdit]) -> Result<bool, WriteError> {
    let unfinished = lock::unfinished(host)?;
    let is_unfinished = pending.iter().any(|edit| unfinished.contains(&edit.id));
    Ok(!is_unfinished && unlisted(host, pending)?.is_empty())
}

/// Writes again what seems unchanged, and is not in the index as it is.
fn reopen_unlisted(host: &impl Host, pending: &mut [PendingEdit]) -> Result<(), WriteError> {
    for at in unlisted(host, pending)? {
        pending[at].outcome.status = Status::Updated;
    }
    Ok(())
}

/// The unchanged documents that the index does not list as they are, by their number.
fn unlisted(host: &impl Host, pending: &[PendingEdit]) -> Result<Vec<usize>, WriteError> {
    let unchanged = pending.iter().enumerate();
    let unchanged = unchanged.filter(|(_, edit)| edit.outcome.status == Status::Unchanged);
    let (numbers, indexed): (Vec<usize>, Vec<IndexedPost>) = unchanged
        .filter_map(|(at, edit)| Some((at, edit.new.as_ref()?.indexed())))
        .unzip();
    if numbers.is_empty() {
        return Ok(numbers);
    }
    let index = Index::open_to_write(host.get(&Key::Head.to_string())?.as_deref())?;
    let lacking = index.lacking(host, &indexed)?;
    Ok(lacking.into_iter().map(|at| numbers[at]).collect())
}

fn outcomes(pending: Vec<PendingEdit>) -> Vec<Outcome> {
    pending.into_iter().map(|edit| edit.outcome).collect()
}

fn changing(pending: &[PendingEdit]) -> impl Iterator<Item = &PendingEdit> {
    pending.iter().filter(|edit| edit.changes_something())
}

fn log_of(pending: &[PendingEdit]) -> Log {
    let mut log = Log::default();
    for edit in changing(pending) {
        log.add(edit.id.clone(), edit.footprint());
    }
    log
}

/// Writes the documents, and deletes what the former ones left beside them.
fn write<H: Host>(
    host: &H,
    lock: &mut Lock<'_, H>,
    pending: &[PendingEdit],
) -> Result<(), WriteError> {
    let mut group: Vec<(String, Vec<u8>)> = Vec::new();
    let mut bytes = 0;
    let mut obsolete = Vec::new();
    for edit in changing(pending) {
        let entries = edit.entries();
        let more: usize = entries.iter().map(|(_, value)| value.len()).sum();
        if bytes + more > WRITE_BYTES && !group.is_empty() {
            lock.renew()?;
            set(host, std::mem::take(&mut group))?;
            bytes = 0;
        }
        bytes += more;
        group.extend(entries);
        obsolete.extend(edit.obsolete_keys(host)?);
    }
    // An alias may pass from one document of the batch to another that is there already.
    let standing = pending.iter().filter(|edit| edit.holds_afterwards());
    for (key, target) in standing.flat_map(PendingEdit::alias_entries) {
        if obsolete.contains(&key) {
            obsolete.retain(|obsolete| *obsolete != key);
            group.push((key, target));
        }
    }
    lock.renew()?;
    set(host, group)?;
    delete(host, obsolete)
}

/// Sets keys, sources first: nothing lies in the store whose source does not.
pub(super) fn set(store: &impl Store, entries: Vec<(String, Vec<u8>)>) -> Result<(), WriteError> {
    let is_source = |key: &str| matches!(Key::parse(key), Some(Key::Source(_)));
    let (sources, others): (Vec<_>, Vec<_>) =
        entries.into_iter().partition(|(key, _)| is_source(key));
    for entries in [sources, others] {
        if !entries.is_empty() {
            store.set_many(&entries)?;
        }
    }
    Ok(())
}

/// Deletes keys, sources last.
pub(super) fn delete(store: &impl Store, keys: Vec<String>) -> Result<(), WriteError> {
    let is_source = |key: &String| matches!(Key::parse(key), Some(Key::Source(_)));
    let (sources, others): (Vec<_>, Vec<_>) = keys.into_iter().partition(is_source);
    for keys in [others, sources] {
        if !keys.is_empty() {
            store.delete_many(&keys)?;
        }
    }
    Ok(())
}
