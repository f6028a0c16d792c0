//! A batch of edits, carried out under one lock with one move of the index.

use super::WriteError;
use super::claim;
use super::commit::{self, Known};
use super::compare::{Context, compare};
use super::edit::{Edit, Outcome, Status};
use super::lock::Lock;
use super::log::Log;
use super::ordered::{delete, set};
use super::pending::{PendingEdit, RECORDS_AT_ONCE, prepare};
use crate::error::ReadError;
use crate::host::Host;
use crate::index::{Index, IndexedPost};
use crate::key::Key;
use crate::post::{PageRecord, SourceRecord};
use crate::site::Site;

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
        reopen_damaged_sources(host, context.site_url, &mut pending)?;
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
        reopen_damaged_sources(host, context.site_url, &mut pending)?;
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
fn confirm(host: &impl Host, pending: &mut [PendingEdit<'_>]) -> Result<(), WriteError> {
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
fn is_complete(host: &impl Host, pending: &[PendingEdit<'_>]) -> Result<bool, WriteError> {
    let unfinished = claim::unfinished(host)?;
    let is_unfinished = pending.iter().any(|edit| unfinished.contains(&edit.id));
    Ok(!is_unfinished && unlisted(host, pending)?.is_empty())
}

/// Writes again what seems unchanged, and is not in the index as it is.
fn reopen_unlisted(host: &impl Host, pending: &mut [PendingEdit<'_>]) -> Result<(), WriteError> {
    for at in unlisted(host, pending)? {
        pending[at].outcome.status = Status::Updated;
    }
    Ok(())
}

/// Writes again what seems unchanged by its page, and of which the source was lost.
fn reopen_damaged_sources(
    host: &impl Host,
    site_url: &str,
    pending: &mut [PendingEdit<'_>],
) -> Result<(), WriteError> {
    let unchanged = pending
        .iter_mut()
        .filter(|edit| edit.outcome.status == Status::Unchanged);
    let mut unchanged: Vec<&mut PendingEdit<'_>> = unchanged.collect();
    for edits in unchanged.chunks_mut(RECORDS_AT_ONCE) {
        let keys = edits.iter().map(|edit| Key::Source(edit.id.clone()).into());
        let keys: Vec<String> = keys.collect();
        for ((edit, key), record) in edits.iter_mut().zip(&keys).zip(host.get_many(&keys)?) {
            let source = record.map(|record| SourceRecord::decode(key, &record));
            // Where there is none, the page has the source within it, as earlier versions wrote it.
            if let Some(Err(ReadError::Damaged { .. })) = source {
                edit.outcome.status = Status::Updated;
                edit.keep_feed_id(host, site_url)?;
            }
        }
    }
    Ok(())
}

/// The unchanged documents that the index does not list as they are, by their number.
fn unlisted(host: &impl Host, pending: &[PendingEdit<'_>]) -> Result<Vec<usize>, WriteError> {
    let unchanged = pending.iter().enumerate();
    let unchanged = unchanged.filter(|(_, edit)| edit.outcome.status == Status::Unchanged);
    let (numbers, indexed): (Vec<usize>, Vec<IndexedPost>) = unchanged
        .filter_map(|(at, edit)| Some((at, edit.new.as_ref()?.indexed())))
        .unzip();
    if numbers.is_empty() {
        return Ok(numbers);
    }
    let index = Index::open_to_write(host.get(&Key::Head.to_string())?)?;
    let lacking = index.lacking(host, &indexed)?;
    Ok(lacking.into_iter().map(|at| numbers[at]).collect())
}

fn outcomes(pending: Vec<PendingEdit<'_>>) -> Vec<Outcome> {
    pending.into_iter().map(|edit| edit.outcome).collect()
}

fn changing<'p, 'a>(pending: &'p [PendingEdit<'a>]) -> impl Iterator<Item = &'p PendingEdit<'a>> {
    pending.iter().filter(|edit| edit.changes_something())
}

fn log_of(pending: &[PendingEdit<'_>]) -> Log {
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
    pending: &[PendingEdit<'_>],
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
