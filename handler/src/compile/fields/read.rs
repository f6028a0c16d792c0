//! The values of fields, read into their types.

use crate::compile::front::{Node, Spanned, Value};
use crate::compile::moment::{self, BadDate};
use crate::compile::{Zone, source};
use crate::date::Moment;
use crate::problem::Problem;

pub(super) fn text(node: Node) -> Result<Spanned<String>, Problem> {
    let line = node.line;
    let message = match node.value {
        Value::Text(text) if !source::is_invisible(&text) => {
            return Ok(Spanned {
                value: text.trim().to_owned(),
                line,
            });
        }
        Value::Text(_) => "the text is empty; write some or take the field out".to_owned(),
        other => format!("expected text, found {}; put it in quotes", other.kind()),
    };
    Err(Problem::new(line, message))
}

/// A list of texts, or one text that stands for a list of one. It is counted before it is read,
/// so that a long one costs no more than a short one.
pub(super) fn texts(node: Node, most: usize) -> Result<Vec<Spanned<String>>, Problem> {
    match node.value {
        Value::List(nodes) if nodes.len() > most => {
            let message = format!(
                "the list has {} entries, and {most} are allowed; take some out",
                nodes.len()
            );
            Err(Problem::new(node.line, message))
        }
        Value::List(nodes) => nodes.into_iter().map(text).collect(),
        Value::Text(_) => Ok(vec![text(node)?]),
        other => {
            let found = other.kind();
            let message =
                format!("expected text or a list of texts, found {found}; write `[one, two]`");
            Err(Problem::new(node.line, message))
        }
    }
}

pub(super) fn truth(node: &Node) -> Result<bool, Problem> {
    match node.value {
        Value::Bool(value) => Ok(value),
        _ => {
            let found = node.value.kind();
            let message = format!(
                "expected true or false, found {found}; write `true` or `false` without quotes"
            );
            Err(Problem::new(node.line, message))
        }
    }
}

pub(super) fn moment(node: Node, zone: &Zone) -> Result<Moment, Problem> {
    let Spanned { value: text, line } = match node.value {
        // YAML takes 20261123 for a number; what is wrong with it is its shape as a date.
        Value::Int(number) => Spanned {
            value: number.to_string(),
            line: node.line,
        },
        _ => text(node)?,
    };
    Moment::parse(&text, zone).map_err(|bad| Problem::new(line, bad_date(&text, bad)))
}

fn bad_date(text: &str, bad: BadDate) -> String {
    match bad {
        BadDate::Shape => match moment::written_otherwise(text) {
            Some(date) => format!("`{text}` is no date; write {date}"),
            None => format!(
                "`{text}` is no date; write 2026-11-23, 2026-11-23 08:30 or 2026-11-23T08:30:00+08:00"
            ),
        },
        BadDate::Day => {
            format!("there is no day `{text}` in the calendar; correct the month or the day")
        }
        BadDate::Time => format!(
            "there is no time of day as in `{text}`; hours go from 00 to 23, minutes and seconds to 59"
        ),
        BadDate::Far => format!(
            "`{text}` lies beyond the last day that can be reckoned with; write 9999-12-29 or an earlier one"
        ),
    }
}

pub(super) fn each<T>(
    texts: &[Spanned<String>],
    read: impl Fn(&str) -> Result<T, String>,
) -> Result<Vec<T>, Problem> {
    texts.iter().map(|text| checked(text, &read)).collect()
}

pub(super) fn checked<T>(
    text: &Spanned<String>,
    read: impl Fn(&str) -> Result<T, String>,
) -> Result<T, Problem> {
    read(&text.value).map_err(|message| Problem::new(text.line, message))
}

pub(super) fn lang(code: &str) -> Result<String, String> {
    let is_part = |part: &str| {
        (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    if code.split('-').all(is_part) {
        Ok(code.to_owned())
    } else {
        Err(format!(
            "`{code}` is no language; write a code such as en, zh or pt-BR"
        ))
    }
}

pub(super) fn template(name: &str) -> Result<String, String> {
    let is_safe = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    if name.bytes().all(is_safe) && !name.starts_with('.') {
        Ok(name.to_owned())
    } else {
        Err(format!(
            "`{name}` is no name of a template; write one such as wide.html"
        ))
    }
}

/// The author's own fields as a JSON object.
pub(super) fn extra(node: &Node) -> Result<String, Problem> {
    let message = match &node.value {
        Value::Map(_) => match serde_json::to_string(&node.value) {
            Ok(json) => return Ok(json),
            Err(error) => format!("cannot be kept as JSON: {error}; use plainer values"),
        },
        other => format!(
            "expected fields of your own, found {}; indent them below `extra:`",
            other.kind()
        ),
    };
    Err(Problem::new(node.line, message))
}
