//! A batch of edits, carried out under one lock with one move of the index.

use super::Failure;
use super::edit::{Edit, Outcome, Status};
use super::journal::Journal;
use super::lock::{self, Lock};
use super::prepare::prepare;
use super::recover::{self, Known};
use super::work::{READ_TOGETHER, Work, compare};
use crate::host::Host;
use crate::site::{self, Site};

/// How many bytes are written at once.
const WRITE_TOGETHER: usize = 1024 * 1024;

/// Carries out the edits; an outcome for each, in their order. Whatever comes back as created,
/// updated or deleted is in the store and in the index.
pub fn apply(host: &impl Host, edits: &[Edit<'_>]) -> Result<Vec<Outcome>, Failure> {
    loop {
        let site = Site::decode(host.get(site::KEY)?.as_deref())?;
        let options = site.compile_options();
        let mut work = prepare(&site, &options, edits);
        // Most of what is sent again is unchanged, and needs no lock.
        compare(host, &options, &mut work)?;
        if !work.iter().any(Work::is_open) && !is_unfinished(host, &work)? {
            return Ok(outcomes(work));
        }
        let mut lock = recover::enter(host, &journal(&work))?;
        let now = Site::decode(host.get(site::KEY)?.as_deref())?;
        if now.encode() != site.encode() {
            // Compiled for settings, or for templates, of a moment ago.
            lock.release()?;
            continue;
        }
        compare(host, &options, &mut work)?;
        if !work.iter().any(Work::is_open) {
            lock.release()?;
            return Ok(outcomes(work));
        }
        lock.intend(&journal(&work))?;
        write(host, &mut lock, &mut work)?;
        let known: Known = open(&work)
            .map(|work| {
                let placed = work.new.as_ref().map(|new| new.placed.clone());
                (work.name(), placed)
            })
            .collect();
        recover::settle(host, lock, known, || confirm(host, &mut work))?;
        return Ok(outcomes(work));
    }
}

/// Tells the editors whose guarded edits another one overwrote: a store that stalls can let two
/// of them find the same version, and only one of their own may be taken for the next.
fn confirm(host: &impl Host, work: &mut [Work]) -> Result<(), Failure> {
    let guarded = work
        .iter_mut()
        .filter(|work| work.is_open() && work.expected.is_some());
    let mut guarded: Vec<&mut Work> = guarded.collect();
    for some in guarded.chunks_mut(READ_TOGETHER) {
        let keys: Vec<String> = some.iter().map(|work| work.key()).collect();
        for (work, record) in some.iter_mut().zip(host.get_many(&keys)?) {
            if !work.is_done_by(record.as_deref()) {
                work.outcome.status = Status::Conflict;
            }
        }
    }
    Ok(())
}

/// Whether a publisher who has not finished, or never will, wrote what now seems unchanged.
fn is_unfinished(host: &impl Host, work: &[Work]) -> Result<bool, Failure> {
    let pending = lock::pending(host)?;
    Ok(work.iter().any(|work| pending.names(&work.name())))
}

fn outcomes(work: Vec<Work>) -> Vec<Outcome> {
    work.into_iter().map(|work| work.outcome).collect()
}

fn open(work: &[Work]) -> impl Iterator<Item = &Work> {
    work.iter().filter(|work| work.is_open())
}

fn journal(work: &[Work]) -> Journal {
    let mut journal = Journal::default();
    for work in open(work) {
        journal.add(work.name(), work.left());
    }
    journal
}

/// Writes the documents, and wipes what the former ones left beside them.
fn write<H: Host>(host: &H, lock: &mut Lock<'_, H>, work: &mut [Work]) -> Result<(), Failure> {
    let mut group: Vec<(String, Vec<u8>)> = Vec::new();
    let mut bytes = 0;
    let mut gone = Vec::new();
    for work in work.iter_mut().filter(|work| work.is_open()) {
        let entries = work.take_entries();
        let more: usize = entries.iter().map(|(_, value)| value.len()).sum();
        if bytes + more > WRITE_TOGETHER && !group.is_empty() {
            lock.renew()?;
            host.set_many(&std::mem::take(&mut group))?;
            bytes = 0;
        }
        bytes += more;
        group.extend(entries);
        gone.extend(work.leftovers(host)?);
    }
    // An alias may pass from one document of the batch to another that is there already.
    let standing = work.iter().filter(|work| work.stands());
    for (key, target) in standing.flat_map(Work::alias_entries) {
        if gone.contains(&key) {
            gone.retain(|gone| *gone != key);
            group.push((key, target));
        }
    }
    lock.renew()?;
    if !group.is_empty() {
        host.set_many(&group)?;
    }
    if !gone.is_empty() {
        host.delete_many(&gone)?;
    }
    Ok(())
}
