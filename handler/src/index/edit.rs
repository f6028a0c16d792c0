//! Edits of a series: the leaves they fall into are read, changed, divided where they have
//! grown too large, joined where they have become small, and written under new names.

use super::IndexError;
use super::cut::{Growth, lengths};
use super::desk::Desk;
use super::entry::{Entry, Facts};
use super::key::Key;
use super::node::{Node, NodeName};
use super::series::{LeafRef, Series};
use crate::store::Store;
use std::collections::BTreeMap;

/// What shall stand at each place; `None` for nothing.
pub(super) type Edits<E> = BTreeMap<Key, Option<E>>;

impl Series {
    /// The leaves that [`Series::edit`] is going to load, in its order.
    pub(super) fn needed<E>(&self, edits: &Edits<E>, now: i64) -> Vec<NodeName> {
        let mut needed: Vec<bool> = self.leaves.iter().map(|leaf| leaf.stale(now)).collect();
        for key in edits.keys() {
            if let Some(needed) = needed.get_mut(self.locate(key.date, &key.slug)) {
                *needed = true;
            }
        }
        let leaves = self.leaves.iter().zip(needed);
        leaves
            .filter(|(_, needed)| *needed)
            .map(|(leaf, _)| leaf.node)
            .collect()
    }

    /// The series with the edits; leaves that nothing falls into stay, counted anew if stale.
    pub(super) fn edit<E: Entry>(
        &self,
        edits: Edits<E>,
        desk: &mut Desk<'_, impl Store>,
    ) -> Result<Series, IndexError> {
        let mut groups: BTreeMap<usize, Vec<(Key, Option<E>)>> = BTreeMap::new();
        for (key, entry) in edits {
            let at = self.locate(key.date, &key.slug);
            groups.entry(at).or_default().push((key, entry));
        }
        let mut edited = Series::default();
        let mut at = 0;
        while at < self.leaves.len().max(1) {
            let mut until = (at + 1).min(self.leaves.len());
            match groups.remove(&at) {
                None => edited.leaves.extend(self.kept::<E>(at, desk)?),
                Some(group) => {
                    let mut entries = self.entries(at..until, desk)?;
                    let growth = self.growth(at, &entries, &group);
                    for (key, entry) in group {
                        place(&mut entries, &key, entry);
                    }
                    while !groups.contains_key(&until) && self.joins(until, &entries) {
                        entries.extend(self.entries(until..until + 1, desk)?);
                        until += 1;
                    }
                    let old = &self.leaves[at..until];
                    let bound = old.first().filter(|_| at > 0).map(|leaf| &leaf.first);
                    edited
                        .leaves
                        .extend(write(&entries, growth, old, bound, desk)?);
                }
            }
            at = until.max(at + 1);
        }
        Ok(edited)
    }

    fn kept<E: Entry>(
        &self,
        at: usize,
        desk: &mut Desk<'_, impl Store>,
    ) -> Result<Option<LeafRef>, IndexError> {
        match self.leaves.get(at) {
            Some(leaf) if leaf.stale(desk.now) && desk.recounts > 0 => {
                desk.recounts -= 1;
                let node = desk.load(leaf.node)?;
                leaf.recounted::<E>(&node, desk.now).map(Some)
            }
            leaf => Ok(leaf.cloned()),
        }
    }

    fn entries<E: Entry>(
        &self,
        leaves: std::ops::Range<usize>,
        desk: &mut Desk<'_, impl Store>,
    ) -> Result<Vec<E>, IndexError> {
        let mut entries = Vec::new();
        for leaf in &self.leaves[leaves] {
            let node = desk.load(leaf.node)?;
            for entry in node.items::<E::Borrowed<'_>>() {
                entries.push(E::own(entry?));
            }
        }
        Ok(entries)
    }

    fn growth<E: Entry>(&self, at: usize, old: &[E], edits: &[(Key, Option<E>)]) -> Growth {
        let before = |(key, _): &(Key, Option<E>)| old.first().is_none_or(|old| *key < old.key());
        let after = |(key, _): &(Key, Option<E>)| old.last().is_none_or(|old| *key > old.key());
        if at == 0 && edits.last().is_none_or(before) {
            Growth::Front
        } else if at + 1 == self.leaves.len() && edits.first().is_none_or(after) {
            Growth::Back
        } else {
            Growth::Anywhere
        }
    }

    /// Whether the leaf at `at` goes well into one node with the entries before it.
    fn joins<E: Entry>(&self, at: usize, entries: &[E]) -> bool {
        match (self.leaves.get(at), entries.last()) {
            (Some(leaf), Some(last)) => {
                let items = entries.len() + leaf.count as usize;
                leaf.year == last.year() && items <= E::LIMIT.items / 2
            }
            _ => false,
        }
    }
}

fn place<E: Entry>(entries: &mut Vec<E>, key: &Key, entry: Option<E>) {
    let found = entries.binary_search_by(|other| {
        let (date, slug) = other.place();
        key.cmp_parts(date, slug).reverse()
    });
    match (found, entry) {
        (Ok(at), Some(entry)) => entries[at] = entry,
        (Ok(at), None) => drop(entries.remove(at)),
        (Err(at), Some(entry)) => entries.insert(at, entry),
        (Err(_), None) => {}
    }
}

/// Writes the entries that replace the leaves `old`; one that is among them is there already.
fn write<E: Entry>(
    entries: &[E],
    growth: Growth,
    old: &[LeafRef],
    bound: Option<&Key>,
    desk: &mut Desk<'_, impl Store>,
) -> Result<Vec<LeafRef>, IndexError> {
    let mut leaves: Vec<LeafRef> = Vec::new();
    let mut rest = entries;
    for year in entries.chunk_by(|one, next| one.year() == next.year()) {
        for length in lengths(year, growth, E::LIMIT, &mut desk.spare) {
            let (leaf, after) = rest.split_at(length);
            let before = entries[..entries.len() - rest.len()].last();
            rest = after;
            let node = Node::new(leaf);
            let first = first_key(&leaf[0], before, bound);
            leaves.push(LeafRef::new(first, leaf, node.name, desk.now));
            if !old.iter().any(|old| old.node == node.name) {
                desk.write(node)?;
            }
        }
    }
    Ok(leaves)
}

/// The key that tells a leaf beginning with `first` from the one that ends with `before`; the
/// leaf before all of `entries` is known by the `bound` that it stays in front of.
fn first_key<E: Entry>(first: &E, before: Option<&E>, bound: Option<&Key>) -> Key {
    let (date, slug) = first.place();
    let slug = match (before.map(Facts::place), bound) {
        (Some((same, before)), _) if same == date => {
            let ends = slug
                .char_indices()
                .map(|(at, c)| &slug[..at + c.len_utf8()]);
            ends.into_iter()
                .find(|start| *start > before)
                .unwrap_or(slug)
        }
        (None, Some(bound)) if bound.date == date => &bound.slug,
        _ => "",
    };
    Key {
        date,
        slug: slug.into(),
    }
}
