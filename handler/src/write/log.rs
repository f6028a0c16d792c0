//! The redo log: which documents a publisher is about to write, and where any of their versions
//! may stand; enough for whoever comes after to finish the work, or to do it once more.

use crate::document::DocId;
use crate::post::Footprint;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Documents, each with all places where one of its versions may stand.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Log(BTreeMap<DocId, Footprint>);

impl Log {
    pub fn add(&mut self, id: DocId, footprint: Footprint) {
        self.0.entry(id).or_default().join(footprint);
    }

    /// Adds all that another log says.
    pub fn join(&mut self, other: &Self) {
        for (id, footprint) in &other.0 {
            self.add(id.clone(), footprint.clone());
        }
    }

    /// The documents, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&DocId, &Footprint)> {
        self.0.iter()
    }

    /// The first documents of it.
    pub fn first(&self, count: usize) -> Self {
        let first = self.0.iter().take(count);
        Self(
            first
                .map(|(id, footprint)| (id.clone(), footprint.clone()))
                .collect(),
        )
    }

    /// What it says of the documents that another one names.
    pub fn of(&self, other: &Self) -> Self {
        let named = self.0.iter().filter(|(id, _)| other.contains(id));
        Self(
            named
                .map(|(id, footprint)| (id.clone(), footprint.clone()))
                .collect(),
        )
    }

    /// What is left of it without the documents of another.
    pub fn without(&self, other: &Self) -> Self {
        let left = self.0.iter().filter(|(id, _)| !other.contains(id));
        Self(
            left.map(|(id, footprint)| (id.clone(), footprint.clone()))
                .collect(),
        )
    }

    pub fn contains(&self, id: &DocId) -> bool {
        self.0.contains_key(id)
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
