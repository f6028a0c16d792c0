//! TOML, with the lines of its values.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Entry, MAX_NESTED, Node, Value};
use crate::compile::source::Lines;
use crate::problem::Problem;

/// The fields of the TOML between the fences, and everything that cannot be read in it.
pub(super) fn parse(text: &str, problems: &mut Vec<Problem>) -> Option<Vec<Entry>> {
    // One fence stands before the front matter.
    let reader = Reader {
        lines: Lines::of(text, 1),
    };
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let line = error
            .span()
            .map_or(2, |span| reader.lines.line_at(span.start));
        problems.push(Problem::new(
            line,
            format!("the TOML cannot be read: {}", error.message()),
        ));
    }
    let entries = reader
        .entries(table.into_inner(), MAX_NESTED)
        .map_err(|problem| problems.push(problem))
        .ok()?;
    errors.is_empty().then_some(entries)
}

/// Turns TOML's values into the front matter's.
struct Reader {
    lines: Lines,
}

impl Reader {
    fn entries(&self, table: DeTable<'_>, deeper: usize) -> Result<Vec<Entry>, Problem> {
        let mut entries = Vec::new();
        for (key, value) in table {
            let line = self.lines.line_at(key.span().start);
            entries.push(Entry {
                key: key.into_inner().into_owned(),
                line,
                node: self.node(value, deeper)?,
            });
        }
        Ok(entries)
    }

    /// A value; `deeper` bounds the recursion.
    fn node(&self, value: Spanned<DeValue<'_>>, deeper: usize) -> Result<Node, Problem> {
        let line = self.lines.line_at(value.span().start);
        let Some(deeper) = deeper.checked_sub(1) else {
            let message =
                format!("lists and tables lie more than {MAX_NESTED} deep; make them flatter");
            return Err(Problem::new(line, message));
        };
        let too_large = || Problem::new(line, "the number is too large; put it in quotes");
        let value = match value.into_inner() {
            DeValue::String(text) => Value::text(&text),
            DeValue::Integer(number) => Value::Int(
                i64::from_str_radix(number.as_str(), number.radix()).or(Err(too_large()))?,
            ),
            DeValue::Float(number) => Value::Float(number.as_str().parse().or(Err(too_large()))?),
            DeValue::Boolean(value) => Value::Bool(value),
            DeValue::Datetime(date) => Value::Text(date.to_string()),
            DeValue::Table(table) => Value::Map(self.entries(table, deeper)?),
            DeValue::Array(array) => {
                let nodes = array.into_iter().map(|value| self.node(value, deeper));
                Value::List(nodes.collect::<Result<_, _>>()?)
            }
        };
        Ok(Node { line, value })
    }
}
