//! Whether documents stand where they belong, for whoever doubts the index. Leaves are read
//! one at a time, each once, however many documents are asked for.

use super::entry::Facts;
use super::node::{NodeName, fetch};
use super::series::Series;
use super::tag_series::TagSeries;
use super::tags::{Row, chunk_of};
use super::{Index, IndexError, Kind, Listed, Placed, Tagged};
use crate::store::Store;
use std::collections::{BTreeMap, BTreeSet};

impl Index {
    /// Which of the documents are not in the index exactly so, by their number.
    pub fn lacking(
        &self,
        store: &impl Store,
        documents: &[Placed],
    ) -> Result<BTreeSet<usize>, IndexError> {
        let mut lacking: BTreeSet<usize> = (0..documents.len()).collect();
        let mut leaves: BTreeMap<NodeName, Vec<usize>> = BTreeMap::new();
        for (at, placed) in documents.iter().enumerate() {
            let series = self.series(placed.listed.kind);
            let (date, slug) = placed.listed.place();
            if let Some(leaf) = series.leaves.get(series.locate(date, slug)) {
                leaves.entry(leaf.node).or_default().push(at);
            }
        }
        for (name, wanted) in leaves {
            for node in fetch(store, &[name])? {
                for listed in node.items::<Listed<'_>>() {
                    let listed = listed?;
                    let same = |at: &usize| documents[*at].listed == listed;
                    if let Some(at) = wanted.iter().find(|at| same(at)) {
                        lacking.remove(at);
                    }
                }
            }
        }
        lacking.extend(self.untagged(store, documents)?);
        Ok(lacking)
    }

    /// How many documents the index names, and how many tags of posts.
    pub fn counts(&self, store: &impl Store) -> Result<(usize, usize), IndexError> {
        let head = &self.head;
        let documents = [&head.posts, &head.drafts, &head.pages];
        let documents = documents.into_iter().map(count).sum();
        let mut tags = 0;
        for chunk in &head.tags {
            for node in fetch(store, &[chunk.node])? {
                for row in node.items::<Row<'_>>() {
                    let posts = row?.posts(&node)?;
                    tags += posts.fresh.len() + count(&posts.series);
                }
            }
        }
        Ok((documents, tags))
    }

    fn series(&self, kind: Kind) -> &Series {
        match kind {
            Kind::Post => &self.head.posts,
            Kind::Draft => &self.head.drafts,
            Kind::Page => &self.head.pages,
        }
    }

    /// The posts that do not stand under all of their tags.
    fn untagged(
        &self,
        store: &impl Store,
        documents: &[Placed],
    ) -> Result<BTreeSet<usize>, IndexError> {
        let mut missing: BTreeSet<(&str, usize)> = BTreeSet::new();
        for (at, placed) in documents.iter().enumerate() {
            if placed.listed.kind == Kind::Post {
                missing.extend(placed.tags.iter().map(|tag| (tag.slug.as_str(), at)));
            }
        }
        let asked = missing.clone();
        let chunks: BTreeSet<usize> = asked
            .iter()
            .map(|(tag, _)| chunk_of(&self.head.tags, tag))
            .collect();
        for chunk in chunks.iter().filter_map(|at| self.head.tags.get(*at)) {
            for node in fetch(store, &[chunk.node])? {
                for row in node.items::<Row<'_>>() {
                    let row = row?;
                    let of_tag = asked.range((&*row.slug, 0)..=(&*row.slug, usize::MAX));
                    let posts: Vec<usize> = of_tag.map(|(_, at)| *at).collect();
                    if posts.is_empty() {
                        continue;
                    }
                    for at in tagged(store, &row.posts(&node)?, documents, &posts)? {
                        missing.retain(|(tag, post)| (*tag, *post) != (&*row.slug, at));
                    }
                }
            }
        }
        Ok(missing.into_iter().map(|(_, at)| at).collect())
    }
}

/// Those of `posts` that stand under a tag.
fn tagged(
    store: &impl Store,
    tag: &TagSeries,
    documents: &[Placed],
    posts: &[usize],
) -> Result<Vec<usize>, IndexError> {
    let find = |entry: &Tagged<'_>| {
        let same = |at: &&usize| {
            let listed = &documents[**at].listed;
            (listed.date, listed.expires, &listed.slug) == (entry.date, entry.expires, &entry.slug)
        };
        posts.iter().find(same).copied()
    };
    let mut found: Vec<usize> = tag.fresh.iter().filter_map(find).collect();
    let leaf = |at: &usize| {
        let listed = &documents[*at].listed;
        tag.series.locate(listed.date, &listed.slug)
    };
    let leaves: BTreeSet<usize> = posts.iter().map(leaf).collect();
    for leaf in leaves.iter().filter_map(|at| tag.series.leaves.get(*at)) {
        for node in fetch(store, &[leaf.node])? {
            for entry in node.items::<Tagged<'_>>() {
                found.extend(find(&entry?));
            }
        }
    }
    Ok(found)
}

fn count(series: &Series) -> usize {
    series.leaves.iter().map(|leaf| leaf.count as usize).sum()
}
