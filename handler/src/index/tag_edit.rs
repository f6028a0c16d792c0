//! Edits of the tag table: the chunks whose tags gain or lose posts are written anew.

use super::IndexError;
use super::cut::{Growth, lengths};
use super::desk::Desk;
use super::edit::Edits;
use super::entry::{Limit, Tagged};
use super::node::Node;
use super::tag_series::TagSeries;
use super::tags::{ChunkRef, Row, chunk_of};
use crate::store::Store;
use std::collections::BTreeMap;

/// What changes under each tag, by its slug.
pub(super) type TagEdits = BTreeMap<String, TagEdit>;

/// What changes under a tag.
#[derive(Default)]
pub(super) struct TagEdit {
    /// Its name now; `None` keeps the one it has.
    pub(super) name: Option<String>,
    pub(super) posts: Edits<Tagged<'static>>,
}

/// Some hundred tags with some hundred leaves make a few chunks, so that a post with ten tags
/// costs a few nodes, and a page of one tag reads little of the others.
const LIMIT: Limit = Limit {
    items: 4_000,
    bytes: 32 << 10,
};

/// The table with the edits. A chunk that nothing falls into is written anew only for stale
/// numbers, and only if there is a node to spare.
pub(super) fn edit_tags(
    chunks: &[ChunkRef],
    edits: TagEdits,
    desk: &mut Desk<'_, impl Store>,
) -> Result<Vec<ChunkRef>, IndexError> {
    let mut groups: BTreeMap<usize, TagEdits> = BTreeMap::new();
    for (tag, edit) in edits {
        let group = groups.entry(chunk_of(chunks, &tag)).or_default();
        group.insert(tag, edit);
    }
    let mut edited = Vec::new();
    for at in 0..chunks.len().max(1) {
        let old = chunks.get(at);
        let stale = |old: &ChunkRef| old.changes_at.is_some_and(|at| at <= desk.now);
        match (groups.remove(&at), old) {
            (Some(group), old) => edited.extend(edit_chunk(old, group, desk)?),
            (None, Some(old)) if stale(old) && desk.spare > 0 && desk.recounts > 0 => {
                desk.spare -= 1;
                edited.extend(edit_chunk(Some(old), TagEdits::new(), desk)?);
            }
            (None, old) => edited.extend(old.cloned()),
        }
    }
    Ok(edited)
}

fn edit_chunk(
    old: Option<&ChunkRef>,
    mut edits: TagEdits,
    desk: &mut Desk<'_, impl Store>,
) -> Result<Vec<ChunkRef>, IndexError> {
    let mut tags: BTreeMap<String, (String, TagSeries)> = BTreeMap::new();
    if let Some(old) = old {
        let node = desk.load(old.node)?;
        for row in node.items::<Row<'_>>() {
            let row = row?;
            let tag = (row.name.to_string(), row.posts(&node)?);
            tags.insert(row.slug.into_owned(), tag);
        }
    }
    for (slug, edit) in &mut edits {
        let tag = tags.entry(slug.clone()).or_default();
        if let Some(name) = edit.name.take() {
            tag.0 = name;
        }
    }
    let mut edits = in_leaves(&mut tags, edits, desk)?;
    for (slug, (_, posts)) in &tags {
        desk.announce(posts.series.needed(&edits[slug], desk.now));
    }
    let mut rows = Vec::new();
    let mut changes = Vec::new();
    for (slug, (name, mut posts)) in tags {
        let edits = edits.remove(&slug).unwrap_or_default();
        posts.series = posts.series.edit(edits, desk)?;
        if !posts.is_empty() {
            changes.push(posts.series.changes_at());
            rows.push(Row::new(slug, name, &posts));
        }
    }
    write(&rows, &changes, old, desk)
}

/// What is left to do in the leaves of each tag, when the rest is done in the table.
fn in_leaves(
    tags: &mut BTreeMap<String, (String, TagSeries)>,
    mut edits: TagEdits,
    desk: &mut Desk<'_, impl Store>,
) -> Result<BTreeMap<String, Edits<Tagged<'static>>>, IndexError> {
    for (slug, edit) in &edits {
        desk.announce(tags[slug].1.doubtful(&edit.posts, desk.spare));
    }
    let mut left = BTreeMap::new();
    for (slug, (_, posts)) in tags {
        let edits = edits.remove(slug).unwrap_or_default().posts;
        let standing = posts.standing(&edits, desk)?;
        let edits = posts.refresh(edits, &standing, &mut desk.spare);
        left.insert(slug.clone(), edits);
    }
    Ok(left)
}

fn write(
    rows: &[Row<'static>],
    changes: &[Option<i64>],
    old: Option<&ChunkRef>,
    desk: &mut Desk<'_, impl Store>,
) -> Result<Vec<ChunkRef>, IndexError> {
    let mut chunks = Vec::new();
    let mut at = 0;
    for length in lengths(rows, Growth::Anywhere, LIMIT, &mut desk.spare) {
        let chunk = at..at + length;
        at = chunk.end;
        let node = Node::new(&rows[chunk.clone()]);
        chunks.push(ChunkRef {
            first: rows[chunk.start].slug.to_string(),
            node: node.name,
            changes_at: changes[chunk].iter().flatten().min().copied(),
        });
        if old.is_none_or(|old| old.node != node.name) {
            desk.write(node)?;
        }
    }
    Ok(chunks)
}
