//! Objects that answer templates by name, each value made only when it is asked for.

use minijinja::value::{Enumerator, Object, ObjectRepr, Value};
use std::fmt::Debug;
use std::sync::Arc;

/// What a template can ask of something.
pub(super) trait Fields: Debug + Send + Sync + 'static {
    /// All names, for templates that list them.
    const NAMES: &'static [&'static str];

    fn field(&self, name: &str) -> Option<Value>;
}

/// A value with named fields.
pub(super) fn view(fields: impl Fields) -> Value {
    Value::from_object(View(fields))
}

/// A list of such values, each made when a template comes to it.
pub(super) fn list(items: Vec<impl Fields>) -> Value {
    Value::from_object(List(items))
}

/// A few values by their names.
pub fn names<const N: usize>(values: [(&'static str, Value); N]) -> Value {
    Value::from_object(Names(values))
}

#[derive(Debug)]
struct View<T>(T);

impl<T: Fields> Object for View<T> {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.0.field(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        self.0.field(key)
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Str(T::NAMES)
    }
}

#[derive(Debug)]
struct List<T>(Vec<T>);

impl<T: Fields> Object for List<T> {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let at = key.as_usize().filter(|at| *at < self.0.len())?;
        Some(Value::from_object(Item {
            list: self.clone(),
            at,
        }))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Seq(self.0.len())
    }
}

#[derive(Debug)]
struct Item<T> {
    list: Arc<List<T>>,
    at: usize,
}

impl<T: Fields> Object for Item<T> {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        self.list.0[self.at].field(key)
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Str(T::NAMES)
    }
}

#[derive(Debug)]
struct Names<const N: usize>([(&'static str, Value); N]);

impl<const N: usize> Object for Names<N> {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        let found = self.0.iter().find(|(name, _)| *name == key);
        found.map(|(_, value)| value.clone())
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.0.iter().map(|(name, _)| Value::from(*name)).collect())
    }
}
