//! Edits of the table of tags: what is new under a tag stays in the table until there is enough
//! for a leaf; what stands in a leaf is changed there.

use super::buffer::LeafBuffer;
use super::edit::{Editor, Edits, leaves_for};
use super::item::{Item, SortKey};
use super::leaf_ref::ListId;
use super::tags::TagRow;
use crate::error::ReadError;
use crate::store::Store;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// What changes under each tag, by its slug.
pub(super) type TagEdits = BTreeMap<String, TagEdit>;

/// What changes under a tag.
#[derive(Default)]
pub(super) struct TagEdit {
    /// Its name now; `None` keeps the one it has.
    pub(super) name: Option<String>,
    pub(super) posts: Edits,
}

/// More fresh posts than this go into leaves, if the write has leaves to spare.
const MAX_FRESH: usize = 8;
/// More than this go there even if it has none.
const MAX_FRESH_EVER: usize = 64;

/// As many leaves to spare as a write of many posts has.
pub(super) const UNCOUNTED: usize = usize::MAX;

pub(super) struct TagEditor {
    edits: TagEdits,
    /// How many leaves the write may still replace for fresh posts.
    spare: usize,
    now: i64,
}

impl TagEditor {
    pub(super) fn new(edits: TagEdits, spare: usize, now: i64) -> Self {
        Self { edits, spare, now }
    }
}

impl<S: Store> Editor<S> for TagEditor {
    fn edit(
        &mut self,
        buffer: &mut LeafBuffer<'_, S>,
        key: &SortKey,
        found: Option<Item<'static>>,
    ) -> Result<Option<Item<'static>>, ReadError> {
        let slug = &*key.slug;
        let edit = self.edits.remove(slug).unwrap_or_default();
        let mut row = match &found {
            Some(item) => TagRow::decode(item)
                .ok_or_else(|| ReadError::damaged(format!("i/tags ({slug})")))?,
            None => TagRow::default(),
        };
        if let Some(name) = edit.name {
            row.name = name;
        }
        // Where leaves are not counted, and there is enough for them, nothing need be looked up.
        let is_flooded = self.spare == UNCOUNTED && row.fresh.len() + edit.posts.len() > MAX_FRESH;
        let mut in_leaves = match is_flooded {
            true => edit.posts,
            false => row.keep_fresh(slug, edit.posts, buffer)?,
        };
        row.spill(slug, &mut in_leaves, &mut self.spare, is_flooded);
        if !in_leaves.is_empty() {
            let list = ListId::Tagged(slug);
            let keys: Vec<SortKey> = in_leaves.keys().cloned().collect();
            buffer.announce(row.posts.decode().touched(list, &keys));
            row.posts = row
                .posts
                .edited(list, &keys, &mut in_leaves, buffer, self.now)?;
        }
        Ok((!row.is_empty()).then(|| row.to_item(slug)))
    }
}

impl TagRow {
    /// Carries out the edits of posts that stand in no leaf; the others come back.
    fn keep_fresh<S: Store>(
        &mut self,
        slug: &str,
        edits: Edits,
        buffer: &mut LeafBuffer<'_, S>,
    ) -> Result<Edits, ReadError> {
        let in_leaves = self.in_leaves(slug, edits.keys(), buffer)?;
        // A write that was cut short may have put them into a leaf already.
        self.fresh.retain(|item| !in_leaves.contains(&item.key()));
        let mut left = Edits::new();
        for (key, item) in edits {
            if in_leaves.contains(&key) {
                left.insert(key, item);
                continue;
            }
            let fresh = self
                .fresh
                .binary_search_by(|item| key.cmp_to(item.date, &item.slug).reverse());
            match (fresh, item) {
                (Ok(at), Some(item)) => self.fresh[at] = item,
                (Ok(at), None) => drop(self.fresh.remove(at)),
                (Err(at), Some(item)) => self.fresh.insert(at, item),
                (Err(_), None) => {}
            }
        }
        Ok(left)
    }

    /// The places that are taken in the leaves in which these would stand.
    fn in_leaves<'k, S: Store>(
        &self,
        slug: &str,
        keys: impl Iterator<Item = &'k SortKey>,
        buffer: &mut LeafBuffer<'_, S>,
    ) -> Result<BTreeSet<SortKey>, ReadError> {
        let list = ListId::Tagged(slug);
        let leaves = self.posts.decode();
        let wanted: BTreeSet<usize> = keys.filter_map(|key| leaves.locate(list, key)).collect();
        let mut taken = BTreeSet::new();
        for at in wanted {
            let leaf = &leaves.0[at];
            let (items, _) = buffer.read(&list.key(leaf), leaf)?;
            taken.extend(items.iter().map(Item::key));
        }
        Ok(taken)
    }

    /// Moves fresh posts into leaves, first into the leaf that takes most of them, as far as
    /// there are leaves to spare; one that is written anyway costs nothing.
    fn spill(&mut self, slug: &str, in_leaves: &mut Edits, spare: &mut usize, is_flooded: bool) {
        let list = ListId::Tagged(slug);
        let leaves = self.posts.decode();
        let written: BTreeSet<Option<usize>> = in_leaves
            .keys()
            .map(|key| leaves.locate(list, key))
            .collect();
        let is_crowded = is_flooded || self.fresh.len() > MAX_FRESH;
        let must = self.fresh.len() > MAX_FRESH_EVER;
        let mut groups: BTreeMap<Option<usize>, Vec<Item<'static>>> = BTreeMap::new();
        for item in self.fresh.drain(..) {
            let leaf = leaves.locate(list, &item.key());
            groups.entry(leaf).or_default().push(item);
        }
        let mut groups: Vec<_> = groups.into_iter().collect();
        groups.sort_by_key(|(_, items)| Reverse(items.len()));
        for (leaf, items) in groups {
            let old = leaf.map_or(0, |leaf| leaves.0[leaf].items as usize);
            let cost = match written.contains(&leaf) {
                true => 0,
                false => leaves_for(old + items.len()),
            };
            if !must && cost > 0 && !(is_crowded && cost <= *spare) {
                self.fresh.extend(items);
                continue;
            }
            if *spare != UNCOUNTED {
                *spare = spare.saturating_sub(cost);
            }
            for item in items {
                // An edit of the same post says what it is now.
                in_leaves.entry(item.key()).or_insert(Some(item));
            }
        }
        self.fresh.sort_by_key(Item::key);
    }
}
