//! A value of the front matter, with the line it stands on, whichever syntax it was written in.

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::compile::source;

/// A value with its line in the source, counted from 1.
#[derive(Debug)]
pub(in crate::compile) struct Spanned<T> {
    pub(in crate::compile) value: T,
    pub(in crate::compile) line: usize,
}

pub(in crate::compile) type Node = Spanned<Value>;

/// A value as its syntax types it; TOML's dates are text here, as YAML's are.
#[derive(Debug)]
pub(in crate::compile) enum Value {
    /// Nothing after the colon, `null` or `~`.
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    List(Vec<Node>),
    /// In the author's order if the syntax keeps it.
    Map(Vec<Entry>),
}

#[derive(Debug)]
pub(in crate::compile) struct Entry {
    pub(in crate::compile) key: String,
    /// The line of the name.
    pub(in crate::compile) line: usize,
    pub(in crate::compile) node: Node,
}

impl Value {
    /// Text without the characters that no feed can hold, which escapes let through.
    pub(in crate::compile) fn text(text: &str) -> Self {
        Self::Text(source::clean(text).into_owned())
    }

    /// The kind of the value in words, for messages.
    pub(in crate::compile) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Bool(_) => "a truth value",
            Self::Int(_) | Self::Float(_) => "a number",
            Self::Text(_) => "text",
            Self::List(_) => "a list",
            Self::Map(_) => "a map of fields",
        }
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Int(value) => serializer.serialize_i64(*value),
            Self::Float(value) => serializer.serialize_f64(*value),
            Self::Text(value) => serializer.serialize_str(value),
            Self::List(nodes) => serializer.collect_seq(nodes.iter().map(|node| &node.value)),
            Self::Map(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for entry in entries {
                    map.serialize_entry(&entry.key, &entry.node.value)?;
                }
                map.end()
            }
        }
    }
}
