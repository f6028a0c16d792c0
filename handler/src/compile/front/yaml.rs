//! YAML's events, built into values. Aliases are refused: a few of them can stand for gigabytes.

use granit_parser::{Event, Parser, ScalarStyle, ScanError, Span, Tag};
use std::collections::BTreeSet;

use super::{Entry, MAX_NESTED, Node, Value, hint};
use crate::problem::Problem;

/// The fields of the YAML between the fences; the first line of `text` is line 2 of the source.
pub(super) fn parse(text: &str, problems: &mut Vec<Problem>) -> Option<Vec<Entry>> {
    let mut builder = Builder {
        open: Vec::new(),
        root: None,
        problems,
    };
    for event in Parser::new_from_str(text) {
        let done = event
            .map_err(|error| syntax(&error, text))
            .and_then(|(event, span)| builder.take(event, span));
        if let Err(problem) = done {
            builder.problems.push(problem);
            return None;
        }
    }
    match builder.root {
        None => Some(Vec::new()),
        Some(Node {
            value: Value::Null, ..
        }) => Some(Vec::new()),
        Some(Node {
            value: Value::Map(entries),
            ..
        }) => Some(entries),
        Some(Node { line, .. }) => {
            problems.push(Problem::new(
                line,
                "front matter is made of fields; write `title: ...`",
            ));
            None
        }
    }
}

fn syntax(error: &ScanError, text: &str) -> Problem {
    let line = error.marker().line();
    match hint::of_yaml(text, line) {
        Some((line, remedy)) => Problem::new(line + 1, remedy),
        None => Problem::new(
            line + 1,
            format!("the YAML cannot be read: {}", error.info()),
        ),
    }
}

/// The line in the source: one fence stands before the front matter.
fn line_of(span: Span) -> usize {
    span.start.line() + 1
}

struct Builder<'p> {
    open: Vec<Open>,
    root: Option<Node>,
    problems: &'p mut Vec<Problem>,
}

/// A collection that has begun.
enum Open {
    List {
        line: usize,
        nodes: Vec<Node>,
    },
    Map {
        line: usize,
        entries: Vec<Entry>,
        names: BTreeSet<String>,
        key: Option<(String, usize)>,
    },
}

impl Builder<'_> {
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), Problem> {
        let line = line_of(span);
        match event {
            Event::Scalar(text, style, _, tag) => {
                let value = scalar(&text, style, tag.as_deref(), line)?;
                self.put(Node { line, value })
            }
            Event::SequenceStart(_, _, tag) => self.begin(
                Open::List {
                    line,
                    nodes: Vec::new(),
                },
                line,
                tag.as_deref(),
            ),
            Event::MappingStart(_, _, tag) => self.begin(
                Open::Map {
                    line,
                    entries: Vec::new(),
                    names: BTreeSet::new(),
                    key: None,
                },
                line,
                tag.as_deref(),
            ),
            Event::SequenceEnd | Event::MappingEnd => self.end(),
            Event::Alias(_) | Event::UnresolvedAlias(_) => Err(Problem::new(
                line,
                "YAML aliases (`*name`) are not supported; write the value again",
            )),
            Event::DocumentStart(..) if self.root.is_some() => Err(Problem::new(
                line,
                "front matter is one YAML document; take the second one out",
            )),
            _ => Ok(()),
        }
    }

    fn begin(&mut self, open: Open, line: usize, tag: Option<&Tag>) -> Result<(), Problem> {
        if let Some(tag) = tag.filter(|tag| !tag.is_yaml_core_schema()) {
            return Err(unknown_tag(tag, line));
        }
        if self.open.len() >= MAX_NESTED {
            return Err(Problem::new(
                line,
                format!("lists and maps lie more than {MAX_NESTED} deep; make them flatter"),
            ));
        }
        self.open.push(open);
        Ok(())
    }

    fn end(&mut self) -> Result<(), Problem> {
        match self.open.pop() {
            Some(Open::List { line, nodes }) => self.put(Node {
                line,
                value: Value::List(nodes),
            }),
            Some(Open::Map { line, entries, .. }) => self.put(Node {
                line,
                value: Value::Map(entries),
            }),
            None => Ok(()),
        }
    }

    /// Puts a finished value where it belongs: the end of a list, a key, a key's value, the root.
    fn put(&mut self, node: Node) -> Result<(), Problem> {
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some(Open::List { nodes, .. }) => nodes.push(node),
            Some(Open::Map {
                entries,
                names,
                key,
                ..
            }) => match key.take() {
                None => *key = Some((key_text(node.value, node.line)?, node.line)),
                Some((name, line)) if !names.insert(name.clone()) => {
                    let message = "the field is there twice; keep one of them";
                    self.problems.push(Problem::of_field(line, &name, message));
                }
                Some((key, line)) => entries.push(Entry { key, line, node }),
            },
        }
        Ok(())
    }
}

fn key_text(value: Value, line: usize) -> Result<String, Problem> {
    match value {
        Value::Text(text) => Ok(text),
        Value::Int(number) => Ok(number.to_string()),
        Value::Bool(value) => Ok(value.to_string()),
        other => Err(Problem::new(
            line,
            format!("the name of a field is {}; put it in quotes", other.kind()),
        )),
    }
}

fn unknown_tag(tag: &Tag, line: usize) -> Problem {
    Problem::new(
        line,
        format!(
            "the YAML tag `{}` is not supported; take it out",
            tag.original()
        ),
    )
}

fn scalar(
    text: &str,
    style: ScalarStyle,
    tag: Option<&Tag>,
    line: usize,
) -> Result<Value, Problem> {
    match tag {
        Some(tag) if tag.is_yaml_core_schema_tag("str") => Ok(Value::text(text)),
        Some(tag) if !tag.is_yaml_core_schema() => Err(unknown_tag(tag, line)),
        _ if style == ScalarStyle::Plain => Ok(plain(text)),
        _ => Ok(Value::text(text)),
    }
}

/// A value without quotes, typed by the core schema of YAML 1.2.
fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "true" | "True" | "TRUE" => return Value::Bool(true),
        "false" | "False" | "FALSE" => return Value::Bool(false),
        _ => {}
    }
    if let Some(number) = integer(text) {
        return Value::Int(number);
    }
    let numeric = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    match text.parse() {
        Ok(number) if numeric => Value::Float(number),
        _ => Value::text(text),
    }
}

fn integer(text: &str) -> Option<i64> {
    match text.get(..2) {
        Some("0x") => i64::from_str_radix(&text[2..], 16).ok(),
        Some("0o") => i64::from_str_radix(&text[2..], 8).ok(),
        _ => text.parse().ok(),
    }
}
