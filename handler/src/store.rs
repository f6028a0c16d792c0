//! The key-value store as the blog sees it: what every wasm host offers, and nothing more.
//!
//! There are no transactions and no compare-and-swap; one `set_many` may be cut short by a
//! crash between two of its entries. Whatever needs more than that builds it on top.

mod memory;
pub mod walk;

pub use memory::MemoryStore;

use std::collections::HashMap;
use std::fmt;

/// A key-value store; every method is one round trip to wherever the data lies.
pub trait Store {
    /// The values of `keys`, in their order; `None` where a key is not set.
    fn get_many(&self, keys: &[String]) -> Result<Vec<Option<Vec<u8>>>, StoreError>;

    /// Sets every entry, replacing what was there, in order.
    fn set_many(&self, entries: &[(String, Vec<u8>)]) -> Result<(), StoreError>;

    /// Deletes every key; a key that is not set is no error.
    fn delete_many(&self, keys: &[String]) -> Result<(), StoreError>;

    /// A part of all keys, in no promised order, and the cursor of the next part.
    fn list_keys(&self, cursor: Option<String>) -> Result<KeyPage, StoreError>;

    /// The value of one key.
    fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.get_many(&[key.to_owned()])?.pop().flatten())
    }

    /// The values of keys of which some may be unreadable, as where a page of the disk is bad:
    /// one round trip, or one for each key if that fails. An error if none can be read.
    fn get_each(&self, keys: &[String]) -> Result<Vec<Each>, StoreError> {
        let error = match self.get_many(keys) {
            Ok(values) => return Ok(values.into_iter().map(Ok).collect()),
            Err(error) if keys.len() == 1 => return Err(error),
            Err(error) => error,
        };
        let each: Vec<_> = keys.iter().map(|key| self.get(key)).collect();
        if each.iter().all(Result::is_err) {
            return Err(error);
        }
        Ok(each)
    }

    /// Sets one key.
    fn set(&self, key: &str, value: Vec<u8>) -> Result<(), StoreError> {
        self.set_many(&[(key.to_owned(), value)])
    }
}

/// So that what is generic over a store takes one that is not known before, too.
impl<S: Store + ?Sized> Store for &S {
    fn get_many(&self, keys: &[String]) -> Result<Vec<Option<Vec<u8>>>, StoreError> {
        (**self).get_many(keys)
    }

    fn set_many(&self, entries: &[(String, Vec<u8>)]) -> Result<(), StoreError> {
        (**self).set_many(entries)
    }

    fn delete_many(&self, keys: &[String]) -> Result<(), StoreError> {
        (**self).delete_many(keys)
    }

    fn list_keys(&self, cursor: Option<String>) -> Result<KeyPage, StoreError> {
        (**self).list_keys(cursor)
    }
}

/// The values of `keys`, in their order, from what a store found: stores answer in any order,
/// leave out what is not set, and name a key once that was asked for twice.
pub fn in_order(keys: &[String], found: Vec<(String, Option<Vec<u8>>)>) -> Vec<Option<Vec<u8>>> {
    if found.len() == keys.len() && found.iter().zip(keys).all(|((name, _), key)| name == key) {
        return found.into_iter().map(|(_, value)| value).collect();
    }
    let mut found: HashMap<String, Option<Vec<u8>>> = found.into_iter().collect();
    let numbered = keys.iter().zip(0_usize..);
    let last: HashMap<&String, usize> = numbered.clone().collect();
    // Only what is asked for again is copied: values may fill half of an instance's memory.
    let value = |(key, at)| match last[key] == at {
        true => found.remove(key).flatten(),
        false => found.get(key).cloned().flatten(),
    };
    numbered.map(value).collect()
}

/// A value, if its key is set, or why just this one cannot be read.
pub type Each = Result<Option<Vec<u8>>, StoreError>;

/// A part of the store's keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyPage {
    /// The keys of this part.
    pub keys: Vec<String>,
    /// Where the next part begins; `None` after the last.
    pub cursor: Option<String>,
}

/// The store could not do what it was asked; the text is the host's own, for the log only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreError(pub String);

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the key-value store failed: {}", self.0)
    }
}

impl std::error::Error for StoreError {}

#[cfg(test)]
mod tests {
    use super::in_order;

    #[track_caller]
    fn check(keys: &str, found: &[(&str, Option<&str>)], values: &[Option<&str>]) {
        let keys: Vec<String> = keys.split(' ').map(str::to_owned).collect();
        let bytes = |text: &&str| text.as_bytes().to_vec();
        let found = found
            .iter()
            .map(|(key, value)| ((*key).to_owned(), value.as_ref().map(bytes)));
        let values: Vec<_> = values
            .iter()
            .map(|value| value.as_ref().map(bytes))
            .collect();
        assert_eq!(in_order(&keys, found.collect()), values);
    }

    #[test]
    fn values_come_in_the_order_of_their_keys_however_a_store_answers() {
        let (a, b) = (("a", Some("1")), ("b", Some("2")));
        check("a b", &[a, b], &[Some("1"), Some("2")]);
        check("a b", &[b, a], &[Some("1"), Some("2")]);
        check("a b", &[b], &[None, Some("2")]);
        check("a b", &[("a", None), b], &[None, Some("2")]);
        check("a b", &[], &[None, None]);
        check("a b a", &[a, b], &[Some("1"), Some("2"), Some("1")]);
        check("a a", &[a], &[Some("1"), Some("1")]);
        check("a a", &[a, a], &[Some("1"), Some("1")]);
    }
}
