//! Edits of a series: the leaves that they fall into are read, changed and replaced. A leaf that
//! has grown too large is replaced by several, under keys that `head` does not name yet, so that
//! no reader misses what they hold.

use super::buffer::LeafBuffer;
use super::item::{Item, SortKey};
use super::leaf::Leaf;
use super::leaf_ref::{Change, LeafRef, Leaves, ListId};
use super::series::Series;
use crate::error::ReadError;
use crate::store::Store;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// A leaf with more items than this is cut.
const MAX_ITEMS: usize = 320;
/// A leaf with more bytes than this is cut, unless it is a single item.
const MAX_BYTES: usize = 18 << 10;

/// What shall stand at each place; `None` for nothing.
pub(super) type Edits = BTreeMap<SortKey, Option<Item<'static>>>;

/// How many leaves so many small items take.
pub(super) fn leaves_for(items: usize) -> usize {
    items.div_ceil(MAX_ITEMS)
}

/// What becomes of the item at a place, given what stands there.
pub(super) trait Editor<S> {
    fn edit(
        &mut self,
        buffer: &mut LeafBuffer<'_, S>,
        key: &SortKey,
        found: Option<Item<'static>>,
    ) -> Result<Option<Item<'static>>, ReadError>;
}

impl<S> Editor<S> for Edits {
    fn edit(
        &mut self,
        _: &mut LeafBuffer<'_, S>,
        key: &SortKey,
        _: Option<Item<'static>>,
    ) -> Result<Option<Item<'static>>, ReadError> {
        Ok(self.remove(key).flatten())
    }
}

/// A series while it is rewritten.
struct Draft<'a> {
    list: ListId<'a>,
    now: i64,
    before: &'a Leaves,
    leaves: Vec<LeafRef>,
    /// The changes of each leaf, which is known by its month and part.
    changes: Vec<((u32, u32), Vec<Change>)>,
}

impl Series<'_> {
    /// The series with the items at `keys`, which are sorted, as the editor wants them.
    pub(super) fn edited<S: Store>(
        &self,
        list: ListId<'_>,
        keys: &[SortKey],
        editor: &mut impl Editor<S>,
        buffer: &mut LeafBuffer<'_, S>,
        now: i64,
    ) -> Result<Series<'static>, ReadError> {
        let leaves = self.decode();
        let mut by_leaf: BTreeMap<usize, Vec<&SortKey>> = BTreeMap::new();
        let mut by_new_month: BTreeMap<Reverse<u32>, Vec<&SortKey>> = BTreeMap::new();
        for key in keys {
            match leaves.locate(list, key) {
                Some(at) => by_leaf.entry(at).or_default().push(key),
                None => by_new_month
                    .entry(Reverse(list.month_of(key)))
                    .or_default()
                    .push(key),
            }
        }
        let mut draft = Draft {
            list,
            now,
            before: &leaves,
            leaves: Vec::with_capacity(leaves.0.len() + 1),
            changes: Vec::new(),
        };
        draft.keep(self, &by_leaf);
        for (at, keys) in by_leaf {
            let leaf = &leaves.0[at];
            let key = list.key(leaf);
            let (mut items, sum) = buffer.read(&key, leaf)?;
            buffer.forget(&key);
            edit_items(&mut items, &keys, editor, buffer)?;
            draft.write(leaf.month, Some((leaf, sum)), items, buffer)?;
        }
        for (Reverse(month), keys) in by_new_month {
            let mut items = Vec::new();
            edit_items(&mut items, &keys, editor, buffer)?;
            draft.write(month, None, items, buffer)?;
        }
        Ok(draft.into_series())
    }
}

