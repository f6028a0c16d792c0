//! A series: the items of a list in order, cut into leaves. It knows where each leaf begins and
//! how many of its items are shown, and when that will change, so that a page far back is found
//! without reading what lies before it.

use super::item::SortKey;
use super::leaf_ref::{Change, LeafRef, Leaves, ListId, Visible};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// The leaves of a list, in order, still encoded: a large blog has a thousand of them, and a
/// page needs three. They are part of a record, whose checksum vouches for them.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Series<'a> {
    /// [`LeafRef`]s.
    #[serde(borrow)]
    leaves: Cow<'a, [u8]>,
    /// [`Change`]s by their moment. Each is the seconds since the one before it, then
    /// [`Change::code`].
    #[serde(borrow)]
    changes: Cow<'a, [u8]>,
}

impl Series<'_> {
    pub(super) fn new(leaves: &[LeafRef], mut changes: Vec<Change>) -> Self {
        changes.sort_unstable();
        let mut encoded = Vec::new();
        let mut before = 0;
        for change in changes {
            let since = change.at.wrapping_sub(before).cast_unsigned();
            encoded = append(encoded, &(since, change.code()));
            before = change.at;
        }
        Self {
            leaves: leaves.iter().fold(Vec::new(), append).into(),
            changes: encoded.into(),
        }
    }

    pub(super) fn into_owned(self) -> Series<'static> {
        Series {
            leaves: self.leaves.into_owned().into(),
            changes: self.changes.into_owned().into(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.leaves.is_empty()
    }

    pub(super) fn leaves(&self) -> impl Iterator<Item = LeafRef> {
        let mut rest = &self.leaves[..];
        std::iter::from_fn(move || {
            let (leaf, after) = postcard::take_from_bytes(rest).ok()?;
            rest = after;
            Some(leaf)
        })
    }

    pub(super) fn decode(&self) -> Leaves {
        Leaves(self.leaves().collect())
    }

    pub(super) fn changes(&self) -> impl Iterator<Item = Change> {
        let mut rest = &self.changes[..];
        let mut at = 0_i64;
        std::iter::from_fn(move || {
            let ((since, code), after): ((u64, u32), _) = postcard::take_from_bytes(rest).ok()?;
            rest = after;
            at = at.wrapping_add(since.cast_signed());
            Some(Change::of_code(at, code))
        })
    }

    /// The leaf in which an item of this place stands, or would; `None` if its month has none.
    pub(super) fn find(&self, list: ListId<'_>, key: &SortKey) -> Option<LeafRef> {
        let month = list.month_of(key);
        let begun = self.leaves().take_while(|leaf| leaf.has_begun(month, key));
        begun.last().filter(|leaf| leaf.month == month)
    }

    /// The leaves from the one on in which an item of this place stands, or would.
    pub(super) fn leaves_from(
        &self,
        list: ListId<'_>,
        key: &SortKey,
    ) -> impl Iterator<Item = LeafRef> {
        let month = list.month_of(key);
        let begun = self.leaves().take_while(|leaf| leaf.has_begun(month, key));
        self.leaves().skip(begun.count().saturating_sub(1))
    }

    /// The leaves, and how much each shows at the moment `t`, no earlier than the last write.
    pub(super) fn leaves_at(&self, t: i64) -> impl Iterator<Item = (LeafRef, Visible)> {
        let mut due: Vec<Change> = self.changes().take_while(|change| change.at <= t).collect();
        // Those of a leaf stay in the order of their moments.
        due.sort_by_key(|change| change.leaf);
        let mut due = due.into_iter().peekable();
        (0..).zip(self.leaves()).map(move |(at, leaf)| {
            let mut visible = leaf.visible;
            while let Some(change) = due.next_if(|change| change.leaf == at) {
                visible.apply(change);
            }
            (leaf, visible)
        })
    }

    pub(super) fn count_visible(&self, t: i64) -> usize {
        let counts = self.leaves_at(t).map(|(_, visible)| visible.all as usize);
        counts.sum()
    }
}

fn append(bytes: Vec<u8>, value: &impl Serialize) -> Vec<u8> {
    postcard::to_extend(value, bytes)
        .expect("leaves and changes are plain data, which postcard always encodes")
}
