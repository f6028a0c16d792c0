//! The posts of a tag: a series, and beside it the few that came last and are in no leaf yet.
//!
//! A post has up to ten tags. Each would be a leaf to write anew, were the newest entries not
//! kept in the table, which is written for them anyway, until there are enough for a leaf.

use super::IndexError;
use super::desk::Desk;
use super::edit::Edits;
use super::entry::{Entry, Facts, Tagged};
use super::key::Key;
use super::node::NodeName;
use super::page::Part;
use super::series::Series;
use crate::store::Store;
use std::collections::BTreeSet;

/// What a tag's row of the table says of its posts.
#[derive(Debug, Clone, Default)]
pub(super) struct TagSeries {
    pub(super) series: Series,
    /// In order; none of them is in a leaf.
    pub(super) fresh: Vec<Tagged<'static>>,
}

/// More fresh entries than this go into leaves, if the write has nodes to spare,
const FRESH: usize = 8;
/// and more than this whether it has or not.
const MOST_FRESH: usize = 64;

impl TagSeries {
    /// Reads what a row says; before format 2 there were only leaves.
    pub(super) fn decode(bytes: &[u8]) -> postcard::Result<Self> {
        let (series, rest) = postcard::take_from_bytes(bytes)?;
        let fresh = match rest {
            [] => Vec::new(),
            rest => postcard::from_bytes::<Vec<Tagged<'_>>>(rest)?,
        };
        Ok(TagSeries {
            series,
            fresh: fresh.into_iter().map(Tagged::own).collect(),
        })
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        postcard::to_allocvec(&self.series)
            .and_then(|bytes| postcard::to_extend(&self.fresh, bytes))
            .expect("a series is plain data, which postcard always encodes")
    }

    pub(super) fn is_empty(&self) -> bool {
        self.series.leaves.is_empty() && self.fresh.is_empty()
    }

    /// The leaves in order, each with the fresh entries that would stand in it.
    pub(super) fn parts(&self) -> Vec<Part<'_, Tagged<'static>>> {
        let mut rest = &self.fresh[..];
        let last = self.series.leaves.len().saturating_sub(1);
        let mut parts = Vec::with_capacity(last + 1);
        for at in 0..=last {
            let within = rest.partition_point(|entry| {
                at == last || self.series.locate(entry.date, &entry.slug) == at
            });
            let (extra, after) = rest.split_at(within);
            rest = after;
            parts.push(Part {
                leaf: self.series.leaves.get(at),
                extra,
            });
        }
        parts
    }

    /// Takes those edits that concern only fresh entries, and keeps what is new as fresh;
    /// what is left has to be done in leaves. `standing` are the edits' keys found there.
    pub(super) fn refresh(
        &mut self,
        edits: Edits<Tagged<'static>>,
        standing: &BTreeSet<Key>,
        spare: &mut usize,
    ) -> Edits<Tagged<'static>> {
        let mut left = Edits::new();
        for (key, entry) in edits {
            let found = self.fresh.binary_search_by(|fresh| fresh.key().cmp(&key));
            match (found, entry) {
                (Ok(at), Some(entry)) => self.fresh[at] = entry,
                (Ok(at), None) => drop(self.fresh.remove(at)),
                (Err(_), entry) if standing.contains(&key) => drop(left.insert(key, entry)),
                (Err(at), Some(entry)) => self.fresh.insert(at, entry),
                (Err(_), None) => {}
            }
        }
        let before = self.leaves_of(left.keys().cloned());
        let fresh = self.fresh.iter().map(Facts::key);
        let after = self.leaves_of(left.keys().cloned().chain(fresh));
        let crowded = self.fresh.len() + left.len() > FRESH && after <= *spare;
        if crowded || self.fresh.len() > MOST_FRESH {
            let fresh = self.fresh.drain(..);
            left.extend(fresh.map(|entry| (entry.key(), Some(entry))));
            *spare = spare.saturating_sub(after);
        } else {
            *spare = spare.saturating_sub(before);
        }
        left
    }

    /// How many leaves entries of these places fall into.
    fn leaves_of(&self, keys: impl Iterator<Item = Key>) -> usize {
        let leaves = keys.map(|key| self.series.locate(key.date, &key.slug));
        leaves.collect::<BTreeSet<_>>().len()
    }

    /// The leaves in which the edits may find an entry to replace or remove. None are asked
    /// where so much is new that it goes into leaves at once.
    pub(super) fn doubtful(&self, edits: &Edits<Tagged<'static>>, spare: usize) -> Vec<NodeName> {
        if self.is_flooded(edits, spare) {
            return Vec::new();
        }
        let mut names: Vec<NodeName> = Vec::new();
        for key in edits.keys() {
            names.extend(
                self.leaf_around(key)
                    .filter(|name| names.last() != Some(name)),
            );
        }
        names
    }

    /// The keys of those edits that are to be done in leaves, for their place there is taken.
    pub(super) fn standing(
        &self,
        edits: &Edits<Tagged<'static>>,
        desk: &mut Desk<'_, impl Store>,
    ) -> Result<BTreeSet<Key>, IndexError> {
        if self.is_flooded(edits, desk.spare) {
            return Ok(edits.keys().cloned().collect());
        }
        let mut standing = BTreeSet::new();
        for name in self.doubtful(edits, desk.spare) {
            let node = desk.load(name)?;
            for entry in node.items::<Tagged<'_>>() {
                let key = entry?.key();
                if edits.contains_key(&key) {
                    standing.insert(key);
                }
            }
        }
        Ok(standing)
    }

    fn is_flooded(&self, edits: &Edits<Tagged<'static>>, spare: usize) -> bool {
        self.fresh.len() + edits.len() > FRESH && edits.len() <= spare
    }

    fn leaf_around(&self, key: &Key) -> Option<NodeName> {
        let leaf = self
            .series
            .leaves
            .get(self.series.locate(key.date, &key.slug))?;
        (leaf.first <= *key && leaf.last_date <= key.date).then_some(leaf.node)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::node::Node;
    use crate::index::series::LeafRef;

    fn tagged(slug: &'static str, date: i64) -> Tagged<'static> {
        Tagged {
            slug: slug.into(),
            date,
            expires: None,
        }
    }

    #[test]
    fn rows_of_the_first_format_are_read() {
        let entries = [tagged("b", 2), tagged("a", 1)];
        let node = Node::new(&entries);
        let series = Series {
            leaves: vec![LeafRef::new(entries[0].key(), &entries, node.name, 3)],
        };
        let old = postcard::to_allocvec(&series).expect("plain data");
        let mut tag = TagSeries::decode(&old).expect("an old row");
        assert_eq!((tag.series.leaves.len(), tag.fresh.len()), (1, 0));
        tag.fresh.push(tagged("c", 3));
        let new = TagSeries::decode(&tag.encode()).expect("a new row");
        assert_eq!((new.series.leaves.len(), new.fresh), (1, tag.fresh));
    }
}
