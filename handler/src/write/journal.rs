//! What a publisher is about to write, and where former versions left something: enough for
//! whoever comes after to finish the work, or to do it once more.

use crate::document::Kind;
use crate::index::Place;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A document by its kind (is it a page?) and its slug.
pub type Name = (bool, String);

/// The documents, each with all that any of its versions may have left.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Journal(BTreeMap<Name, Left>);

/// What versions of a document may have left in the store.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    /// Where the index may have it.
    pub places: Vec<Place>,
    /// The paths that may lead to it.
    pub aliases: Vec<String>,
}

impl Journal {
    /// Adds what versions of a document may have left.
    pub fn add(&mut self, name: Name, left: Left) {
        self.0.entry(name).or_default().join(left);
    }

    /// Adds all that another journal says.
    pub fn join(&mut self, other: &Self) {
        for (name, left) in &other.0 {
            self.add(name.clone(), left.clone());
        }
    }

    /// The documents, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&Name, &Left)> {
        self.0.iter()
    }

    /// Whether it names this document.
    pub fn names(&self, name: &Name) -> bool {
        self.0.contains_key(name)
    }

    /// Whether it names no document.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Left {
    /// Adds what another version may have left.
    pub fn join(&mut self, other: Self) {
        add_new(&mut self.places, other.places);
        add_new(&mut self.aliases, other.aliases);
    }
}

/// The kind of document that a name means.
pub fn kind(name: &Name) -> Kind {
    if name.0 { Kind::Page } else { Kind::Post }
}

fn add_new<T: PartialEq>(known: &mut Vec<T>, more: Vec<T>) {
    for one in more {
        if !known.contains(&one) {
            known.push(one);
        }
    }
}