impl Draft<'_> {
    /// Takes over the leaves that are not edited; what came due in them is counted.
    fn keep(&mut self, series: &Series<'_>, edited: &BTreeMap<usize, Vec<&SortKey>>) {
        let mut changes: BTreeMap<usize, Vec<Change>> = BTreeMap::new();
        for change in series.changes().filter(|change| change.at > self.now) {
            changes
                .entry(change.leaf as usize)
                .or_default()
                .push(change);
        }
        for (at, (leaf, visible)) in series.leaves_at(self.now).enumerate() {
            if edited.contains_key(&at) {
                continue;
            }
            let own = changes.remove(&at);
            self.changes
                .extend(own.map(|own| ((leaf.month, leaf.part), own)));
            self.leaves.push(LeafRef { visible, ..leaf });
        }
    }

    /// Writes the items that take the place of a leaf, or are the first of their month.
    fn write<S: Store>(
        &mut self,
        month: u32,
        old: Option<(&LeafRef, Option<u32>)>,
        items: Vec<Item<'static>>,
        buffer: &mut LeafBuffer<'_, S>,
    ) -> Result<(), ReadError> {
        let pieces = cut(items);
        let is_cut = pieces.len() > 1;
        let stored_sum = old.and_then(|(_, sum)| sum);
        let old = old.map(|(leaf, _)| leaf);
        let mut from = old.and_then(|old| old.from.clone());
        let mut last: Option<SortKey> = None;
        for piece in pieces {
            if let Some(last) = &last {
                from = Some(between(last, &piece[0].key()));
            }
            last = piece.last().map(Item::key);
            let part = match old {
                Some(old) if !is_cut => old.part,
                _ => self.next_part(month),
            };
            let record = Leaf::encode(&piece);
            let sum = Leaf::sum(&record);
            let place = (month, part);
            let (leaf, changes) = LeafRef::describe(place, from.clone(), &piece, sum, self.now);
            // What lies in the store need not be what `head` says.
            if stored_sum != Some(sum) || is_cut {
                buffer.write(self.list.key(&leaf), record)?;
            }
            self.leaves.push(leaf);
            self.changes.push((place, changes));
        }
        Ok(())
    }

    /// A part of the month whose key nobody reads.
    fn next_part(&self, month: u32) -> u32 {
        let leaves = self.before.0.iter().chain(&self.leaves);
        let of_month = leaves.filter(|leaf| leaf.month == month);
        of_month.map(|leaf| leaf.part).max().unwrap_or(0) + 1
    }

    fn into_series(mut self) -> Series<'static> {
        self.leaves.sort_by(LeafRef::cmp_to);
        let places = self.leaves.iter().map(|leaf| (leaf.month, leaf.part));
        let numbers: BTreeMap<(u32, u32), u32> = places.zip(0..).collect();
        let changes = self.changes.into_iter().flat_map(|(place, changes)| {
            let leaf = numbers.get(&place).copied().unwrap_or(u32::MAX);
            changes
                .into_iter()
                .map(move |change| Change { leaf, ..change })
        });
        Series::new(&self.leaves, changes.collect())
    }
}

fn edit_items<S: Store>(
    items: &mut Vec<Item<'static>>,
    keys: &[&SortKey],
    editor: &mut impl Editor<S>,
    buffer: &mut LeafBuffer<'_, S>,
) -> Result<(), ReadError> {
    for key in keys {
        let found = items.binary_search_by(|item| key.cmp_to(item.date, &item.slug).reverse());
        let old = found.ok().map(|at| items[at].clone());
        match (found, editor.edit(buffer, key, old)?) {
            (Ok(at), Some(item)) => items[at] = item,
            (Ok(at), None) => drop(items.remove(at)),
            (Err(at), Some(item)) => items.insert(at, item),
            (Err(_), None) => {}
        }
    }
    Ok(())
}

/// Cuts items into as many equal pieces as the limits ask for; no pieces for no items.
fn cut(items: Vec<Item<'static>>) -> Vec<Vec<Item<'static>>> {
    let size = |item: &Item<'_>| item.slug.len() + item.data.len() + 16;
    let bytes: usize = items.iter().map(size).sum();
    let pieces = items
        .len()
        .div_ceil(MAX_ITEMS)
        .max(bytes.div_ceil(MAX_BYTES));
    let aim = items.len().div_ceil(pieces.max(1));
    let mut cut: Vec<Vec<Item<'static>>> = Vec::with_capacity(pieces);
    let mut room = 0;
    for item in items {
        let bytes = size(&item);
        match cut.last_mut() {
            Some(piece) if piece.len() < aim && bytes <= room => {
                room -= bytes;
                piece.push(item);
            }
            _ => {
                room = MAX_BYTES.saturating_sub(bytes);
                cut.push(vec![item]);
            }
        }
    }
    cut
}

/// A place behind `last` and not behind `first`, as short as can be.
fn between(last: &SortKey, first: &SortKey) -> SortKey {
    let slug = if last.date == first.date {
        &*first.slug
    } else {
        ""
    };
    SortKey::new(first.date, slug)
}
