//! Edits of a series: the leaves that they fall into are read, changed and replaced. A leaf that
//! has grown too large is replaced by several, under keys that `head` does not name yet, so that
//! no reader misses what they hold.

use super::buffer::LeafBuffer;
use super::item::{Item, SortKey};
use super::leaf::Leaf;
use super::series::{Change, LeafRef, ListId, Series};
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

/// A series while it is written anew.
struct Draft {
    leaves: Vec<LeafRef>,
    /// The changes of each leaf, which is known by its month and part.
    changes: Vec<((u32, u32), Vec<Change>)>,
}

impl Series {
    /// The leaves that an edit at these places reads.
    pub(super) fn touched<'a>(
        &self,
        list: ListId<'_>,
        keys: impl IntoIterator<Item = &'a SortKey>,
    ) -> Vec<String> {
        let mut touched: Vec<usize> = keys
            .into_iter()
            .filter_map(|key| self.locate(list, key))
            .collect();
        touched.dedup();
        touched
            .iter()
            .map(|at| list.key(&self.leaves[*at]))
            .collect()
    }

    /// The series with the items at `keys`, which are sorted, as the editor wants them.
    pub(super) fn edited<S: Store>(
        &self,
        list: ListId<'_>,
        keys: &[SortKey],
        editor: &mut impl Editor<S>,
        buffer: &mut LeafBuffer<'_, S>,
        now: i64,
    ) -> Result<Self, ReadError> {
        let mut by_leaf: BTreeMap<usize, Vec<&SortKey>> = BTreeMap::new();
        let mut by_new_month: BTreeMap<Reverse<u32>, Vec<&SortKey>> = BTreeMap::new();
        for key in keys {
            match self.locate(list, key) {
                Some(at) => by_leaf.entry(at).or_default().push(key),
                None => by_new_month
                    .entry(Reverse(list.month_of(key)))
                    .or_default()
                    .push(key),
            }
        }
        let mut kept = self.unedited(&by_leaf, now);
        for (at, keys) in by_leaf {
            let leaf = &self.leaves[at];
            let key = list.key(leaf);
            let (mut items, sum) = buffer.read(&key, leaf)?;
            buffer.forget(&key);
            edit_items(&mut items, &keys, editor, buffer)?;
            self.write(
                list,
                leaf.month,
                Some((leaf, sum)),
                items,
                &mut kept,
                buffer,
                now,
            )?;
        }
        for (Reverse(month), keys) in by_new_month {
            let mut items = Vec::new();
            edit_items(&mut items, &keys, editor, buffer)?;
            self.write(list, month, None, items, &mut kept, buffer, now)?;
        }
        Ok(kept.into_series())
    }

    /// The leaves that stay; what came due in them is counted.
    fn unedited(&self, edited: &BTreeMap<usize, Vec<&SortKey>>, now: i64) -> Draft {
        let visible = self.visible(now);
        let mut changes: BTreeMap<usize, Vec<Change>> = BTreeMap::new();
        for change in self.changes().filter(|change| change.at > now) {
            changes
                .entry(change.leaf as usize)
                .or_default()
                .push(change);
        }
        let mut draft = Draft {
            leaves: Vec::with_capacity(self.leaves.len() + 1),
            changes: Vec::new(),
        };
        for (at, leaf) in self.leaves.iter().enumerate() {
            if edited.contains_key(&at) {
                continue;
            }
            let visible = visible[at];
            draft.leaves.push(LeafRef {
                visible,
                ..leaf.clone()
            });
            let own = changes.remove(&at);
            draft
                .changes
                .extend(own.map(|own| ((leaf.month, leaf.part), own)));
        }
        draft
    }

    /// Writes the items that take the place of a leaf, or are the first of their month.
    #[expect(
        clippy::too_many_arguments,
        reason = "one caller, and all of them differ in type"
    )]
    fn write<S: Store>(
        &self,
        list: ListId<'_>,
        month: u32,
        old: Option<(&LeafRef, Option<u32>)>,
        items: Vec<Item<'static>>,
        draft: &mut Draft,
        buffer: &mut LeafBuffer<'_, S>,
        now: i64,
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
                _ => self.next_part(draft, month),
            };
            let record = Leaf::encode(&piece);
            let sum = Leaf::sum(&record);
            let (leaf, changes) = LeafRef::describe((month, part), from.clone(), &piece, sum, now);
            // What lies in the store need not be what `head` says.
            if stored_sum != Some(sum) || is_cut {
                buffer.write(list.key(&leaf), record)?;
            }
            draft.leaves.push(leaf);
            draft.changes.push(((month, part), changes));
        }
        Ok(())
    }

    /// A part of the month whose key nobody reads.
    fn next_part(&self, draft: &Draft, month: u32) -> u32 {
        let leaves = self.leaves.iter().chain(&draft.leaves);
        let of_month = leaves.filter(|leaf| leaf.month == month);
        of_month.map(|leaf| leaf.part).max().unwrap_or(0) + 1
    }
}

impl Draft {
    fn into_series(mut self) -> Series {
        self.leaves.sort_by(LeafRef::cmp_to);
        let numbers = self.leaves.iter().enumerate();
        let numbers: BTreeMap<(u32, u32), u32> = numbers
            .map(|(at, leaf)| {
                (
                    (leaf.month, leaf.part),
                    u32::try_from(at).unwrap_or(u32::MAX),
                )
            })
            .collect();
        let changes = self.changes.into_iter().flat_map(|(leaf, changes)| {
            let leaf = numbers.get(&leaf).copied().unwrap_or(u32::MAX);
            changes
                .into_iter()
                .map(move |change| Change { leaf, ..change })
        });
        let changes = changes.collect();
        Series::new(self.leaves, changes)
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
